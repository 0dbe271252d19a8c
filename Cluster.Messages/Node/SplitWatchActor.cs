namespace Cluster.Messages.Node;

/// <summary>
/// Finds out that its node is in another cluster than a node that it was told to join through, and ends the node if its cluster is the smaller
/// one; started again, it joins the other.
/// </summary>
/// <remarks>
/// A seed that hears from no other in time founds a cluster, though others may only have been slow; two such clusters never merge by themselves.
/// Seeds that are no members are asked for good, members of earlier only at first: those that are gone for good are many. Twice the same must
/// be seen, as members hear of each other one after another.
/// </remarks>
internal sealed class SplitWatchActor : ReceiveActor, IWithTimers
{
    /// <summary>Its name below /user.</summary>
    public const string Name = "split-watch";

    /// <summary>How often peers that are no seeds are asked.</summary>
    private const int PeerQuestionsMax = 12;

    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly ActorCluster _membership = ActorCluster.Get(Context.System);
    private readonly Address[] _seeds, _peers;
    private readonly TimeSpan _pause;
    private int _asked;
    private string? _seen;

    public SplitWatchActor(IEnumerable<NodeAddress> seeds, IEnumerable<NodeAddress> peers, TimeSpan pause)
    {
        _seeds = [.. seeds.Select(AddressOf)];
        _peers = [.. peers.Select(AddressOf)];
        _pause = pause;
        Receive<Tick>(_ => OnTick());
        Receive<ClusterSighted>(OnSighted);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="seeds">Whom the node joins through.</param>
    /// <param name="peers">Members that it knew in an earlier life.</param>
    /// <param name="interval">How often it asks; null for every five seconds.</param>
    public static Props PropsOf(IEnumerable<NodeAddress> seeds, IEnumerable<NodeAddress> peers, TimeSpan? interval = null) =>
        Props.Create(() => new SplitWatchActor(seeds, peers, interval ?? s_interval));

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, _pause);

    private void OnTick()
    {
        if (Own(isQuestion: true) is not { } own) return;
        IEnumerable<Address> asked = _asked++ < PeerQuestionsMax ? _seeds.Concat(_peers) : _seeds;
        foreach (Address node in asked.Where(IsStranger).Distinct())
            Context.ActorSelection(new RootActorPath(node) / "user" / Name).Tell(own);
    }

    private void OnSighted(ClusterSighted other)
    {
        if (Own(isQuestion: false) is not { } own || !IsStranger(Sender.Path.Address)) return;
        if (other.IsQuestion) Sender.Tell(own);
        if (!own.GivesWayTo(other)) return;
        if (_seen != other.Cluster)
        {
            _seen = other.Cluster;
            return;
        }
        _log.Warning(
            "M5003 this node is in a cluster of {0}, and {1} is in another, of {2}: this node ends; started again, it joins the other.", own.Members, Sender.Path.Address, other.Members);
        _membership.Down(_membership.SelfAddress);
    }

    private bool IsStranger(Address node) => _membership.State.Members.All(member => member.Address != node);

    private ClusterSighted? Own(bool isQuestion)
    {
        Member[] members = [.. _membership.State.Members.Where(member => member.Status == MemberStatus.Up)];
        if (members.All(member => member.UniqueAddress != _membership.SelfUniqueAddress)) return null;
        Member oldest = members.Aggregate((one, other) => other.IsOlderThan(one) ? other : one);
        return new ClusterSighted($"{oldest.UniqueAddress.Address}#{oldest.UniqueAddress.Uid}", members.Length, isQuestion);
    }

    private Address AddressOf(NodeAddress node) => new(_membership.SelfAddress.Protocol, Context.System.Name, node.Host, node.Port);

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }
}
