using Cluster.Messages;

namespace Cluster.Seed.Dashboard.History;

/// <summary>Writes into the history what the progress hub hears and what befalls the members.</summary>
internal sealed class HistoryActor : ReceiveActor
{
    /// <summary>Its name below /user.</summary>
    public const string Name = "history";

    private readonly RunHistory _history;

    public HistoryActor(RunHistory history)
    {
        _history = history;
        Receive<IJobMessage>(history.OnReport);
        Receive<ClusterEvent.MemberUp>(up => history.OnNodeHeard(AddressOf(up.Member), up.Member.Roles));
        Receive<ClusterEvent.ReachableMember>(heard => history.OnNodeHeard(AddressOf(heard.Member), heard.Member.Roles));
        Receive<ClusterEvent.UnreachableMember>(silent => history.OnNodeSilent(AddressOf(silent.Member), [.. silent.Member.Roles]));
        Receive<ClusterEvent.MemberRemoved>(OnRemoved);
        Receive<ClusterEvent.IClusterDomainEvent>(_ => { });
    }

    public static Props CreateProps(RunHistory history) => Props.Create(() => new HistoryActor(history));

    protected override void PreStart()
    {
        foreach (Type report in (Type[])[typeof(StepsProgressed), typeof(EpochProgressed), typeof(TaskProgressed), typeof(JobFinished)])
            Context.System.EventStream.Subscribe(Self, report);
        ActorCluster.Get(Context.System).Subscribe(
            Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));
    }

    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        ActorCluster.Get(Context.System).Unsubscribe(Self);
    }

    private void OnRemoved(ClusterEvent.MemberRemoved removed) =>
        _history.OnNodeRemoved(AddressOf(removed.Member), [.. removed.Member.Roles], left: removed.PreviousStatus == MemberStatus.Exiting);

    private static string AddressOf(Member member) => $"{member.Address.Host}:{member.Address.Port}";
}
