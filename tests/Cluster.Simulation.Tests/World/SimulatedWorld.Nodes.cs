namespace Cluster.Simulation.Tests.World;

internal sealed partial class SimulatedWorld
{
    /// <summary>Kills a node at once.</summary>
    /// <param name="node">Which.</param>
    /// <param name="quietly">Whether nobody hears of it, as when its machine loses power.</param>
    public void Crash(SimulatedNode node, bool quietly = false)
    {
        NodeLife life = node.Life;
        Trace.Write(Elapsed, $"{node.Name}: crash{(quietly ? ", quietly" : "")}");
        life.Ended?.Invoke(!quietly);
        (life.IsAlive, life.Held, life.Ended) = (false, null, null);
        _ready.RemoveAll(ready => ready.Life == life);
        Crashes++;
    }

    /// <summary>Stops a node's process, which hears nothing and does nothing until it goes on; to others it is silent.</summary>
    public void Pause(SimulatedNode node)
    {
        Trace.Write(Elapsed, $"{node.Name}: pause");
        node.Life.Held ??= [];
    }

    /// <summary>Lets a paused node go on: it does at once, in order, what has become due.</summary>
    public void Resume(SimulatedNode node)
    {
        if (node.Life.Held is not { } held) return;
        Trace.Write(Elapsed, $"{node.Name}: goes on");
        node.Life.Held = null;
        foreach (Action act in held) Enqueue(Ticks, tie: 0, node.Life, act);
    }

    internal NodeLife Begin(SimulatedNode node)
    {
        Trace.Write(Elapsed, $"{node.Name}: start");
        NodeLife life = new(node, _lives.Count);
        _lives.Add(life);
        return life;
    }
}
