using Cluster.Messages;
using Cluster.Messages.DataPlane;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;

namespace Cluster.Benchmarks.Exchange;

/// <summary>The messages of a training step, as the parameter server and a worker send them, without a model.</summary>
internal static class ExchangeMessages
{
    private static readonly WorkerId s_worker = new("worker");
    private static readonly JobId s_job = new("exchange");

    /// <summary>Where nothing else is said: a small message, of about as many bytes as a request for contributions has.</summary>
    public static RequestContribution Small(int number) => new(s_job, Round(number), [1, 2]);

    /// <summary>Sends a vector as a state.</summary>
    public static void Publish(IActorRef to, int number, ReadOnlyMemory<byte> vector, VectorOffers offers, IActorRef from) =>
        to.Tell(new PublishState(s_job, Round(number), RangeId.Whole, offers.Offer(to, Round(number), new TensorPayload(PayloadKind.Float32, vector))), from);

    /// <summary>Sends a vector as a contribution.</summary>
    public static void Contribute(IActorRef to, int number, ReadOnlyMemory<byte> vector, VectorOffers offers, IActorRef from) =>
        to.Tell(
            new PushContribution(
                s_job, Round(number), s_worker, new SubtreeId(0, 1), RangeId.Whole, offers.Offer(to, Round(number), new TensorPayload(PayloadKind.Float32, vector))),
            from);

    private static RoundId Round(int number) => new(1, number, RoundPurpose.Train, number, 0);
}
