namespace Cluster.Ml.SupportVectors;

/// <summary>The rows of a state that have a coefficient, side by side.</summary>
/// <remarks>Shapes  rows [m, d], norms [m], coefficients [slots, m]; starts [groups + 1]</remarks>
internal sealed class PackedVectors(SupportVectorLayout layout)
{
    private double[] _rows = [], _norms = [], _coefficients = [];
    private readonly int[] _starts = new int[layout.Groups + 1];

    public int Count => _starts[^1];

    public ReadOnlySpan<double> Rows => _rows.AsSpan(0, Count * layout.Features);

    public ReadOnlySpan<double> Norms => _norms.AsSpan(0, Count);

    /// <summary>The first of each class, and after the last how many there are.</summary>
    public ReadOnlySpan<int> Starts => _starts;

    public ReadOnlySpan<double> Coefficients(int slot) => _coefficients.AsSpan(slot * Count, Count);

    /// <summary>Copies them out of a state.</summary>
    public void Pack(Span<double> state)
    {
        List<int> kept = [];
        Span<double> starts = layout.Starts(state);
        for (int group = 0; group < layout.Groups; group++)
        {
            for (int row = (int)starts[group]; row < (int)starts[group + 1]; row++)
                if (HasCoefficient(state, row)) kept.Add(row);
            _starts[group + 1] = kept.Count;
        }
        int features = layout.Features;
        if (_norms.Length < Count) (_rows, _norms, _coefficients) = (new double[Count * features], new double[Count], new double[Count * layout.Slots]);
        Span<double> rows = layout.RowsOf(state);
        for (int i = 0; i < kept.Count; i++)
        {
            Span<double> row = rows.Slice(kept[i] * features, features);
            row.CopyTo(_rows.AsSpan(i * features));
            _norms[i] = Kernel.SquaredNorm(row);
            for (int slot = 0; slot < layout.Slots; slot++) _coefficients[(slot * Count) + i] = layout.Coefficients(state, slot)[kept[i]];
        }
    }

    /// <summary>Leaves nothing else in a state.</summary>
    public void Unpack(Span<double> state)
    {
        Span<double> starts = layout.Starts(state), rows = layout.RowsOf(state);
        for (int group = 0; group < _starts.Length; group++) starts[group] = _starts[group];
        rows.Clear();
        Rows.CopyTo(rows);
        for (int slot = 0; slot < layout.Slots; slot++)
        {
            Span<double> coefficients = layout.Coefficients(state, slot);
            coefficients.Clear();
            Coefficients(slot).CopyTo(coefficients);
        }
    }

    private bool HasCoefficient(Span<double> state, int row)
    {
        for (int slot = 0; slot < layout.Slots; slot++)
            if (layout.Coefficients(state, slot)[row] != 0) return true;
        return false;
    }
}
