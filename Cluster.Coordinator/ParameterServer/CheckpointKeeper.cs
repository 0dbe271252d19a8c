using Cluster.Coordinator.Checkpoints;
using Cluster.Messages.Node;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.ParameterServer;

/// <summary>
/// Takes checkpoints behind training's back: copies the numbers at once, writes them on the compute pool, one at a time.
/// One that falls due meanwhile is taken when the disk is free again.
/// </summary>
internal sealed class CheckpointKeeper(ICheckpointStore store, IComputePool pool, string runDirectory, int keep, TimeSpan pause)
{
    private NumericBuffer? _state;
    private NumericBuffer? _optimizerState;
    private (long Step, int BestEpoch) _taken = (-1, -1);
    private DateTimeOffset _takenAt = DateTimeOffset.MinValue;

    /// <summary>The newest checkpoint that is known to be on disk, or null.</summary>
    public CheckpointStored? Newest { get; private set; }

    /// <summary>Whether one is being written.</summary>
    public bool IsWriting { get; private set; }

    /// <summary>Whether one is to be taken as soon as the disk is free.</summary>
    public bool IsPending { get; private set; }

    /// <summary>Whether a checkpoint of exactly this moment is on disk.</summary>
    public bool IsStored(long step, int bestEpoch) => Newest is not null && !IsWriting && _taken == (step, bestEpoch);

    /// <summary>Whether a checkpoint that falls due by itself is to be taken: not twice of one moment, and not too often.</summary>
    public bool Wants(long step, int bestEpoch, DateTimeOffset now)
    {
        if (step == 0 || _taken == (step, bestEpoch) || now - _takenAt < pause) return false;
        _takenAt = now;
        return true;
    }

    /// <summary>Copies the numbers and has them written; the outcome comes as a message.</summary>
    public void Take(CheckpointHeader header, ParameterStore numbers, IActorRef replyTo)
    {
        IsPending = IsWriting;
        if (IsWriting) return;
        IsWriting = true;
        _taken = (header.Step, header.BestEpoch);
        _state ??= new NumericBuffer(numbers.State.Kind, numbers.State.Length);
        _optimizerState ??= new NumericBuffer(numbers.OptimizerState.Kind, numbers.OptimizerState.Length);
        _state.CopyFrom(numbers.SoundState);
        _optimizerState.CopyFrom(numbers.SoundOptimizerState);
        Checkpoint checkpoint = new(header, _state, _optimizerState, numbers.Best);
        pool.Run(() => store.Write(runDirectory, checkpoint, keep)).PipeTo(
            replyTo,
            success: hash => new CheckpointStored(header, hash),
            failure: reason => new CheckpointNotStored(header, reason));
    }

    /// <summary>
    /// What is due is not taken any more: training failed, and an update that was broken off may have changed the optimizer state,
    /// which then belongs to no step. What is being written was copied before, and is sound.
    /// </summary>
    public void DropPending() => IsPending = false;

    /// <summary>The write ended well.</summary>
    public void OnStored(CheckpointStored stored)
    {
        IsWriting = false;
        Newest = stored;
    }

    /// <summary>The write ended badly.</summary>
    public void OnNotStored() => (IsWriting, _taken) = (false, (-1, -1));

    /// <summary>Searches the run directory; the outcome comes as a message.</summary>
    public void Read(string jobTextSha256, long stepMax, IActorRef replyTo) =>
        pool.Run(() => store.ReadNewest(runDirectory, jobTextSha256, stepMax)).PipeTo(
            replyTo, success: found => new CheckpointsRead(found), failure: reason => new CheckpointsUnreadable(reason));
}
