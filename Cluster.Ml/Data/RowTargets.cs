using System.Collections;

namespace Cluster.Ml.Data;

/// <summary>The targets of a table: the index of each row's class, or a number; or none at all.</summary>
/// <remarks>Shapes  [Length]: one a row, or 0</remarks>
public sealed class RowTargets : IReadOnlyList<double>
{
    private readonly double[]? _inMemory;
    private readonly RowStore? _mapped;

    internal RowTargets(double[] inMemory) => (_inMemory, Length) = (inMemory, inMemory.Length);

    internal RowTargets(RowStore mapped) => (_mapped, Length) = (mapped, mapped.Rows);

    /// <summary>How many there are: one a row, or none.</summary>
    public int Length { get; }

    /// <inheritdoc/>
    public int Count => Length;

    /// <summary>The target of a row.</summary>
    public double this[int row] => _inMemory is { } targets ? targets[row] : _mapped!.TargetOf(row);

    /// <inheritdoc/>
    public IEnumerator<double> GetEnumerator()
    {
        for (int row = 0; row < Length; row++) yield return this[row];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
