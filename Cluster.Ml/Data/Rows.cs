using Cluster.Ml.Compression;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Data;

/// <summary>Some rows of a table, of any split, to be looked at but not learned from.</summary>
/// <param name="Table">The numbers.</param>
/// <param name="Order">Which of its rows, in this order.</param>
public readonly record struct RowRange(RowTable Table, ReadOnlyMemory<int> Order)
{
    /// <summary>How many rows.</summary>
    public int Count => Order.Length;

    /// <summary>How many more rows the source has, which were left out because they lack values.</summary>
    public int DroppedRows { get; init; }

    /// <summary>The rows in double precision, [rows, columns], as a learner of such numbers sees them.</summary>
    /// <param name="numbers">The learner's kind of numbers: values of single precision are widened, not read anew.</param>
    public double[] ToDoubles(NumberKind numbers)
    {
        int columns = Table.Columns;
        double[] values = new double[Count * columns];
        for (int i = 0; i < Count; i++)
        {
            int row = Order.Span[i];
            if (numbers == NumberKind.Float64) Table.DoublesOf(row).CopyTo(values.AsSpan(i * columns));
            else for (int f = 0; f < columns; f++) values[(i * columns) + f] = Table.FloatsOf(row)[f];
        }
        return values;
    }
}

/// <summary>
/// The training rows of one data shard. Only the split of a data set makes one, and a <see cref="MicroBatch"/> can be
/// made from nothing else: that is how a learner is kept from ever seeing a validation or test row (the golden rule).
/// </summary>
public sealed class TrainingShard
{
    private readonly Action? _open;
    private volatile RowTable? _table;

    /// <summary>A shard whose rows are opened when one is first looked at.</summary>
    /// <param name="index">Which.</param>
    /// <param name="open">Calls <see cref="Take"/> with a table of this shard's rows alone, unless it was called before.</param>
    /// <param name="ids">Of its rows.</param>
    internal TrainingShard(int index, Action open, ShardNumbers ids)
        : this(index, (RowTable?)null, new ShardNumbers(null, 0, 1, ids.Length), ids) => _open = open;

    internal TrainingShard(int index, RowTable? table, ShardNumbers rows, ShardNumbers ids)
    {
        Index = index;
        _table = table;
        Rows = rows;
        Ids = ids;
    }

    internal TrainingShard(int index, RowTable table, int[] rows, int[] ids)
        : this(index, table, new ShardNumbers(rows, 0, 1, rows.Length), new ShardNumbers(ids, 0, 1, ids.Length))
    {
    }

    /// <summary>Which shard this is; equal to the index of its micro-batch in every step.</summary>
    public int Index { get; }

    /// <summary>How many training rows it holds.</summary>
    public int Count => Rows.Length;

    /// <summary>The numbers. Of a shard whose rows are not held yet, they are opened now.</summary>
    /// <exception cref="BadInputException">They cannot be.</exception>
    public RowTable Table => _table ?? Opened();

    /// <summary>Whether its rows can be looked at without delay.</summary>
    public bool IsOpen => _table is not null;

    /// <summary>Where each of the shard's rows is in the table, [Count].</summary>
    public ShardNumbers Rows { get; }

    /// <summary>Each row's number among all training rows: what randomness about an example is keyed by, [Count].</summary>
    public ShardNumbers Ids { get; }

    /// <summary>The shard's rows are there.</summary>
    internal void Take(RowTable table) => _table = table;

    private RowTable Opened()
    {
        _open!();
        return _table!;
    }
}

/// <summary>The rows of one shard that take part in one step.</summary>
/// <param name="Shard">Where they are.</param>
/// <param name="Positions">Indices into the shard's rows, in the order in which they are summed.</param>
public readonly record struct MicroBatch(TrainingShard Shard, ReadOnlyMemory<int> Positions)
{
    /// <summary>How many examples; may be 0.</summary>
    public int Count => Positions.Length;

    /// <summary>What its earlier steps left out, for a learner with <see cref="Compression.IFeedback"/>; null for others.</summary>
    public Residual? Residual { get; init; }
}
