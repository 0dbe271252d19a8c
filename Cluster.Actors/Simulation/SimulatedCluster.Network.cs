namespace Cluster.Actors.Simulation;

public sealed partial class SimulatedCluster
{
    private readonly HashSet<(int From, int To)> _cut = [];
    private readonly Dictionary<(int From, int To), long> _lastArrival = [];

    /// <summary>Messages that the network has lost, or dropped at a partition or a dead node.</summary>
    public long Dropped { get; private set; }

    /// <summary>Messages that it has delivered twice.</summary>
    public long Duplicated { get; private set; }

    /// <summary>Lets nothing through between two nodes, until healed.</summary>
    /// <param name="first">One node.</param>
    /// <param name="second">The other.</param>
    /// <param name="oneWay">Whether only what the first sends to the second is stopped.</param>
    public void Partition(SimulatedNode first, SimulatedNode second, bool oneWay = false)
    {
        _cut.Add((first.Index, second.Index));
        if (!oneWay)
            _cut.Add((second.Index, first.Index));
    }

    /// <summary>Separates two groups of nodes.</summary>
    public void Partition(IEnumerable<SimulatedNode> group, IEnumerable<SimulatedNode> others)
    {
        SimulatedNode[] far = [.. others];
        foreach (SimulatedNode near in group)
        {
            foreach (SimulatedNode other in far)
                Partition(near, other);
        }
    }

    /// <summary>Ends all partitions.</summary>
    public void Heal() => _cut.Clear();

    public void Heal(SimulatedNode first, SimulatedNode second)
    {
        _cut.Remove((first.Index, second.Index));
        _cut.Remove((second.Index, first.Index));
    }

    internal void Send(NodeLife from, NodeEnvelope envelope)
    {
        SimulatedNode? to = null;
        foreach (SimulatedNode node in _nodes)
        {
            if (string.Equals(node.Name, envelope.To.Host, StringComparison.Ordinal))
                to = node;
        }

        bool befalls = Faults.Befalls is null || Faults.Befalls(envelope.Message);
        if (to is null || IsCut(from.Node, to) || (befalls && Chance.Chance(Faults.Loss)))
        {
            Dropped++;
            return;
        }

        // As bytes from the moment of sending: a sender that changes its message afterwards must not change the copy.
        Serialization.SerializedMessage? bytes = Faults.Serialize ? from.Gateway?.Serialization.TrySerialize(envelope.Message) : null;
        SimulatedDelivery delivery = new(from, to, envelope, bytes);
        Arrange(delivery, befalls && Chance.Chance(Faults.Reordering));
        if (befalls && Chance.Chance(Faults.Duplication))
        {
            Duplicated++;
            Arrange(delivery, befalls && Chance.Chance(Faults.Reordering));
        }
    }

    internal void Deliver(SimulatedDelivery delivery)
    {
        NodeLife to = delivery.To.Life;
        if (!to.Alive || to.Gateway is not { } gateway || IsCut(delivery.From.Node, delivery.To))
        {
            Dropped++;
            return;
        }

        if (to.Held is { } held)
        {
            held.Add(new SimulatedEvent(delivery));
            return;
        }

        NodeLife? outer = Running;
        Running = to;
        try
        {
            NodeEnvelope envelope = delivery.Envelope;
            if (delivery.Bytes is { } bytes)
                envelope = envelope with { Message = gateway.Serialization.Deserialize(bytes.Bytes, bytes.SerializerId, bytes.Manifest) };
            gateway.Receive(envelope);
        }
        finally
        {
            Running = outer;
        }
    }

    private bool IsCut(SimulatedNode from, SimulatedNode to) => _cut.Count > 0 && _cut.Contains((from.Index, to.Index));

    private void Arrange(SimulatedDelivery delivery, bool mayOvertake)
    {
        (int, int) pair = (delivery.From.Node.Index, delivery.To.Index);
        long arrival = Ticks + Chance.Next(Faults.DelayMin, Faults.DelayMax).Ticks;
        if (mayOvertake)
        {
            // Up to twice the longest delay, so that even a constant delay can be reordered.
            arrival = Ticks + Chance.Next(TimeSpan.Zero, Faults.DelayMax * 2).Ticks;
        }
        else
        {
            if (_lastArrival.TryGetValue(pair, out long last) && arrival <= last)
                arrival = last + 1;
            _lastArrival[pair] = arrival;
        }

        EnqueueAt(arrival, new SimulatedEvent(delivery));
    }
}
