namespace Cluster.Messages.DataPlane;

/// <summary>
/// What a node has to send to one peer, and which of it the peer has a place for. Streams take turns, a frame each; one whose receiver is slow
/// waits alone. Safe for several threads; does no input or output, so that any transport can empty it.
/// </summary>
internal sealed class DataOutbox(TimeProvider time, TimeSpan deadline)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, LinkedListNode<LinkedList<Sending>>> _streams = [];
    private readonly LinkedList<LinkedList<Sending>> _turns = new();
    private readonly Dictionary<VectorKey, Credit> _credits = [];
    private Sending? _leaving;
    private string? _ended;
    private int _waiting;

    /// <summary>Called when there may be something to take; told whether the calling thread may take it itself, and wait for the network.</summary>
    public Action<bool> Ready { get; set; } = _ => { };

    /// <summary>Queues a part of a vector. It is read when it leaves, so that it must not change until the task is completed.</summary>
    public Task Send(VectorKey key, ReadOnlyMemory<byte> vector, int offset, int length, bool mayWait = false)
    {
        if (FindError(vector.Length, offset, length) is { } failure) throw new ArgumentException(failure);
        Sending sending = new(key, vector, offset, length, time.GetTimestamp());
        lock (_gate)
        {
            if (_ended is not null) sending.Fail(_ended);
            else if (_waiting >= DataPlaneLimits.QueueMax) sending.Fail($"wanted at most {DataPlaneLimits.QueueMax} sendings that wait, got one more");
            else Enqueue(sending);
        }
        Ready(mayWait);
        return sending.Done;
    }

    /// <summary>The next frame, of the next stream that may send one. What is taken must be told of by <see cref="Left"/> before the next is.</summary>
    public bool TryTake(out FrameHeader header, out ReadOnlyMemory<byte> numbers)
    {
        lock (_gate)
        {
            for (LinkedListNode<LinkedList<Sending>>? turn = _turns.First; turn is not null; turn = turn.Next)
            {
                if (FindAllowed(turn.Value) is not { } node) continue;
                _leaving = node.Value;
                (header, numbers) = _leaving.Take();
                Spend(header);
                _turns.Remove(turn);
                _turns.AddLast(turn);
                if (_leaving.IsTaken) Remove(turn, node);
                return true;
            }
        }
        (header, numbers) = (default, default);
        return false;
    }

    /// <summary>The frame that was taken has left, or never will: its numbers are not looked at any more.</summary>
    public void Left()
    {
        Sending? left;
        lock (_gate) (left, _leaving) = (_leaving, null);
        if (left?.Doom is { } reason) left.Fail(reason);
        else if (left is { IsTaken: true }) left.Complete();
    }

    /// <summary>The peer has a place.</summary>
    /// <exception cref="BrokenFrameException">It has told of more than a node may have.</exception>
    public void Grant(VectorKey key, int bytes)
    {
        lock (_gate)
        {
            if (!_credits.ContainsKey(key) && _credits.Count >= 2 * DataPlaneLimits.PlacesMax)
                throw new BrokenFrameException($"wanted at most {2 * DataPlaneLimits.PlacesMax} credits, got one more");
            _credits[key] = new Credit(bytes, bytes);
            if (!_streams.ContainsKey(key.Stream)) return;
        }
        Ready(false);
    }

    /// <summary>The peer's place is gone, or all of it has been sent.</summary>
    public void Revoke(VectorKey key)
    {
        lock (_gate) _credits.Remove(key);
    }

    /// <summary>Drops what has not left of a vector; its tasks fail.</summary>
    public void Abandon(VectorKey key) => FailWhere(sending => sending.Key == key, $"{key} was abandoned");

    /// <summary>Fails what has waited too long for its place.</summary>
    public void Expire() => FailWhere(
        sending => time.GetElapsedTime(sending.Since) > deadline, $"wanted the receiver to have a place within {deadline}, got none");

    /// <summary>The connection is over: all that waits fails, and so does what comes later.</summary>
    public void End(string reason)
    {
        lock (_gate) _ended ??= reason;
        FailWhere(_ => true, reason);
    }

    private static string? FindError(int vector, int offset, int length)
    {
        if (vector is < 1 or > DataPlaneLimits.VectorBytesMax) return $"wanted a vector of 1 to {DataPlaneLimits.VectorBytesMax} bytes, got {vector}";
        if (offset < 0 || length < 1 || offset > vector - length) return $"wanted a part of {vector} bytes, got {length} at {offset}";
        int end = offset + length;
        return offset % DataPlaneLimits.SliceBytes == 0 && (end == vector || end % DataPlaneLimits.SliceBytes == 0)
            ? null
            : $"wanted whole slices of {DataPlaneLimits.SliceBytes} bytes, got {length} at {offset}";
    }

    private void Enqueue(Sending sending)
    {
        if (!_streams.TryGetValue(sending.Key.Stream, out LinkedListNode<LinkedList<Sending>>? turn))
            _streams[sending.Key.Stream] = turn = _turns.AddLast(new LinkedList<Sending>());
        turn.Value.AddLast(sending);
        _waiting++;
    }

    // A place of another length than the vector's is no place for it: the receiver means something else.
    private LinkedListNode<Sending>? FindAllowed(LinkedList<Sending> stream)
    {
        for (LinkedListNode<Sending>? node = stream.First; node is not null; node = node.Next)
        {
            if (_credits.TryGetValue(node.Value.Key, out Credit credit) && credit.Bytes == node.Value.VectorBytes) return node;
        }
        return null;
    }

    private void Spend(in FrameHeader header)
    {
        Credit credit = _credits[header.Key];
        if (credit.Left <= header.Length) _credits.Remove(header.Key);
        else _credits[header.Key] = credit with { Left = credit.Left - header.Length };
    }

    private void Remove(LinkedListNode<LinkedList<Sending>> turn, LinkedListNode<Sending> node)
    {
        turn.Value.Remove(node);
        _waiting--;
        if (turn.Value.Count > 0) return;
        _turns.Remove(turn);
        _streams.Remove(node.Value.Key.Stream);
    }

    private void FailWhere(Func<Sending, bool> predicate, string reason)
    {
        List<Sending> failed = [];
        lock (_gate)
        {
            // What is just leaving is still being read: it fails when it has left.
            if (_leaving is { } leaving && predicate(leaving)) leaving.Doom ??= reason;
            foreach (LinkedListNode<LinkedList<Sending>> turn in _streams.Values.ToArray())
            {
                for (LinkedListNode<Sending>? node = turn.Value.First, next; node is not null; node = next)
                {
                    next = node.Next;
                    if (!predicate(node.Value)) continue;
                    if (node.Value != _leaving) failed.Add(node.Value);
                    Remove(turn, node);
                }
            }
        }
        foreach (Sending sending in failed) sending.Fail(reason);
    }

    /// <param name="Bytes">Of the peer's place.</param>
    /// <param name="Left">What has not been sent into it.</param>
    private readonly record struct Credit(int Bytes, int Left);
}
