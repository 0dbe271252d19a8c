namespace Cluster.Coordinator.Tests;

/// <summary>
/// The threads, the clock and the network of one node of this process, so that it can die as a process does: from one moment on
/// none of its actors runs, nothing falls due, and nothing that it says reaches anybody. What it has given to a disk by then stays.
/// </summary>
internal sealed class NodeLife
{
    private volatile bool _isOver;

    /// <param name="network">How the node reaches others.</param>
    public NodeLife(NodeNetwork network)
    {
        Dispatcher = new MortalDispatcher(this);
        Clock = new MortalClock(this);
        Network = new MortalNetwork(this, network);
    }

    public ActorDispatcher Dispatcher { get; }

    public TimeProvider Clock { get; }

    public NodeNetwork Network { get; }

    /// <summary>SIGKILL: no message more.</summary>
    public void End() => _isOver = true;

    private sealed class MortalDispatcher(NodeLife life) : ActorDispatcher
    {
        // One message a turn, so that a node that dies does not handle what it had in hand.
        public override int Throughput => 1;

        public override void Schedule(IThreadPoolWorkItem mailbox)
        {
            if (!life._isOver) ThreadPool.Schedule(new Turn(life, mailbox));
        }
    }

    private sealed class Turn(NodeLife life, IThreadPoolWorkItem mailbox) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            if (!life._isOver) mailbox.Execute();
        }
    }

    private sealed class MortalClock(NodeLife life) : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(
            due =>
            {
                if (!life._isOver) callback(due);
            },
            state, dueTime, period);
    }

    private sealed class MortalNetwork(NodeLife life, NodeNetwork network) : NodeNetwork
    {
        public override bool RoutesForeignRefs => network.RoutesForeignRefs;

        public override void Register(INodeEndpoint node) => network.Register(node);

        public override void Unregister(INodeEndpoint node) => network.Unregister(node);

        public override Task Flush(INodeEndpoint node) => network.Flush(node);

        public override void Send(NodeEnvelope envelope)
        {
            if (!life._isOver) network.Send(envelope);
        }
    }
}
