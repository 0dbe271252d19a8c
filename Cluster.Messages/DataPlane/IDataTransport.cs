namespace Cluster.Messages.DataPlane;

/// <summary>Carries frames from an outbox here to an inbox elsewhere, and credits back: sockets, or a network that is simulated.</summary>
internal interface IDataTransport : IAsyncDisposable
{
    /// <summary>Lets others connect.</summary>
    /// <param name="at">Where; a port of 0 means a free one.</param>
    /// <param name="host">Whom the connections are for.</param>
    /// <returns>Where, with the port.</returns>
    DataEndPoint Listen(DataEndPoint at, IDataHost host);

    /// <summary>Connects in the background, and carries what the outbox has until the connection ends, by <see cref="DataOutbox.End"/>.</summary>
    /// <param name="to">Where.</param>
    /// <param name="peer">Who must be there.</param>
    /// <param name="outbox">What is carried.</param>
    /// <param name="host">Whom to tell of the end.</param>
    void Connect(DataEndPoint to, DataPeer peer, DataOutbox outbox, IDataHost host);
}

/// <summary>A node, as its transport sees it.</summary>
internal interface IDataHost
{
    /// <summary>The node itself.</summary>
    DataPeer Self { get; }

    /// <summary>A peer has connected.</summary>
    /// <param name="peer">Who.</param>
    /// <param name="tell">Sends a header to it; does not wait.</param>
    /// <returns>Where what it sends goes.</returns>
    DataInbox Attach(DataPeer peer, Action<FrameHeader> tell);

    /// <summary>A connection has ended, or did not come about.</summary>
    /// <param name="peer">The other side's name, or its address if it has not said its name.</param>
    /// <param name="outbox">What was carried; null if the other side connected.</param>
    /// <param name="reason">Why.</param>
    void OnEnded(string peer, DataOutbox? outbox, string reason);
}
