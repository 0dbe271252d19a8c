using Cluster.Coordinator.Checkpoints;
using Cluster.Simulation.Tests.Network;
using Cluster.Simulation.Tests.World;

namespace Cluster.Simulation.Tests.Training;

/// <summary>What goes wrong in a history: drawn from its seed, all of it over before the limit, so that the job must end.</summary>
internal sealed class FaultScript(SimulatedWorld world, SharedDatabase database)
{
    /// <summary>How long things may go wrong, from the moment at which the job was accepted.</summary>
    public static readonly TimeSpan Trouble = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan s_forming = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longestOutage = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_slowWrites = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan s_training = TimeSpan.FromMilliseconds(800);

    private TimeSpan _end = TimeSpan.MaxValue;

    /// <summary>Draws how bad the network is.</summary>
    public static NetworkFaults DrawNetwork(SimulatedRandom random) => new()
    {
        Loss = random.Happens(0.25) ? 0 : random.NextDouble() * 0.08,
        Duplication = random.NextDouble() * 0.08,
        Reordering = random.NextDouble() * 0.1,
        DelayMin = TimeSpan.FromMilliseconds(0.2),
        DelayMax = TimeSpan.FromMilliseconds(1 + (random.NextDouble() * 30)),
    };

    /// <summary>Draws what becomes of a checkpoint: now and then the disk keeps nothing, or half of it, and says that all is well.</summary>
    public static WriteFate DrawWrite(SimulatedWorld world) =>
        world.Network.Faults.Loss == 0 ? WriteFate.Kept
        : world.Random.Happens(0.1) ? WriteFate.Lost
        : world.Random.Happens(0.15) ? WriteFate.Torn
        : WriteFate.Kept;

    /// <summary>The nodes start: now and then something goes wrong before they are a cluster.</summary>
    public void OnStart()
    {
        world.Network.Faults = DrawNetwork(world.Random);
        if (world.Random.Happens(0.25)) DrawOne(s_forming);
    }

    /// <summary>The job begins: from now on things go wrong while it trains.</summary>
    public void OnAccepted()
    {
        if (_end < TimeSpan.MaxValue) return;
        _end = world.Elapsed + Trouble;
        for (int left = 1 + world.Random.Next(6); left > 0; left--) DrawOne(Trouble);
        world.After(Trouble + s_longestPause, () =>
        {
            world.Network.Heal();
            world.Network.Faults = world.Network.Faults with { Loss = 0, Duplication = 0, Reordering = 0 };
        });
    }

    private void DrawOne(TimeSpan within)
    {
        SimulatedNode node = Victim();
        TimeSpan begin = Early(within), lasts = Early(s_longestOutage);
        switch (world.Random.Next(7))
        {
            case 0: Cut(node, begin, lasts); break;
            case 1: Stop(node, begin, lasts); break;
            case 2 or 3: StopHolder(begin); break;
            case 4: world.After(begin, () => database.CutOff(node, lasts)); break;
            default: Kill(node, begin, lasts); break;
        }
    }

    // A coordinator more often than its share of the nodes: what it must not forget is the most.
    private SimulatedNode Victim() =>
        world.Random.Happens(0.5) ? world[world.Random.Happens(0.5) ? "coordinator1" : "coordinator2"] : world.Nodes[world.Random.Next(world.Nodes.Count)];

    // Rather soon than late: the job itself takes a second or two, and short outages are over before anybody notices them.
    private TimeSpan Early(TimeSpan longest)
    {
        double part = world.Random.NextDouble();
        return longest * (part * part);
    }

    private void Kill(SimulatedNode node, TimeSpan begin, TimeSpan lasts)
    {
        bool quietly = world.Random.Happens(0.5);
        world.After(begin, () =>
        {
            if (node.IsRunning) world.Crash(node, quietly);
        });
        world.After(begin + lasts, () =>
        {
            if (!node.IsRunning) node.Start();
        });
    }

    private void Stop(SimulatedNode node, TimeSpan begin, TimeSpan lasts)
    {
        world.After(begin, () => Pause(node));
        world.After(begin + lasts, () => world.Resume(node));
    }

    // The worst moment for whoever held the lease to wake: another has just taken over, and writes of its own are still under way.
    private void StopHolder(TimeSpan begin) => world.After(begin, () =>
    {
        if (world.Nodes.FirstOrDefault(node => node.Name == database.Leases.Holder) is not { } holder)
        {
            // Nobody writes yet: later, while the job runs, tokens matter.
            if (world.Elapsed < _end) StopHolder(world.Random.Next(s_slowWrites, s_training));
            return;
        }
        database.CutOff(holder, 2 * s_slowWrites);
        world.After(s_slowWrites, () =>
        {
            Pause(holder);
            ResumeAfterGrant(holder, database.Leases.Grants, world.Elapsed + s_longestPause);
        });
    });

    private void ResumeAfterGrant(SimulatedNode holder, int grants, TimeSpan latest)
    {
        bool isOver = database.Leases.Grants > grants || world.Elapsed >= latest;
        world.After(world.Random.Next(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(100)), () =>
        {
            if (isOver) world.Resume(holder);
            else ResumeAfterGrant(holder, grants, latest);
        });
    }

    private void Pause(SimulatedNode node)
    {
        if (node.IsRunning) world.Pause(node);
    }

    private void Cut(SimulatedNode node, TimeSpan begin, TimeSpan lasts)
    {
        SimulatedNode other = world.Nodes[world.Random.Next(world.Nodes.Count)];
        bool isOneWay = world.Random.Happens(0.3), isAlone = world.Random.Happens(0.5);
        Planes planes = world.Random.Happens(0.7) ? Planes.All : world.Random.Happens(0.5) ? Planes.Control : Planes.Data;
        world.After(begin, () =>
        {
            foreach (SimulatedNode far in isAlone ? world.Nodes.Where(far => far != node) : [other]) world.Network.Cut(node, far, isOneWay, planes);
        });
        world.After(begin + lasts, world.Network.Heal);
    }
}
