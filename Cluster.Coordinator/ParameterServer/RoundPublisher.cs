using System.Numerics;
using Cluster.Messages;
using Cluster.Messages.DataPlane;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Numerics;
using Cluster.Ml.Privacy;

namespace Cluster.Coordinator.ParameterServer;

/// <summary>Sends what the parameter server has to say to workers and data shards.</summary>
/// <param name="shards">Who holds what.</param>
/// <param name="region">The shard region, or a proxy of it.</param>
/// <param name="open">What opens shard 0; the others differ in their number alone.</param>
/// <param name="meter">Told of the bytes.</param>
/// <param name="offers">What goes to other nodes.</param>
/// <param name="secret">Of a private job; only what draws one step's rows goes out, with that step's state.</param>
internal sealed class RoundPublisher(ShardDirectory shards, IActorRef region, OpenShard open, ExchangeMeter meter, VectorOffers offers, PrivacySecret? secret)
{
    // At the first repetition only what is known to be homeless is opened again; if that did not help, a worker may no
    // longer hold what it once announced, and sharding is asked to find out.
    private const int RepeatsBeforeReopening = 2;

    private PublishState? _message;
    private RangeHosting? _ranges;      // whose servers publish the newest round; null where it is published from here
    private double? _scale;

    /// <summary>The newest round that was published.</summary>
    public RoundId? Round { get; private set; }

    /// <summary>
    /// Opens every shard, in bit-reversed order: sharding deals them out in turn, so that each of 2ⁿ workers comes to hold an
    /// aligned subtree and sends one sum for it, not one for each shard.
    /// </summary>
    public void OpenAll()
    {
        int bits = BitOperations.Log2((uint)open.ShardCount);
        for (int i = 0; i < open.ShardCount; i++) Open(BitReversed(i, bits));
    }

    /// <summary>Publishes the state to every worker that holds shards: to those of this process by reference.</summary>
    public void Publish(RoundId round, NumericBuffer state)
    {
        (Round, _ranges) = (round, null);
        offers.Withdraw();
        KeyBytes? sampling = round.Purpose == RoundPurpose.Train && secret is not null ? new KeyBytes(secret.SamplingKeyOf(round.Step).Bytes) : null;
        _message = new PublishState(open.Job, round, RangeId.Whole, new TensorPayload((PayloadKind)state.Kind, state.Memory), sampling);
        foreach (HostingWorker worker in shards.Workers) SendRound(worker.Ref);
    }

    /// <summary>Has the servers of ranges publish the state to every worker that holds shards.</summary>
    /// <param name="round">The round that it opens.</param>
    /// <param name="ranges">The servers.</param>
    /// <param name="scale">What those that are a step behind multiply their sum by.</param>
    public void Publish(RoundId round, RangeHosting ranges, double? scale)
    {
        (Round, _ranges, _scale) = (round, ranges, scale);
        ranges.Open(round, scale, [.. shards.Workers.Select(worker => worker.Ref)]);
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

    /// <summary>Asks again for exactly what is missing.</summary>
    /// <param name="isMissing">Whether some of a micro-batch's sum is.</param>
    /// <param name="repeats">How often it has been asked for, from 1.</param>
    public void Repeat(Predicate<int> isMissing, int repeats)
    {
        foreach (HostingWorker worker in shards.Workers)
        {
            ImmutableArray<int> missing = [.. worker.Shards.Where(isMissing.Invoke)];
            if (missing.IsEmpty) continue;
            SendRound(worker.Ref);      // it may have lost a part of the state, or its sum was lost
            Request(worker.Ref, missing);
        }
        _ranges?.Open(Round!.Value, _scale, []);     // what its servers have, they say
        Reopen(isMissing, repeats);
    }

    /// <summary>Sends a state of its own to one worker, and asks it for some micro-batches.</summary>
    public void Send(IActorRef worker, RoundId round, NumericBuffer state, ImmutableArray<int> wanted)
    {
        Tell(worker, new PublishState(open.Job, round, RangeId.Whole, new TensorPayload((PayloadKind)state.Kind, state.Memory)));
        worker.Tell(new RequestContribution(open.Job, round, wanted));
    }

    /// <summary>Opens again what is missing and has no host; after some repeats whatever is missing.</summary>
    public void Reopen(Predicate<int> missing, int repeats)
    {
        for (int shard = 0; shard < open.ShardCount; shard++)
            if (missing(shard) && (repeats >= RepeatsBeforeReopening || !shards.IsHosted(shard))) Open(shard);
    }

    /// <summary>Opens the shards that no worker holds.</summary>
    public void OpenHomeless()
    {
        for (int shard = 0; shard < open.ShardCount; shard++)
            if (!shards.IsHosted(shard)) Open(shard);
    }

    /// <summary>A worker no longer needs a copy of the state.</summary>
    public void Withdraw(IActorRef worker) => offers.Withdraw(worker);

    /// <summary>Tells the workers that the job has ended.</summary>
    public void Close()
    {
        offers.Withdraw();
        CloseJob close = new(open.Job);
        foreach (HostingWorker worker in shards.Workers) worker.Ref.Tell(close);
    }

    private static int BitReversed(int value, int bits)
    {
        int reversed = 0;
        for (int bit = 0; bit < bits; bit++) reversed |= (value >> bit & 1) << (bits - 1 - bit);
        return reversed;
    }

    private void Tell(IActorRef worker, PublishState message)
    {
        worker.Tell(message with { State = offers.Offer(worker, message.Round, message.State) });
        meter.BytesPublished += message.State.Length;
    }

    private void Open(int shard) => region.Tell(open with { Shard = shard });
}
