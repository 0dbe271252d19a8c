using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;

namespace Cluster.Messages.DataPlane;

/// <summary>The vectors that one actor offers, round after round. Not safe for several threads.</summary>
/// <param name="vectors">Its node's exchange; null if all receivers are in this process.</param>
public sealed class VectorOffers(VectorExchange? vectors)
{
    private readonly Dictionary<(IActorRef Target, SubtreeId Part), long> _streams = [];
    private readonly HashSet<(IActorRef Target, VectorKey Key)> _offered = [];

    /// <summary>The numbers as a message carries them. Offered again for the same round and receiver, they are the same vector.</summary>
    /// <param name="target">Whom the message is for.</param>
    /// <param name="round">Of which round they are.</param>
    /// <param name="numbers">The vector.</param>
    /// <param name="part">Tells vectors of one round apart that go to one receiver.</param>
    /// <param name="released">Called once, from any thread, when the memory is not read any more; never if the receiver gets it by reference.</param>
    public TensorPayload Offer(IActorRef target, RoundId round, TensorPayload numbers, SubtreeId part = default, Action? released = null)
    {
        if (vectors is null) return numbers;
        if (!_streams.TryGetValue((target, part), out long stream)) _streams[(target, part)] = stream = vectors.NextStream();
        VectorKey key = new(stream, round.Incarnation, round.Ordinal);
        TensorPayload payload = vectors.Offer(target, key, numbers, released);
        if (payload.IsElsewhere) _offered.Add((target, key));
        return payload;
    }

    /// <summary>Drops what has not left: it belongs to a round that is over.</summary>
    public void Withdraw()
    {
        foreach ((IActorRef target, VectorKey key) in _offered) vectors!.Withdraw(target, key);
        _offered.Clear();
    }

    /// <summary>Drops what has not left for one receiver.</summary>
    public void Withdraw(IActorRef target)
    {
        foreach ((IActorRef Target, VectorKey Key) offered in _offered)
        {
            if (!offered.Target.Equals(target)) continue;
            vectors!.Withdraw(offered.Target, offered.Key);
            _offered.Remove(offered);      // which the walk allows
        }
    }
}
