namespace Cluster.Actors.Events;

/// <summary>Hands what is published to all who subscribed to its class, a base class or an interface.</summary>
public sealed class EventStream
{
    private readonly Lock _gate = new();
    private ImmutableList<Subscription> _subscriptions = [];
    private ConcurrentDictionary<Type, IActorRef[]> _subscribersByType = new();

    public bool Subscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        ArgumentNullException.ThrowIfNull(channel);
        lock (_gate)
        {
            Subscription wanted = new(subscriber, channel);
            if (_subscriptions.Contains(wanted))
                return false;
            _subscriptions = _subscriptions.Add(wanted);
            _subscribersByType = new();
            return true;
        }
    }

    public bool Unsubscribe(IActorRef subscriber, Type channel) =>
        Remove(subscription => subscription.Channel == channel && subscription.Subscriber.Equals(subscriber));

    public bool Unsubscribe(IActorRef subscriber) => Remove(subscription => subscription.Subscriber.Equals(subscriber));

    public void Publish(object @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        ConcurrentDictionary<Type, IActorRef[]> cache = _subscribersByType;
        if (!cache.TryGetValue(@event.GetType(), out IActorRef[]? subscribers))
        {
            lock (_gate)
            {
                Type type = @event.GetType();
                subscribers = [.. _subscriptions.Where(one => one.Channel.IsAssignableFrom(type)).Select(one => one.Subscriber).Distinct()];
                _subscribersByType[type] = subscribers;
            }
        }

        foreach (IActorRef subscriber in subscribers)
        {
            if (subscriber is ActorRefBase { IsTerminated: true })
                Unsubscribe(subscriber);
            else
                subscriber.Tell(@event, ActorRefs.NoSender);
        }
    }

    private bool Remove(Predicate<Subscription> which)
    {
        lock (_gate)
        {
            ImmutableList<Subscription> left = _subscriptions.RemoveAll(which);
            bool removed = left.Count != _subscriptions.Count;
            _subscriptions = left;
            _subscribersByType = new();
            return removed;
        }
    }

    private sealed record Subscription(IActorRef Subscriber, Type Channel);
}

public static class EventStreamExtensions
{
    public static bool Subscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) => eventStream.Subscribe(subscriber, typeof(TChannel));

    public static bool Unsubscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) => eventStream.Unsubscribe(subscriber, typeof(TChannel));
}
