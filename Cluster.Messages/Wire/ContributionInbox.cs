using Cluster.Messages.DataPlane;
using Cluster.Messages.Identifiers;

namespace Cluster.Messages.Wire;

/// <summary>Receives the contributions of the current round: those of this process are whole, for those of others it opens a place.</summary>
/// <param name="places">Opens places; null if every contribution comes with its numbers.</param>
/// <param name="memory">Lends their memory.</param>
public sealed class ContributionInbox(IVectorPlaces? places = null, VectorMemory? memory = null)
{
    private readonly Dictionary<(WorkerId Worker, SubtreeId Subtree), (VectorHandle Handle, PayloadKind Kind, Memory<byte> Place)> _coming = [];

    /// <summary>Takes a contribution, or the handle of one.</summary>
    /// <param name="push">A contribution to the current round.</param>
    /// <param name="kind">How its numbers must be stored.</param>
    /// <param name="bytes">How many bytes it may have.</param>
    /// <param name="whole">The contribution, if its numbers are here.</param>
    /// <param name="failure">Why it was refused, or null.</param>
    /// <returns>Whether the contribution is here.</returns>
    public bool Add(PushContribution push, PayloadKind kind, ByteRange bytes, out ReadOnlyMemory<byte> whole, out string? failure)
    {
        whole = default;
        TensorPayload sum = push.Sum;
        failure = sum.Kind != kind ? $"wanted {kind}, got {sum.Kind}"
            : !bytes.Has(sum.Length) ? $"wanted {bytes.Least} to {bytes.Most} bytes, got {sum.Length}"
            : null;
        if (failure is not null) return false;
        if (sum.IsElsewhere)
        {
            Expect(push, bytes.Most);
            return false;
        }
        if (sum.Handle is { } arrived)
        {
            // Of a place that was given up meanwhile: its memory may hold something else.
            if (!_coming.TryGetValue((push.Worker, push.Subtree), out var coming) || coming.Handle != arrived) return false;
            _coming.Remove((push.Worker, push.Subtree));
        }
        whole = sum.Bytes;
        return true;
    }

    /// <summary>A new round begins: what has not come belongs to the one before.</summary>
    public void Clear()
    {
        foreach (var key in _coming.Keys) LetGo(key);       // which the walk allows
    }

    private void Expect(PushContribution push, int bytesMost)
    {
        if (places is null || memory is null) return;
        var key = (push.Worker, push.Subtree);
        if (_coming.TryGetValue(key, out var coming) && coming.Handle == push.Sum.Handle) return;
        LetGoOverlapping(push.Worker, push.Subtree);
        Memory<byte> place = memory.Rent(push.Sum.Kind, bytesMost)[..push.Sum.Length];
        PushContribution arrived = push with { Sum = push.Sum with { Bytes = place } };
        if (places.Expect(push.Sum.Handle!, place, arrived)) _coming[key] = (push.Sum.Handle!, push.Sum.Kind, place);
        else memory.Return(push.Sum.Kind, place);
    }

    // The sums of a worker do not overlap unless it was asked again: the newest is kept, so that it takes at most one vector for each micro-batch.
    private void LetGoOverlapping(WorkerId worker, SubtreeId subtree)
    {
        foreach ((WorkerId Worker, SubtreeId Subtree) key in _coming.Keys)
        {
            if (key.Worker != worker || key.Subtree.First >= subtree.First + subtree.Count || subtree.First >= key.Subtree.First + key.Subtree.Count) continue;
            LetGo(key);      // which the walk allows
        }
    }

    // What is being written into is left to the garbage collector.
    private void LetGo((WorkerId Worker, SubtreeId Subtree) key)
    {
        if (_coming.Remove(key, out var coming) && places!.Forget(coming.Handle).IsCompleted) memory!.Return(coming.Kind, coming.Place);
    }
}
