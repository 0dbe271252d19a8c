using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;
using Cluster.Simulation.Tests.World;

namespace Cluster.Simulation.Tests.Engine;

/// <summary>The engine's mailbox, which tells the trace what its actor is given. Found by its name in the configuration.</summary>
public sealed class TracingMailbox(Settings settings, Config config) : MailboxType(settings, config), IProducesMessageQueue<TracingQueue>
{
    /// <inheritdoc/>
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new TracingQueue(new UnboundedMessageQueue(), owner, system);
}

/// <summary>As <see cref="TracingMailbox"/>, for actors that stash.</summary>
public sealed class TracingDequeMailbox(Settings settings, Config config) : MailboxType(settings, config), IProducesMessageQueue<TracingDequeQueue>
{
    /// <inheritdoc/>
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new TracingDequeQueue(new UnboundedDequeMessageQueue(), owner, system);
}

/// <summary>Messages on their way to one actor.</summary>
public class TracingQueue : IMessageQueue, IUnboundedMessageQueueSemantics
{
    private readonly SimulatedWorld _world = SimulatedWorld.Current;
    private readonly IMessageQueue _inner;
    private readonly string _owner;
    private readonly ulong _hash;

    internal TracingQueue(IMessageQueue inner, IActorRef? owner, ActorSystem system)
    {
        _inner = inner;
        _owner = $"{_world.LifeOf(system.Settings.Config).Node.Name}: {owner?.Path.ToStringWithoutAddress()}";
        _hash = SimulatedTrace.HashOf(_owner);
    }

    /// <inheritdoc/>
    public bool HasMessages => _inner.HasMessages;

    /// <inheritdoc/>
    public int Count => _inner.Count;

    /// <inheritdoc/>
    public void Enqueue(IActorRef receiver, Envelope envelope) => _inner.Enqueue(receiver, envelope);

    /// <inheritdoc/>
    public bool TryDequeue(out Envelope envelope)
    {
        if (!_inner.TryDequeue(out envelope)) return false;
        _world.Trace.OnMessage(_world.Elapsed, _owner, _hash, envelope);
        return true;
    }

    /// <inheritdoc/>
    public void CleanUp(IActorRef owner, IMessageQueue deadletters) => _inner.CleanUp(owner, deadletters);
}

/// <summary>As <see cref="TracingQueue"/>, with a way to its front.</summary>
public sealed class TracingDequeQueue : TracingQueue, IUnboundedDequeBasedMessageQueueSemantics
{
    private readonly UnboundedDequeMessageQueue _inner;

    internal TracingDequeQueue(UnboundedDequeMessageQueue inner, IActorRef? owner, ActorSystem system)
        : base(inner, owner, system) => _inner = inner;

    /// <inheritdoc/>
    public void EnqueueFirst(Envelope envelope) => _inner.EnqueueFirst(envelope);
}
