using Cluster.Coordinator.ParameterServer.Assignment;
using Cluster.Coordinator.Telemetry;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.ParameterServer;

// Whose word is taken for what. A member proved that it belongs to the cluster, no more: what a worker is said to have computed must come from its
// node, and be what it was asked for; and that a step cannot be computed is believed of one worker only if there is no other.
internal sealed partial class ParameterServerActor
{
    private readonly Offenders _offenders = new();

    private Address SenderNode => Sender.Path.Address;

    /// <summary>Whether the sum is of the open round, and the sender's to give; if it is not, the sender is named.</summary>
    private bool IsTrusted(PushContribution push)
    {
        if (push.Round.Purpose == RoundPurpose.TrainStale ? !_state.IsTrainingStale : !_state.RoundOpen || push.Round != _state.Round) return false;
        if (_hosting.FindStranger(push.Worker, SenderNode) is { } stranger) return Offends(stranger);
        return push.Round.Purpose == RoundPurpose.TrainStale || _hosting.IsAsked(push.Worker, push.Subtree)
            || Offends($"a sum of the micro-batches {push.Subtree.First} to {push.Subtree.First + push.Subtree.Count - 1} in the name of {push.Worker}, which was not asked for all of them");
    }

    private bool IsFrom(WorkerId worker) => _hosting.FindStranger(worker, SenderNode) is not { } stranger || Offends(stranger);

    private bool IsOwn(ShardsHosted hosted)
    {
        Address node = hosted.WorkerRef.Path.Address;
        if (_offenders.IsExcluded(node)) return false;
        if (node != SenderNode) return Offends($"that {hosted.Worker} at {node} holds shards");
        return _hosting.MayAnnounce(hosted) || Offends($"that it is {hosted.Worker}, as another node is, or more workers than a node may be");
    }

    private bool Offends(string what)
    {
        if (_offenders.Count(SenderNode)) _log.WordRefused(_job.Job, SenderNode, what);
        return false;
    }

    private void OnContributionFailed(ContributionFailed failed)
    {
        if (!IsFrom(failed.Worker)) return;
        Subtree subtree = new(failed.Subtree.First, failed.Subtree.Count);
        if (!subtree.IsAligned(_job.Plan.MicroBatches)) return;
        OnClaim(new Claim(failed.Worker, subtree, failed.Diverged ? FailureKind.Diverged : FailureKind.Internal, $"worker {failed.Worker}: {failed.Reason}"));
    }

    private void OnNotFinite(PushContribution push)
    {
        string place = $"sum of micro-batches {push.Subtree.First} to {push.Subtree.First + push.Subtree.Count - 1}";
        DivergedException diverged = new(push.Round.Step, place, "numbers that are not");
        OnClaim(new Claim(push.Worker, new Subtree(push.Subtree.First, push.Subtree.Count), FailureKind.Diverged, $"worker {push.Worker}: {diverged.Message}"));
    }

    /// <summary>Nobody can stand in where micro-batches carry what they left out, or step at a pace of their own: there the worker is believed.</summary>
    private void OnClaim(Claim claim)
    {
        if (_state.IsTrainingStale || _state.IsCarrying)
        {
            Fail(claim.Kind, claim.Reason);
            return;
        }
        ImmutableArray<int> missing = [.. Enumerable.Range(claim.Subtree.First, claim.Subtree.Count).Where(_state.Tree.IsMissing)];
        if (missing.IsEmpty) return;        // another has computed it
        if (_hosting.OnClaim(claim, _state.Round, missing, Now) is { } believed) Fail(believed.Kind, believed.Reason);
    }

    /// <summary>A sum was taken: whoever claimed that it could not be computed is of no further use.</summary>
    private void OnRefuted(PushContribution push, RoundId round, bool complete)
    {
        Subtree subtree = new(push.Subtree.First, push.Subtree.Count);
        if (_hosting.OnComputed(push.Worker, subtree, round, leaf => !complete && _state.Tree.IsMissing(leaf)) is not { } claim) return;
        if (_hosting.Find(claim.Worker) is not { } liar) return;
        Address node = liar.Path.Address;
        _log.WorkerExcluded(_job.Job, claim.Worker, node, claim.Reason, push.Worker);
        if (!node.HasLocalScope) _offenders.Exclude(node);      // beside this process's own there may be nobody
        Context.Unwatch(liar);
        OnLost(liar.Equals);
    }
}
