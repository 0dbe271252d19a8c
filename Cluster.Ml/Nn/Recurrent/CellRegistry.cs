namespace Cluster.Ml.Nn.Recurrent;

/// <summary>The cells that a recurrent layer may be made of, one a line.</summary>
internal static class CellRegistry
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<RecurrentCell> All = [new LstmCell(), new TanhCell()];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(cell => cell.Name)];

    /// <summary>The cell of this name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static RecurrentCell Of(string name) => All.FirstOrDefault(cell => cell.Name == name)
        ?? throw new ArgumentException($"CellRegistry: wanted {string.Join(" or ", Names)}, got {name}.", nameof(name));
}
