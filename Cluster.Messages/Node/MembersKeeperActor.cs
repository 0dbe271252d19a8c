namespace Cluster.Messages.Node;

/// <summary>Keeps the addresses of the other members in a file, as they come and go.</summary>
/// <remarks>A node that is left alone keeps those that it saw last: they are who may still have the cluster.</remarks>
internal sealed class MembersKeeperActor : ReceiveActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly ActorCluster _membership = ActorCluster.Get(Context.System);
    private readonly MemberFile _file;
    private readonly SortedSet<string> _others = new(StringComparer.Ordinal);
    private bool _failed;

    public MembersKeeperActor(MemberFile file)
    {
        _file = file;
        Receive<ClusterEvent.CurrentClusterState>(state => Change(state.Members, _others.Add));
        Receive<ClusterEvent.MemberUp>(up => Change([up.Member], _others.Add));
        Receive<ClusterEvent.MemberRemoved>(gone => Change([gone.Member], _others.Remove));
    }

    public static Props PropsOf(MemberFile file) => Props.Create(() => new MembersKeeperActor(file));

    protected override void PreStart() => _membership.Subscribe(Self, typeof(ClusterEvent.MemberUp), typeof(ClusterEvent.MemberRemoved));

    private void Change(IEnumerable<Member> members, Func<string, bool> change)
    {
        bool changed = false;
        foreach (Member member in members)
            if (member.Address != _membership.SelfAddress) changed |= change($"{member.Address.Host}:{member.Address.Port}");
        if (changed && _others.Count > 0) Keep();
    }

    private void Keep()
    {
        try
        {
            _file.Write(_others.Select(Address));
            _failed = false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (!_failed) _log.Warning("M5001 {0}: wanted to keep the members' addresses there, got: {1} Restarted, the node may not find them.", _file.FullPath, error.Message);
            _failed = true;
        }
    }

    private static NodeAddress Address(string text) => NodeAddress.TryParse(text, out NodeAddress address) ? address : default;
}
