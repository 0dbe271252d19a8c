namespace Cluster.Coordinator.ParameterServer;

/// <summary>Nodes that said what was not theirs to say: counted, so that each is named in the log, and the log not filled; and those of whom nothing is taken any more.</summary>
internal sealed class Offenders
{
    private const int NodesMax = 1024;
    private readonly Dictionary<Address, long> _counts = [];
    private readonly HashSet<Address> _excluded = [];

    /// <summary>Counts an offence. Whether it is to be told: the first, the second, the fourth …</summary>
    public bool Count(Address node)
    {
        if (_counts.Count >= NodesMax && !_counts.ContainsKey(node)) _counts.Clear();
        long count = _counts[node] = _counts.GetValueOrDefault(node) + 1;
        return long.IsPow2(count);
    }

    /// <summary>Takes nothing of the node any more.</summary>
    public void Exclude(Address node) => _excluded.Add(node);

    /// <summary>Whether nothing is taken of the node.</summary>
    public bool IsExcluded(Address node) => _excluded.Contains(node);
}
