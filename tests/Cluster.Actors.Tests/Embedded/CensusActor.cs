namespace Cluster.Actors.Tests.Embedded;

/// <summary>Reports to the census where it runs, and answers who asks.</summary>
internal sealed class CensusActor : ReceiveActor
{
    private readonly string _name;
    private readonly Census _census;
    private readonly string _node;

    public CensusActor(string name, Census census)
    {
        _name = name;
        _census = census;
        _node = ActorCluster.Get(Context.System).SelfAddress.Host!;
        Receive<Where>(where => Sender.Tell(new Here(_name, _node, where.Question)));
        Receive<StopPolitely>(_ => Context.Parent.Tell(new Passivate(PoisonPill.Instance)));
    }

    protected override void PreStart() => _census.Started(_name, _node);

    protected override void PostStop() => _census.Stopped(_name, _node);

    /// <summary>Asks an actor where it is.</summary>
    public sealed record Where(string Name, int Question);

    public sealed record Here(string Name, string Node, int Question);

    /// <summary>Asks an entity to passivate itself.</summary>
    public sealed record StopPolitely(string Name);
}
