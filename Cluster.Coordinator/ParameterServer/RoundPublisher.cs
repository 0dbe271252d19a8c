using Cluster.Coordinator.ParameterServer.Assignment;
using Cluster.Messages;
using Cluster.Messages.DataPlane;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Numerics;
using Cluster.Ml.Privacy;

namespace Cluster.Coordinator.ParameterServer;

/// <summary>Sends what the parameter server has to say to workers and data shards.</summary>
/// <param name="work">Who holds what.</param>
/// <param name="book">Where they are reached.</param>
/// <param name="region">The shard region, or a proxy of it.</param>
/// <param name="open">What opens shard 0; the others differ in their number alone.</param>
/// <param name="meter">Told of the bytes.</param>
/// <param name="offers">What goes to other nodes.</param>
/// <param name="secret">Of a private job; only what draws one step's rows goes out, with that step's state.</param>
internal sealed class RoundPublisher(WorkAssignment work, WorkerBook book, IActorRef region, OpenShard open, ExchangeMeter meter, VectorOffers offers, PrivacySecret? secret)
{
    private PublishState? _message;
    private RangeHosting? _ranges;      // whose servers publish the newest round; null where it is published from here
    private double? _scale;

    /// <summary>The newest round that was published.</summary>
    public RoundId? Round { get; private set; }

    /// <summary>Asks sharding for homes of these shards, in this order.</summary>
    public void Open(ImmutableArray<int> homeless)
    {
        foreach (int shard in homeless) region.Tell(open with { Shard = shard });
    }

    /// <summary>Publishes the state to every worker that holds shards: to those of this process by reference.</summary>
    public void Publish(RoundId round, NumericBuffer state)
    {
        (Round, _ranges) = (round, null);
        offers.Withdraw();
        KeyBytes? sampling = round.Purpose == RoundPurpose.Train && secret is not null ? new KeyBytes(secret.SamplingKeyOf(round.Step).Bytes) : null;
        _message = new PublishState(open.Job, round, RangeId.Whole, new TensorPayload((PayloadKind)state.Kind, state.Memory), sampling);
        foreach (ShardHost host in work.Hosts) SendRound(book.RefOf(host));
    }

    /// <summary>Has the servers of ranges publish the state to every worker that holds shards.</summary>
    /// <param name="round">The round that it opens.</param>
    /// <param name="ranges">The servers.</param>
    /// <param name="scale">What those that are a step behind multiply their sum by.</param>
    public void Publish(RoundId round, RangeHosting ranges, double? scale)
    {
        (Round, _ranges, _scale) = (round, ranges, scale);
        ranges.Open(round, scale, [.. work.Hosts.Select(book.RefOf)]);
    }

    /// <summary>Sends the newest round to one worker: one that has only now announced its shards, or is late.</summary>
    public void SendRound(IActorRef worker)
    {
        if (_ranges is not null)
        {
            _ranges.Open(Round!.Value, _scale, [worker]);
            return;
        }
        if (_message is { } message) Tell(worker, message);
    }

    /// <summary>Asks a worker that has the newest round's state for some of its micro-batches.</summary>
    public void Request(IActorRef worker, ImmutableArray<int> missing) =>
        worker.Tell(new RequestContribution(open.Job, Round!.Value, missing));

    /// <summary>Asks the servers of ranges, where they publish the newest round, what they have of it.</summary>
    public void AskRanges() => _ranges?.Open(Round!.Value, _scale, []);

    /// <summary>Sends a state of its own to one worker, and asks it for some micro-batches.</summary>
    public void Send(IActorRef worker, RoundId round, NumericBuffer state, ImmutableArray<int> wanted)
    {
        Tell(worker, new PublishState(open.Job, round, RangeId.Whole, new TensorPayload((PayloadKind)state.Kind, state.Memory)));
        worker.Tell(new RequestContribution(open.Job, round, wanted));
    }

    /// <summary>A worker no longer needs a copy of the state.</summary>
    public void Withdraw(IActorRef worker) => offers.Withdraw(worker);

    /// <summary>Tells the workers that the job has ended.</summary>
    public void Close()
    {
        offers.Withdraw();
        CloseJob close = new(open.Job);
        foreach (ShardHost host in work.Hosts) book.RefOf(host).Tell(close);
    }

    private void Tell(IActorRef worker, PublishState message)
    {
        worker.Tell(message with { State = offers.Offer(worker, message.Round, message.State) });
        meter.BytesPublished += message.State.Length;
    }
}
