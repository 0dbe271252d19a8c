using System.Diagnostics;
using Cluster.Messages;
using Cluster.Messages.DataPlane;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.Bench;

/// <summary>
/// Publishes a vector, gathers what each worker adds, publishes the sum, and so on: a training step without a model. One
/// time is from one publication to the next.
/// </summary>
internal sealed class AllReduceServerActor : ReceiveActor
{
    private static readonly JobId Job = new("allreduce");
    private readonly IActorRef[] _workers;
    private readonly ContributionInbox _inbox;
    private readonly VectorOffers _offers;
    private readonly SumTree _tree;
    private readonly NumericBuffer[] _states;
    private readonly double[] _seconds;
    private RoundId _round = new(0, 0, RoundPurpose.Train, 0, 0);
    private int _done;
    private long _begun;
    private IActorRef _asker = ActorRefs.Nobody;

    public AllReduceServerActor(IActorRef[] workers, int bytes, int repeats)
    {
        VectorExchange vectors = VectorExchange.Get(Context.System);
        _offers = new VectorOffers(vectors);
        _inbox = new ContributionInbox(new ActorPlaces(vectors, Context), new VectorMemory(
            (_, length) => NumericBufferPool.Shared.RentBytes(NumberKind.Float32, length), (_, memory) => NumericBufferPool.Shared.ReturnBytes(NumberKind.Float32, memory)));
        _workers = workers;
        _seconds = new double[repeats];
        _states = [new NumericBuffer(NumberKind.Float32, bytes / sizeof(float)), new NumericBuffer(NumberKind.Float32, bytes / sizeof(float))];
        _tree = new SumTree(workers.Length, (left, right) => left.Add(right), NumericBufferPool.Shared.Return);
        Receive<Begin>(_ => OnBegin());
        Receive<PushContribution>(OnContribution, push => push.Round == _round);
    }

    public static Props For(IActorRef[] workers, int bytes, int repeats) => Props.Create(() => new AllReduceServerActor(workers, bytes, repeats));

    private void OnBegin()
    {
        _asker = Sender;
        Publish(_states[0]);
    }

    private void OnContribution(PushContribution push)
    {
        if (!_inbox.Add(push, PayloadKind.Float32, new ByteRange(_states[0].Bytes.Length), out ReadOnlyMemory<byte> whole, out _)) return;
        _tree.Offer(new Subtree(push.Subtree.First, push.Subtree.Count), NumericBuffer.Over(NumberKind.Float32, whole));
        if (!_tree.IsComplete) return;
        NumericBuffer sum = _states[(_done + 1) % 2];
        sum.CopyFrom(_tree.Total);
        RequireSum(sum.Floats);
        _tree.Reset();
        _inbox.Clear();
        _seconds[_done++] = Stopwatch.GetElapsedTime(_begun).TotalSeconds;
        if (_done == _seconds.Length) _asker.Tell(new Summed([.. _seconds]));
        else Publish(sum);
    }

    private void Publish(NumericBuffer state)
    {
        _round = _round with { Ordinal = _done, Step = _done };
        _begun = Stopwatch.GetTimestamp();
        TensorPayload numbers = new(PayloadKind.Float32, state.Memory);
        foreach (IActorRef worker in _workers)
            worker.Tell(new PublishState(Job, _round, RangeId.Whole, _offers.Offer(worker, _round, numbers)));
    }

    private void RequireSum(ReadOnlySpan<float> sum)
    {
        float wanted = _workers.Length * (_workers.Length + 1) / 2f;
        if (sum[0] != wanted || sum[^1] != wanted)
            throw new InvalidOperationException($"AllReduceServerActor: wanted a sum of {wanted}, got {sum[0]} … {sum[^1]}.");
    }

    /// <summary>Starts; the answer is <see cref="Summed"/>.</summary>
    internal sealed class Begin : INoSerializationVerificationNeeded
    {
        public static readonly Begin Instance = new();
    }

    /// <summary>All sums are made.</summary>
    /// <param name="Seconds">Of each, in order.</param>
    internal sealed record Summed(ImmutableArray<double> Seconds) : INoSerializationVerificationNeeded;
}
