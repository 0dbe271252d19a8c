using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Aggregation;

namespace Cluster.Coordinator.ParameterServer.Assignment;

/// <summary>A worker says that a step cannot be computed, or sent numbers that are not finite.</summary>
/// <param name="Worker">Who.</param>
/// <param name="Subtree">Of which micro-batches.</param>
/// <param name="Kind">What kind of failure it would be.</param>
/// <param name="Reason">For a person.</param>
internal sealed record Claim(WorkerId Worker, Subtree Subtree, FailureKind Kind, string Reason);

/// <summary>
/// What single workers have claimed of the open round. A sum has the same bits whoever computes it, so that a claim is true if a second worker comes
/// to it as well; if a second computes what the first could not, the first is at fault, and not the job.
/// </summary>
/// <remarks>If there is no second worker, the word of the first stands.</remarks>
internal sealed class SecondOpinions
{
    private readonly List<(Claim Claim, HashSet<WorkerId> Asked)> _claims = [];
    private RoundId _round;

    /// <summary>Whether there is any claim.</summary>
    public bool IsEmpty => _claims.Count == 0;

    /// <summary>Takes a claim.</summary>
    /// <param name="claim">What a worker says.</param>
    /// <param name="round">The open round; claims of those before are settled.</param>
    /// <param name="others">Workers that can be asked.</param>
    /// <returns>The claim that is believed, or who is to be asked.</returns>
    public (Claim? Believed, WorkerId? Second) OnClaim(Claim claim, RoundId round, IEnumerable<WorkerId> others)
    {
        if (_round != round) _claims.Clear();
        _round = round;
        if (_claims.Find(known => known.Claim.Worker != claim.Worker).Claim is { } first) return (first, null);
        HashSet<WorkerId>? asked = _claims.Find(known => known.Claim.Subtree == claim.Subtree).Asked;
        if (asked is null) _claims.Add((claim, asked = []));
        WorkerId[] seconds = [.. others.Where(worker => worker != claim.Worker)];
        if (seconds.Length == 0) return (claim, null);
        int place = Array.FindIndex(seconds, worker => !asked.Contains(worker));
        WorkerId second = seconds[Math.Max(0, place)];
        asked.Add(second);
        return (null, second);
    }

    /// <summary>Takes a sum. Names the claim that it refutes, with the worker that made it; null if there is none.</summary>
    /// <param name="worker">Whose sum.</param>
    /// <param name="subtree">Of which micro-batches.</param>
    /// <param name="round">Of which round.</param>
    /// <param name="isMissing">Whether a micro-batch is missing still.</param>
    public Claim? OnTaken(WorkerId worker, Subtree subtree, RoundId round, Predicate<int> isMissing)
    {
        if (round != _round) return null;
        int at = _claims.FindIndex(known => Overlap(known.Claim.Subtree, subtree) && !Enumerable.Range(known.Claim.Subtree.First, known.Claim.Subtree.Count).Any(isMissing.Invoke));
        if (at < 0) return null;
        Claim claim = _claims[at].Claim;
        _claims.RemoveAt(at);
        return claim.Worker == worker ? null : claim;       // it thought better of it
    }

    private static bool Overlap(Subtree left, Subtree right) => left.First < right.First + right.Count && right.First < left.First + left.Count;
}
