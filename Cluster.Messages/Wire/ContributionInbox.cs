using Cluster.Messages.Identifiers;

namespace Cluster.Messages.Wire;

/// <summary>Puts the blocks of contributions together, one assembly for each (worker, subtree) of the current round.</summary>
public sealed class ContributionInbox
{
    private readonly Dictionary<(WorkerId Worker, SubtreeId Subtree), BlockAssembly> _open = [];
    private readonly Stack<BlockAssembly> _spare = [];

    /// <summary>Takes one block.</summary>
    /// <param name="push">A block of a contribution to the current round.</param>
    /// <param name="kind">How its numbers must be stored.</param>
    /// <param name="bytes">How many bytes the whole contribution may have.</param>
    /// <param name="whole">The whole contribution, when this block completes it.</param>
    /// <param name="failure">Why the block was refused, or null.</param>
    /// <returns>Whether the contribution is whole.</returns>
    public bool Add(PushContribution push, PayloadKind kind, ByteRange bytes, out ReadOnlyMemory<byte> whole, out string? failure)
    {
        whole = default;
        failure = push.Sum.Kind == kind ? null : $"wanted {kind}, got {push.Sum.Kind}";
        if (failure is not null) return false;
        if (push.Block.Count == 1 && bytes.Has(push.Sum.Bytes.Length))
        {
            whole = push.Sum.Bytes;
            return true;
        }
        var key = (push.Worker, push.Subtree);
        if (!_open.TryGetValue(key, out BlockAssembly? assembly))
        {
            LetGoOverlapping(push.Worker, push.Subtree);
            _open[key] = assembly = _spare.TryPop(out BlockAssembly? spare) ? spare : new BlockAssembly();
            if (bytes.IsOne) assembly.Begin(bytes.Most);
            else assembly.BeginAtMost(bytes.Most);
        }
        BlockOutcome outcome = assembly.Add(push.Block, push.Sum);
        if (outcome == BlockOutcome.Refused) failure = assembly.Failure;
        if (outcome != BlockOutcome.Completed) return false;
        whole = assembly.Vector.Bytes;
        if (bytes.Has(whole.Length)) return true;
        failure = $"wanted {bytes.Least} to {bytes.Most} bytes, got {whole.Length}";
        return false;
    }

    // A worker sends one sum after the other, of micro-batches that are not in each other's: it was asked again, and nobody holds more than a vector for each.
    private void LetGoOverlapping(WorkerId worker, SubtreeId subtree)
    {
        foreach (((WorkerId Worker, SubtreeId Subtree) key, BlockAssembly assembly) in _open)
        {
            if (key.Worker != worker || key.Subtree.First >= subtree.First + subtree.Count || subtree.First >= key.Subtree.First + key.Subtree.Count) continue;
            assembly.Begin();
            _spare.Push(assembly);
            _open.Remove(key);      // which the walk allows
        }
    }

    /// <summary>A new round begins: what is incomplete belongs to the one before.</summary>
    public void Clear()
    {
        foreach (BlockAssembly assembly in _open.Values)
        {
            assembly.Begin();
            _spare.Push(assembly);
        }
        _open.Clear();
    }
}
