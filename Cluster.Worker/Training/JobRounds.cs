using Cluster.Messages.Identifiers;
using Cluster.Ml.Aggregation;

namespace Cluster.Worker.Training;

/// <summary>What a published state, or a part of it, is to this worker.</summary>
internal enum StateVerdict
{
    /// <summary>A newer round is known, or a newer parameter server: it is ignored.</summary>
    Stale,

    /// <summary>The first of a newer round: what was gathered of the last one is forgotten.</summary>
    Opens,

    /// <summary>Of the current round, whose state is not yet whole.</summary>
    Continues,

    /// <summary>The state is whole already.</summary>
    Repeats,
}

/// <summary>
/// What one job on one worker is at: which shards are here, which round is the newest, and which micro-batches of it are
/// wanted, being computed or answered. Every decision of the worker about rounds is here; it computes and sends nothing.
/// </summary>
/// <remarks>
/// At most one plan is being computed at a time: the next one begins when its last part has come back. So a shard's sampler
/// and the state are never used by two rounds at once, and a round that comes while an older one is still being computed
/// waits for at most one part.
/// </remarks>
internal sealed class JobRounds(int shardCount)
{
    private enum Phase : byte
    {
        Idle,
        Wanted,
        Computing,
        Answered,
    }

    private readonly bool[] _hosted = new bool[shardCount];
    private readonly Phase[] _phases = new Phase[shardCount];
    private int _partsComputing;
    private bool _abandoned;

    /// <summary>The newest life of the parameter server that any shard was opened for.</summary>
    public long Incarnation { get; private set; } = -1;

    /// <summary>The newest round; its ordinal is −1 until there is one.</summary>
    public RoundId Round { get; private set; } = new(-1, -1, RoundPurpose.Train, 0, 0);

    /// <summary>Whether the state of <see cref="Round"/> is whole.</summary>
    public bool HasState { get; private set; }

    /// <summary>Whether no shard is here.</summary>
    public bool IsEmpty => !_hosted.AsSpan().Contains(true);

    /// <summary>Whether a plan is being computed.</summary>
    public bool IsComputing => _partsComputing > 0;

    /// <summary>The shards that are here, ascending.</summary>
    public ImmutableArray<int> Hosted
    {
        get
        {
            ImmutableArray<int>.Builder hosted = ImmutableArray.CreateBuilder<int>();
            for (int shard = 0; shard < _hosted.Length; shard++)
                if (_hosted[shard]) hosted.Add(shard);
            return hosted.ToImmutable();
        }
    }

    /// <summary>A shard is loaded, or was asked about again. Says whether the parameter server must be told what is hosted.</summary>
    public bool OnShardReady(int shard, long incarnation)
    {
        bool arrived = !_hosted[shard];
        _hosted[shard] = true;
        if (arrived && WantsAllHosted) _phases[shard] = Phase.Wanted;
        bool asked = incarnation >= Incarnation;
        if (incarnation > Incarnation) Incarnation = incarnation;
        return arrived || asked;
    }

    /// <summary>A shard has left this node. Says whether the parameter server must be told what is hosted.</summary>
    public bool OnShardStopped(int shard)
    {
        bool left = _hosted[shard];
        _hosted[shard] = false;
        _phases[shard] = Phase.Idle;
        return left;
    }

    /// <summary>A state, a range of it, or its handle has come.</summary>
    public StateVerdict OnState(RoundId round)
    {
        if (round.Incarnation < Incarnation || round < Round) return StateVerdict.Stale;
        if (round > Round || _abandoned)
        {
            Round = round;
            HasState = false;
            _abandoned = false;
            WantAll();
            return StateVerdict.Opens;
        }
        return HasState ? StateVerdict.Repeats : StateVerdict.Continues;
    }

    /// <summary>Sums of the round are missing: those that were answered were lost, and others are wanted of this worker, too.</summary>
    public void OnRequest(RoundId round, ReadOnlySpan<int> shards)
    {
        if (round != Round || _abandoned) return;
        foreach (int shard in shards)
            if (shard < _phases.Length && _phases[shard] is Phase.Idle or Phase.Answered) _phases[shard] = Phase.Wanted;
    }

    /// <summary>The state of the current round is whole.</summary>
    public void OnStateWhole() => HasState = true;

    /// <summary>The parameter server is gone: its round is over. Should it be back, its state is gathered afresh.</summary>
    public void OnParameterServerLost()
    {
        HasState = false;
        _abandoned = true;
    }

    /// <summary>What to compute now: nothing while a plan is being computed, or while there is no state or nothing wanted.</summary>
    public IReadOnlyList<PlannedSubtree> NextPlan(int threads)
    {
        if (IsComputing || !HasState || !_phases.AsSpan().Contains(Phase.Wanted)) return [];
        bool[] wanted = new bool[_phases.Length];
        for (int shard = 0; shard < wanted.Length; shard++)
        {
            wanted[shard] = _phases[shard] == Phase.Wanted;
            if (wanted[shard]) _phases[shard] = Phase.Computing;
        }
        IReadOnlyList<PlannedSubtree> plan = WorkPlan.For(wanted, threads);
        foreach (PlannedSubtree planned in plan) _partsComputing += planned.Parts;
        return plan;
    }

    /// <summary>
    /// Takes what is wanted and cannot be computed here out of the next plan, and names it; it counts as answered until the
    /// parameter server asks again. Nothing while a plan is being computed, which may bring what is lacking.
    /// </summary>
    public ImmutableArray<int> SetAside(Predicate<int> lacking)
    {
        if (IsComputing || !HasState) return [];
        ImmutableArray<int>.Builder aside = ImmutableArray.CreateBuilder<int>();
        for (int shard = 0; shard < _phases.Length; shard++)
        {
            if (_phases[shard] != Phase.Wanted || !lacking(shard)) continue;
            _phases[shard] = Phase.Answered;
            aside.Add(shard);
        }
        return aside.ToImmutable();
    }

    /// <summary>A part has come back, with any result.</summary>
    public void OnPartReturned() => _partsComputing--;

    /// <summary>
    /// A subtree's sum is ready, has failed, or could not be begun. Says whether the parameter server still waits for it; if
    /// so, it counts as answered until the parameter server asks again.
    /// </summary>
    public bool OnSubtreeDone(RoundId round, Subtree subtree)
    {
        if (round != Round || !HasState) return false;
        for (int shard = subtree.First; shard < subtree.First + subtree.Count; shard++)
            if (_phases[shard] == Phase.Computing) _phases[shard] = Phase.Answered;
        return true;
    }

    // In a round of bounded staleness only what a request names is wanted.
    private bool WantsAllHosted => Round.Purpose != RoundPurpose.TrainStale;

    private void WantAll()
    {
        for (int shard = 0; shard < _phases.Length; shard++)
            _phases[shard] = _hosted[shard] && WantsAllHosted ? Phase.Wanted : Phase.Idle;
    }
}
