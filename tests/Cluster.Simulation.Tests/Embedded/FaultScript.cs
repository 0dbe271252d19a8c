using Cluster.Actors.Simulation;
using Cluster.Coordinator.Checkpoints;

namespace Cluster.Simulation.Tests.Embedded;

/// <summary>What goes wrong in a run: drawn from its seed, all of it over before the limit, so that the job must end.</summary>
internal static class FaultScript
{
    /// <summary>How long things may go wrong.</summary>
    public static readonly TimeSpan Trouble = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan LongestOutage = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan SlowWrites = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Training = TimeSpan.FromMilliseconds(800);

    /// <summary>Draws how bad the network is.</summary>
    public static SimulatedFaults DrawNetwork(SimulatedChance chance) => SimulatedFaults.All with
    {
        Loss = chance.Chance(0.25) ? 0 : chance.NextDouble() * 0.08,
        Duplication = chance.NextDouble() * 0.08,
        Reordering = chance.NextDouble() * 0.1,
        DelayMax = TimeSpan.FromMilliseconds(1 + (chance.NextDouble() * 30)),
    };

    /// <summary>Draws crashes, pauses and partitions, also from the database, each at its moment.</summary>
    public static void Schedule(SimulatedCluster cluster, SharedDatabase database)
    {
        for (int left = 1 + cluster.Chance.Next(6); left > 0; left--)
        {
            SimulatedNode node = Victim(cluster);
            TimeSpan begin = Early(cluster.Chance, Trouble), lasts = Early(cluster.Chance, LongestOutage);
            switch (cluster.Chance.Next(7))
            {
                case 0: Cut(cluster, node, begin, lasts); break;
                case 1: Stop(cluster, node, begin, lasts); break;
                case 2 or 3: StopHolder(cluster, database, begin); break;
                case 4: CutOff(cluster, database, node, begin, lasts); break;
                default: Kill(cluster, node, begin, lasts); break;
            }
        }
        cluster.Schedule(Trouble + LongestPause, () =>
        {
            cluster.Heal();
            cluster.Faults = cluster.Faults with { Loss = 0, Duplication = 0, Reordering = 0 };
        });
    }

    /// <summary>Draws what becomes of a checkpoint: now and then the disk keeps nothing, or half of it, and says that all is well.</summary>
    public static WriteFate DrawWrite(SimulatedCluster cluster) =>
        cluster.Faults.Loss == 0 ? WriteFate.Kept
        : cluster.Chance.Chance(0.1) ? WriteFate.Lost
        : cluster.Chance.Chance(0.15) ? WriteFate.Torn
        : WriteFate.Kept;

    // A coordinator more often than its share of the nodes: what it must not forget is the most.
    private static SimulatedNode Victim(SimulatedCluster cluster) =>
        cluster.Chance.Chance(0.5) ? cluster[cluster.Chance.Chance(0.5) ? "coordinator1" : "coordinator2"] : cluster.Nodes[cluster.Chance.Next(cluster.Nodes.Count)];

    // Rather soon than late: the job itself takes about a second, and short outages are over before anybody notices them.
    private static TimeSpan Early(SimulatedChance chance, TimeSpan longest)
    {
        double part = chance.NextDouble();
        return longest * (part * part);
    }

    private static void Kill(SimulatedCluster cluster, SimulatedNode node, TimeSpan begin, TimeSpan lasts)
    {
        cluster.Schedule(begin, () =>
        {
            if (node.IsRunning) cluster.Crash(node);
        });
        cluster.Schedule(begin + lasts, () =>
        {
            if (!node.IsRunning) cluster.Restart(node);
        });
    }

    private static void Stop(SimulatedCluster cluster, SimulatedNode node, TimeSpan begin, TimeSpan lasts)
    {
        cluster.Schedule(begin, () => Pause(cluster, node));
        cluster.Schedule(begin + lasts, () => cluster.Resume(node));
    }

    // The worst moment for whoever held the lease to wake: another has just taken over, and writes of its own are still under way.
    private static void StopHolder(SimulatedCluster cluster, SharedDatabase database, TimeSpan begin) => cluster.Schedule(begin, () =>
    {
        if (cluster.Nodes.FirstOrDefault(node => node.Name == database.Leases.Holder) is not { } holder)
        {
            // Nobody writes yet: later, while the job runs, tokens matter.
            if (cluster.Elapsed < Trouble) StopHolder(cluster, database, cluster.Chance.Next(SlowWrites, Training));
            return;
        }
        database.CutOff(holder, 2 * SlowWrites);
        cluster.Schedule(SlowWrites, () =>
        {
            Pause(cluster, holder);
            ResumeAfterGrant(cluster, database, holder, database.Leases.Grants, cluster.Elapsed + LongestPause);
        });
    });

    private static void ResumeAfterGrant(SimulatedCluster cluster, SharedDatabase database, SimulatedNode holder, int grants, TimeSpan latest)
    {
        bool over = database.Leases.Grants > grants || cluster.Elapsed >= latest;
        cluster.Schedule(cluster.Chance.Next(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(100)), () =>
        {
            if (over) cluster.Resume(holder);
            else ResumeAfterGrant(cluster, database, holder, grants, latest);
        });
    }

    private static void Pause(SimulatedCluster cluster, SimulatedNode node)
    {
        if (node.IsRunning) cluster.Pause(node);
    }

    private static void CutOff(SimulatedCluster cluster, SharedDatabase database, SimulatedNode node, TimeSpan begin, TimeSpan lasts) =>
        cluster.Schedule(begin, () => database.CutOff(node, lasts));

    private static void Cut(SimulatedCluster cluster, SimulatedNode node, TimeSpan begin, TimeSpan lasts)
    {
        SimulatedNode other = cluster.Nodes[cluster.Chance.Next(cluster.Nodes.Count)];
        bool oneWay = cluster.Chance.Chance(0.3), alone = cluster.Chance.Chance(0.5);
        cluster.Schedule(begin, () =>
        {
            if (alone) cluster.Partition([node], cluster.Nodes.Where(far => far != node));
            else cluster.Partition(node, other, oneWay);
        });
        cluster.Schedule(begin + lasts, cluster.Heal);
    }
}
