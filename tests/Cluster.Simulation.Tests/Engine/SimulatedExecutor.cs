using Akka.Configuration;
using Akka.Dispatch;
using Cluster.Simulation.Tests.World;

namespace Cluster.Simulation.Tests.Engine;

/// <summary>Runs nothing itself: what a dispatcher wants run is queued in the world.</summary>
internal sealed class SimulatedExecutor(string id, NodeLife life) : ExecutorService(id)
{
    // What a life of an earlier world still wants is dropped: that life is over.
    public override void Execute(IRunnable run)
    {
        if (life.Node.World == SimulatedWorld.Current) life.Node.World.Ready(life, run);
    }

    public override void Shutdown()
    {
    }
}

/// <summary>Found by its name in the configuration of dispatchers.</summary>
public sealed class SimulatedExecutorConfigurator(Config config, IDispatcherPrerequisites prerequisites) : ExecutorServiceConfigurator(config, prerequisites)
{
    /// <inheritdoc/>
    public override ExecutorService Produce(string id) => new SimulatedExecutor(id, SimulatedWorld.Current.LifeOf(Prerequisites.Settings.Config));
}
