namespace Cluster.Messages.DataPlane;

/// <summary>Says how this node's data plane is reached, and finds out how others' are: they are asked until they answer, for a while.</summary>
internal sealed class DataPlaneActor : ReceiveActor, IWithTimers
{
    /// <summary>Its name below /user.</summary>
    public const string Name = "data-plane";

    /// <summary>How often a node is asked.</summary>
    public const int QuestionsMax = 10;

    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private readonly Dictionary<Address, int> _asked = [];
    private readonly VectorExchange _vectors;

    public DataPlaneActor(DataPlaneDescribed self, VectorExchange vectors)
    {
        _vectors = vectors;
        Receive<DescribeDataPlane>(_ => Sender.Tell(self));
        Receive<FindRoute>(find => Ask(find.Node));
        Receive<DataPlaneDescribed>(OnDescribed);
        Receive<Tick>(_ => OnTick());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props PropsOf(DataPlaneDescribed self, VectorExchange vectors) => Props.Create(() => new DataPlaneActor(self, vectors));

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, s_interval);

    private void Ask(Address node)
    {
        _asked.TryAdd(node, 0);
        _asked[node]++;
        Context.ActorSelection(new RootActorPath(node) / "user" / Name).Tell(new DescribeDataPlane());
    }

    // A node speaks for itself alone.
    private void OnDescribed(DataPlaneDescribed described)
    {
        if (DataRoute.Of(described) is { } route && _asked.Remove(Sender.Path.Address)) _vectors.OnRoute(Sender.Path.Address, route);
    }

    private void OnTick()
    {
        foreach ((Address node, int questions) in _asked.ToArray())
        {
            if (questions < QuestionsMax)
            {
                Ask(node);
                continue;
            }
            _asked.Remove(node);
            _vectors.OnNoRoute(node);
        }
    }

    /// <summary>Numbers wait for a node.</summary>
    internal sealed record FindRoute(Address Node) : INoSerializationVerificationNeeded;

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }
}
