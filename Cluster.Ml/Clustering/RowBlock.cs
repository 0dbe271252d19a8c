using Cluster.Ml.Data;

namespace Cluster.Ml.Clustering;

/// <summary>A few rows that are compared with all centroids together: as doubles, and as floats for one matrix product.</summary>
internal sealed class RowBlock(int features)
{
    /// <summary>The most rows of a block: four register tiles, and what the second cache holds of common rows.</summary>
    public const int RowsMax = 48;

    private readonly int[] _places = new int[RowsMax];
    private readonly double[] _norms = new double[RowsMax];
    private double[] _copies = [];
    private float[] _floats = [];
    private RowTable? _table;
    private bool _hasFloats;

    /// <summary>How many rows it holds.</summary>
    public int Count { get; private set; }

    /// <summary>One row, [features].</summary>
    public ReadOnlySpan<double> this[int row] => _table is { } table ? table.DoublesOf(_places[row]) : _copies.AsSpan(row * features, features);

    /// <summary>Takes the rows at some places of a table.</summary>
    public void Load(RowTable table, ReadOnlySpan<int> places)
    {
        (Count, _hasFloats) = (places.Length, false);
        _table = table.IsInMemory ? table : null;
        places.CopyTo(_places);
        if (table.IsInMemory) return;
        if (_copies.Length == 0) _copies = new double[RowsMax * features];
        for (int row = 0; row < places.Length; row++) table.DoublesOf(places[row]).CopyTo(_copies.AsSpan(row * features));
    }

    /// <summary>All rows as floats, [Count, features].</summary>
    public ReadOnlySpan<float> Floats
    {
        get
        {
            Convert();
            return _floats.AsSpan(0, Count * features);
        }
    }

    /// <summary>The length of each row, ‖x‖, to within a relative error of features · 2⁻⁵³, [Count].</summary>
    public ReadOnlySpan<double> Norms
    {
        get
        {
            Convert();
            return _norms.AsSpan(0, Count);
        }
    }

    private void Convert()
    {
        if (_hasFloats) return;
        if (_floats.Length == 0) _floats = new float[RowsMax * features];
        for (int row = 0; row < Count; row++) _norms[row] = Math.Sqrt(FloatVectors.Narrow(this[row], _floats.AsSpan(row * features, features)));
        _hasFloats = true;
    }
}
