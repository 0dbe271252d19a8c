using Cluster.Ml.Data;
using Cluster.Ml.Linear;

namespace Cluster.Ml.SupportVectors;

/// <summary>The decision values of rows, without ρ: what a step, a measurement and a prediction need.</summary>
/// <remarks>
/// Equation  f(x) of the pair (a, b) = Σⱼ coefⱼ·K(xⱼ, x), j over the support vectors of both classes in their order
/// Range     a row's values do not depend on which other rows are computed with it
/// Cost      O(n·m·(d + k))
/// </remarks>
internal sealed class DecisionValues(SupportVectorLayout layout, Kernel kernel)
{
    /// <summary>Rows of one matrix product.</summary>
    public const int RowsAtOnce = 64;

    private readonly PackedVectors _vectors = new(layout);
    private readonly KernelBlock _block = new(kernel, layout.Features);
    private readonly double[] _rows = new double[RowsAtOnce * layout.Features], _decisions = new double[RowsAtOnce * layout.Pairs];
    private double[] _values = [];
    private double _gamma;

    /// <summary>Looks at a state.</summary>
    public void Prepare(Span<double> state)
    {
        _vectors.Pack(state);
        _gamma = new SupportVectorHeader(state).Gamma;
        if (_values.Length < RowsAtOnce * _vectors.Count) _values = new double[RowsAtOnce * _vectors.Count];
    }

    /// <summary>The values of at most <see cref="RowsAtOnce"/> rows, [rows, pairs]; they hold until the next call.</summary>
    public ReadOnlySpan<double> Of(RowTable table, ReadOnlySpan<int> rows)
    {
        int width = _vectors.Count;
        for (int i = 0; i < rows.Length; i++) table.DoublesOf(rows[i]).CopyTo(_rows.AsSpan(i * layout.Features));
        Span<double> values = _values.AsSpan(0, rows.Length * width);
        if (width > 0) _block.Fill(_rows, rows.Length, _vectors.Rows, _vectors.Norms, _gamma, values);
        for (int i = 0; i < rows.Length; i++) Decide(values.Slice(i * width, width), _decisions.AsSpan(i * layout.Pairs, layout.Pairs));
        return _decisions.AsSpan(0, rows.Length * layout.Pairs);
    }

    private void Decide(ReadOnlySpan<double> values, Span<double> decisions)
    {
        if (layout.Classes == 0)
        {
            decisions[0] = DoubleVectors.Dot(values, _vectors.Coefficients(0));
            return;
        }
        for (int first = 0, pair = 0; first < layout.Classes; first++)
            for (int second = first + 1; second < layout.Classes; second++, pair++)
                decisions[pair] = Sum(values, first, second - 1) + Sum(values, second, first);
    }

    private double Sum(ReadOnlySpan<double> values, int group, int slot)
    {
        (int start, int end) = (_vectors.Starts[group], _vectors.Starts[group + 1]);
        return DoubleVectors.Dot(values[start..end], _vectors.Coefficients(slot)[start..end]);
    }
}
