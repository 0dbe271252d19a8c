namespace Cluster.Actors.Tests.Embedded;

/// <summary>Who runs what at this moment, as the actors themselves report it; and whether anything ever ran twice.</summary>
internal sealed class Census
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, SortedSet<string>> _running = new(StringComparer.Ordinal);
    private readonly List<string> _doubles = [];
    private readonly Dictionary<string, int> _starts = [];

    /// <summary>One line for each moment at which something ran on two nodes.</summary>
    public IReadOnlyList<string> Doubles
    {
        get
        {
            lock (_gate) return [.. _doubles];
        }
    }

    public void Started(string name, string node)
    {
        lock (_gate)
        {
            if (!_running.TryGetValue(name, out SortedSet<string>? nodes)) _running[name] = nodes = new(StringComparer.Ordinal);
            nodes.Add(node);
            _starts[name] = _starts.GetValueOrDefault(name) + 1;
            if (nodes.Count > 1) _doubles.Add($"{name} runs on {string.Join(" and ", nodes)}");
        }
    }

    public void Stopped(string name, string node)
    {
        lock (_gate) _running.GetValueOrDefault(name)?.Remove(node);
    }

    public void NodeLost(string node)
    {
        lock (_gate)
        {
            foreach (SortedSet<string> nodes in _running.Values) nodes.Remove(node);
        }
    }

    /// <summary>How often it was started.</summary>
    public int Starts(string name)
    {
        lock (_gate) return _starts.GetValueOrDefault(name);
    }

    /// <summary>The nodes that run it.</summary>
    public IReadOnlyList<string> Where(string name)
    {
        lock (_gate) return _running.TryGetValue(name, out SortedSet<string>? nodes) ? [.. nodes] : [];
    }

    /// <summary>How many things each node runs.</summary>
    public IReadOnlyDictionary<string, int> Load()
    {
        lock (_gate) return _running.Values.SelectMany(nodes => nodes).GroupBy(node => node).ToDictionary(group => group.Key, group => group.Count());
    }
}
