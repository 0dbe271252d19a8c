namespace Cluster.Ml.Trees.Growth;

/// <summary>Whose histograms one step gathers: a function of the state alone, so that workers and parameter server agree.</summary>
/// <remarks>
/// Range  waiting nodes in the order in which they arose, so that shallow ones come first. Of two waiting children whose parent's histogram
///        is kept only the one with fewer rows is gathered: the other's is the difference
/// </remarks>
internal sealed class GrowthPlan
{
    private readonly List<Place> _places = [];
    private int[] _placeOf = [];

    /// <summary>What is gathered, in the order of places.</summary>
    public IReadOnlyList<Place> Places => _places;

    /// <summary>The place of a node's histogram, or −1.</summary>
    public int PlaceOf(int node) => _placeOf[node];

    /// <summary>Plans the next step.</summary>
    /// <param name="nodes">The slice that grows.</param>
    /// <param name="count">Nodes that there are.</param>
    /// <param name="placesMax">Histograms that a contribution holds, at least 1.</param>
    public void Set(NodeTable nodes, int count, int placesMax)
    {
        _places.Clear();
        if (_placeOf.Length < count) _placeOf = new int[nodes.Count];
        _placeOf.AsSpan(0, count).Fill(-1);
        for (int i = 0; i < count && _places.Count < placesMax; i++)
        {
            if (!nodes[i].IsWaiting) continue;
            int parent = (int)nodes[i].Parent - 1;
            int left = parent < 0 ? i : (int)nodes[parent].Left;
            bool pair = parent >= 0 && nodes[parent].Slot > 0 && i == left && nodes[left + 1].IsWaiting;
            if (!pair)
            {
                Add(new Place(i, -1, -1));
                continue;
            }
            bool leftIsSmaller = nodes[left].Rows <= nodes[left + 1].Rows;
            Add(new Place(leftIsSmaller ? left : left + 1, leftIsSmaller ? left + 1 : left, parent));
            i = left + 1;
        }
    }

    private void Add(Place place)
    {
        _placeOf[place.Node] = _places.Count;
        _places.Add(place);
    }

    /// <summary>One histogram of a contribution.</summary>
    /// <param name="Node">Whose rows it counts.</param>
    /// <param name="Sibling">The node whose histogram is the parent's less this one; −1 for none.</param>
    /// <param name="Parent">Whose histogram is kept; −1 if no difference is taken.</param>
    internal readonly record struct Place(int Node, int Sibling, int Parent);
}
