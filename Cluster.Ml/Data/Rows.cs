using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Data;

/// <summary>Rows of numbers in memory, after scaling, in the element type that the learner asked for.</summary>
/// <remarks>
/// Shapes    features [Rows, Columns] row-major; targets [Rows] (class index or value; empty where there is no target)
/// </remarks>
public sealed class RowTable
{
    /// <summary>Wraps numbers that are already in memory.</summary>
    /// <exception cref="ArgumentException">The sizes do not fit.</exception>
    public RowTable(NumericBuffer features, int columns, double[] targets)
    {
        if (columns < 0 || (columns > 0 && features.Length % columns != 0))
            throw new ArgumentException($"RowTable: wanted features of {columns} columns, got {features.Length} numbers.", nameof(features));
        Features = features;
        Columns = columns;
        Rows = columns == 0 ? targets.Length : features.Length / columns;
        Targets = targets;
        if (targets.Length != 0 && targets.Length != Rows)
            throw new ArgumentException($"RowTable: wanted {Rows} targets, got {targets.Length}.", nameof(targets));
    }

    /// <summary>All features, row-major.</summary>
    public NumericBuffer Features { get; }

    /// <summary>Numbers a row.</summary>
    public int Columns { get; }

    /// <summary>How many rows.</summary>
    public int Rows { get; }

    /// <summary>One target a row, or none at all.</summary>
    public double[] Targets { get; }

    /// <summary>One row's features as floats, [Columns].</summary>
    public ReadOnlySpan<float> FloatsOf(int row) => Features.Floats.Slice(row * Columns, Columns);

    /// <summary>One row's features as doubles, [Columns].</summary>
    public ReadOnlySpan<double> DoublesOf(int row) => Features.Doubles.Slice(row * Columns, Columns);
}

/// <summary>Some rows of a table, of any split, to be looked at but not learned from.</summary>
/// <param name="Table">The numbers.</param>
/// <param name="Order">Which of its rows, in this order.</param>
public readonly record struct RowRange(RowTable Table, ReadOnlyMemory<int> Order)
{
    /// <summary>How many rows.</summary>
    public int Count => Order.Length;
}

/// <summary>
/// The training rows of one data shard. Only the split of a data set makes one, and a <see cref="MicroBatch"/> can be
/// made from nothing else: that is how a learner is kept from ever seeing a validation or test row (the golden rule).
/// </summary>
public sealed class TrainingShard
{
    internal TrainingShard(int index, RowTable table, int[] rows, int[] exampleIds)
    {
        Index = index;
        Table = table;
        RowsInTable = rows;
        ExampleIds = exampleIds;
    }

    /// <summary>Which shard this is; equal to the index of its micro-batch in every step.</summary>
    public int Index { get; }

    /// <summary>How many training rows it holds.</summary>
    public int Count => RowsInTable.Length;

    /// <summary>The numbers.</summary>
    public RowTable Table { get; }

    /// <summary>Where each of the shard's rows is in the table, [Count].</summary>
    public ReadOnlySpan<int> Rows => RowsInTable;

    /// <summary>Each row's number among all training rows: what chance about an example is keyed by, [Count].</summary>
    public ReadOnlySpan<int> Ids => ExampleIds;

    internal int[] RowsInTable { get; }

    internal int[] ExampleIds { get; }
}

/// <summary>The rows of one shard that take part in one step.</summary>
/// <param name="Shard">Where they are.</param>
/// <param name="Positions">Indices into the shard's rows, in the order in which they are summed.</param>
public readonly record struct MicroBatch(TrainingShard Shard, ReadOnlyMemory<int> Positions)
{
    /// <summary>How many examples; may be 0.</summary>
    public int Count => Positions.Length;

    /// <summary>What its earlier steps left out, for a learner with <see cref="ILearner.Feedback"/>; null for others.</summary>
    public Residual? Residual { get; init; }
}
