using Cluster.Actors.Membership.State;

namespace Cluster.Actors.Membership;

/// <summary>Who wants to hear what. Events go out in the order in which the subscribers came.</summary>
internal sealed class ClusterSubscriptions
{
    private ImmutableList<(IActorRef Subscriber, Type Type)> _subscriptions = [];

    public void Add(IActorRef subscriber, ImmutableArray<Type> types, ClusterEvent.SubscriptionInitialStateMode mode, MembershipState? state)
    {
        foreach (Type type in types)
        {
            if (!_subscriptions.Contains((subscriber, type))) _subscriptions = _subscriptions.Add((subscriber, type));
        }

        if (mode == ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot)
        {
            subscriber.Tell(ClusterEvents.Snapshot(state));
            return;
        }

        if (state is null) return;
        foreach (ClusterEvent.IClusterDomainEvent change in ClusterEvents.Between(null, state).Where(change => types.Any(type => type.IsInstanceOfType(change))))
            subscriber.Tell(change);
    }

    public void Remove(IActorRef subscriber, Type? type) =>
        _subscriptions = _subscriptions.RemoveAll(entry => entry.Subscriber.Equals(subscriber) && (type is null || entry.Type == type));

    public void Publish(ImmutableArray<ClusterEvent.IClusterDomainEvent> changes)
    {
        foreach (ClusterEvent.IClusterDomainEvent change in changes)
        {
            HashSet<IActorRef> told = [];
            foreach ((IActorRef subscriber, Type type) in _subscriptions)
            {
                if (type.IsInstanceOfType(change) && told.Add(subscriber)) subscriber.Tell(change);
            }
        }
    }
}
