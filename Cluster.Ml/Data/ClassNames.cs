namespace Cluster.Ml.Data;

/// <summary>Finds classes by their names.</summary>
internal sealed class ClassNames
{
    private readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal), _byIdentity = new(StringComparer.Ordinal);

    /// <param name="names">In index order.</param>
    public ClassNames(IReadOnlyList<string> names)
    {
        Names = names;
        for (int i = 0; i < names.Count; i++)
        {
            _byName.TryAdd(names[i], i);
            _byIdentity.TryAdd(ClassLabels.IdentityOf(names[i]), i);
        }
    }

    /// <summary>In index order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The index of the class that is called so; −1 if there is none.</summary>
    public int IndexOf(string label) =>
        _byName.TryGetValue(label, out int index) || _byIdentity.TryGetValue(ClassLabels.IdentityOf(label), out index) ? index : -1;
}
