using Cluster.Simulation.Tests.World;

namespace Cluster.Simulation.Tests.Network;

/// <summary>
/// What lies between the machines: it knows connections, not what they are for. The engine's transport sends through it on
/// <see cref="Planes.Control"/>; a data plane's transport may on <see cref="Planes.Data"/>, under the same seed and the same faults.
/// </summary>
internal sealed class SimulatedNetwork(SimulatedWorld world)
{
    private readonly Dictionary<(string From, string To), Planes> _cut = [];

    /// <summary>How bad it is now.</summary>
    public NetworkFaults Faults { get; set; } = new();

    /// <summary>Messages lost at random, at a cut, or at a machine that is down.</summary>
    public long Lost { get; private set; }

    /// <summary>Things that came twice.</summary>
    public long Duplicated { get; private set; }

    /// <summary>Lets nothing through between two machines, until healed.</summary>
    /// <param name="first">One.</param>
    /// <param name="second">The other.</param>
    /// <param name="oneWay">Whether only what the first sends to the second is stopped.</param>
    /// <param name="planes">What is cut.</param>
    public void Cut(SimulatedNode first, SimulatedNode second, bool oneWay = false, Planes planes = Planes.All)
    {
        world.Trace.Write(world.Elapsed, $"{first.Name} {(oneWay ? "->" : "--")} {second.Name}: cut, {planes}");
        _cut[(first.Name, second.Name)] = _cut.GetValueOrDefault((first.Name, second.Name)) | planes;
        if (!oneWay) _cut[(second.Name, first.Name)] = _cut.GetValueOrDefault((second.Name, first.Name)) | planes;
    }

    /// <summary>Ends all cuts.</summary>
    public void Heal()
    {
        world.Trace.Write(world.Elapsed, "network: healed");
        _cut.Clear();
    }

    /// <summary>Whether nothing gets through.</summary>
    public bool IsCut(string from, string to, Planes plane) => _cut.Count > 0 && (_cut.GetValueOrDefault((from, to)) & plane) != 0;

    /// <summary>How long something is under way.</summary>
    public TimeSpan DrawDelay() => world.Random.Next(Faults.DelayMin, Faults.DelayMax);

    /// <summary>Carries something, as the faults have it: not at all, once or twice, sooner or later.</summary>
    /// <param name="lane">On which connection.</param>
    /// <param name="arrive">What happens there, on the receiver.</param>
    /// <param name="spared">Whether random faults spare it; a cut does not.</param>
    public void Carry(Lane lane, Action arrive, bool spared = false)
    {
        (string from, string to) = (lane.From.Node.Name, lane.To.Node.Name);
        if (IsCut(from, to, lane.Plane) || (!spared && world.Random.Happens(Faults.Loss)))
        {
            Lost++;
            return;
        }
        CarryOne(lane, arrive, !spared && world.Random.Happens(Faults.Reordering));
        if (spared || !world.Random.Happens(Faults.Duplication)) return;
        Duplicated++;
        CarryOne(lane, arrive, world.Random.Happens(Faults.Reordering));
    }

    private void CarryOne(Lane lane, Action arrive, bool mayOvertake)
    {
        // Up to twice the longest delay, so that even a constant delay can be reordered.
        TimeSpan delay = mayOvertake ? world.Random.Next(TimeSpan.Zero, Faults.DelayMax * 2) : DrawDelay();
        long arrival = world.Ticks + delay.Ticks;
        if (!mayOvertake) lane.LastArrival = arrival = Math.Max(arrival, lane.LastArrival + 1);
        world.At(arrival, lane.To, () =>
        {
            if (IsCut(lane.From.Node.Name, lane.To.Node.Name, lane.Plane)) Lost++;
            else arrive();
        });
    }
}
