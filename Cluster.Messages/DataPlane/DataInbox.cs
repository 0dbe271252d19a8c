namespace Cluster.Messages.DataPlane;

/// <summary>
/// What a node expects from one peer: places for vectors, and the credits that tell the peer of them. It outlives connections: a new one
/// is told of every place that is open. Safe for several threads; does no input or output, so that any transport can feed it.
/// </summary>
internal sealed class DataInbox(DataPeer peer, IDataEvents events)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<VectorKey, Place> _places = [];
    private Action<FrameHeader>? _tell;

    public DataPeer Peer => peer;

    /// <summary>Whether nothing is expected, and no peer is connected.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate) return _places.Count == 0 && _tell is null;
        }
    }

    /// <summary>A connection came about: credits go through it from here on.</summary>
    /// <param name="tell">Sends a header to the peer; does not wait.</param>
    public void Attach(Action<FrameHeader> tell)
    {
        lock (_gate)
        {
            _tell = tell;
            foreach ((VectorKey key, Place place) in _places) tell(Credit(key, place));
        }
    }

    /// <summary>A connection is over.</summary>
    public void Detach(Action<FrameHeader> tell)
    {
        lock (_gate)
        {
            if (_tell == tell) _tell = null;
        }
    }

    /// <summary>Opens a place, and says so to the peer.</summary>
    /// <exception cref="ArgumentException">The vector is empty or too long, or there is such a place.</exception>
    /// <exception cref="InvalidOperationException">There are too many places.</exception>
    public void Expect(VectorKey key, Memory<byte> memory)
    {
        if (memory.Length is < 1 or > DataPlaneLimits.VectorBytesMax)
            throw new ArgumentException($"wanted a vector of 1 to {DataPlaneLimits.VectorBytesMax} bytes, got {memory.Length}", nameof(memory));
        Place place = new(memory);
        lock (_gate)
        {
            if (_places.Count >= DataPlaneLimits.PlacesMax) throw new InvalidOperationException($"wanted at most {DataPlaneLimits.PlacesMax} places for {peer}, got one more");
            if (!_places.TryAdd(key, place)) throw new ArgumentException($"wanted one place for {key} of {peer}, got another", nameof(key));
            _tell?.Invoke(Credit(key, place));
        }
    }

    /// <summary>Gives a place up. Its memory must not be used for anything else until the task is completed.</summary>
    public Task Forget(VectorKey key)
    {
        lock (_gate)
        {
            if (!_places.Remove(key, out Place? place)) return Task.CompletedTask;
            _tell?.Invoke(new FrameHeader(FrameKind.Revoked, key, 0, 0, 0));
            if (!place.IsBeingWritten) return Task.CompletedTask;
            place.Released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return place.Released.Task;
        }
    }

    /// <summary>The memory for the numbers of a frame; null if they are not wanted any more. It must be handed back by <see cref="Commit"/> or <see cref="Abort"/>.</summary>
    /// <param name="header">The frame's.</param>
    /// <param name="isPartly">Whether some slices have come before, as after a connection that broke off: then the others must be copied, by <see cref="Place.CopyMissing"/>.</param>
    /// <exception cref="BrokenFrameException">They do not fit their place.</exception>
    public Place? Take(in FrameHeader header, out bool isPartly)
    {
        isPartly = false;
        lock (_gate)
        {
            if (!_places.TryGetValue(header.Key, out Place? place)) return null;
            if (place.FindError(header.Offset, header.Length) is { } failure) throw new BrokenFrameException(failure);
            int arrived = place.CountArrived(header.Offset, header.Length);
            if (arrived == place.Count(header.Offset, header.Length)) return null;
            isPartly = arrived > 0;
            place.IsBeingWritten = true;
            return place;
        }
    }

    /// <summary>The numbers of a frame are there and have been checked.</summary>
    public void Commit(Place place, in FrameHeader header)
    {
        bool whole;
        lock (_gate)
        {
            if (Release(place)) return;
            place.Mark(header.Offset, header.Length);
            whole = place.IsWhole;
            if (whole) _places.Remove(header.Key);
        }
        events.OnReceived(peer, header.Key, header.Offset, header.Length, whole);
    }

    /// <summary>The numbers of a frame did not come, or were broken: the place waits for them still.</summary>
    public void Abort(Place place)
    {
        lock (_gate) Release(place);
    }

    private static bool Release(Place place)
    {
        place.IsBeingWritten = false;
        return place.Released?.TrySetResult() ?? false;
    }

    private static FrameHeader Credit(VectorKey key, Place place) => new(FrameKind.Credit, key, 0, place.Memory.Length, 0);
}
