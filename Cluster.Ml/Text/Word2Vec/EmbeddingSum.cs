using System.Numerics.Tensors;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Text.Word2Vec;

/// <summary>A row-sparse contribution: which rows it moves, how far, and by how many terms.</summary>
/// <remarks>
/// Layout    head: the step's statistics, then the number of records; record: row, terms, share, 13 zeros, displacement [Width]
/// Range     rows ascend; rows, records and statistics are whole numbers below 2²⁴ or sums, as floats
/// Cost      merging reads and writes the records of both sides once, in place, and no others
/// </remarks>
internal readonly ref struct EmbeddingSum(EmbeddingLayout layout, Span<float> numbers)
{
    private const int CountAt = StepStatistics.Length;
    private const int RowAt = 0, TermsAt = 1, ShareAt = 2;
    private readonly Span<float> _numbers = numbers;

    /// <summary>Loss, examples, correct.</summary>
    public Span<float> Statistics => _numbers[..StepStatistics.Length];

    /// <summary>How many rows it touches.</summary>
    public int Count
    {
        get => (int)_numbers[CountAt];
        set => _numbers[CountAt] = value;
    }

    /// <summary>The leading numbers that mean anything.</summary>
    public int UsedLength => EmbeddingLayout.Lane + (Count * layout.RecordLength);

    /// <summary>Whether its records are as many as its length says, of rows that there are, ascending.</summary>
    public bool IsSound(int length)
    {
        float count = _numbers[CountAt];
        if (!(count >= 0 && count <= layout.RecordsMax && UsedLength == length)) return false;
        int before = -1;
        for (int record = 0; record < Count; record++)
        {
            float row = Record(record)[RowAt];
            if (!(row > before && row < layout.Rows)) return false;
            before = (int)row;
        }
        return true;
    }

    /// <summary>Empties it.</summary>
    public void Clear() => _numbers[..EmbeddingLayout.Lane].Clear();

    /// <summary>Which row a record is of.</summary>
    public int RowOf(int record) => (int)Record(record)[RowAt];

    /// <summary>How many terms moved it.</summary>
    public float TermsOf(int record) => Record(record)[TermsAt];

    /// <summary>Σ over micro-batches of what the terms of each count for; see <see cref="Word2VecLearner"/>.</summary>
    public float ShareOf(int record) => Record(record)[ShareAt];

    /// <summary>Its displacement, [Width].</summary>
    public Span<float> DecisionOf(int record) => Record(record)[EmbeddingLayout.Lane..];

    /// <summary>Appends a record, whose displacement is to be written.</summary>
    public Span<float> Append(int row, float terms, float share)
    {
        int record = Count++;
        Write(record, row, terms, share);
        return DecisionOf(record);
    }

    /// <summary>Adds what another moves.</summary>
    public void Merge(EmbeddingSum other)
    {
        TensorPrimitives.Add(Statistics, other.Statistics, Statistics);
        int mine = Count - 1, others = other.Count - 1, to = UnionCount(other) - 1;
        Count = to + 1;
        for (; others >= 0; to--)      // from the end, if there is room; what is left then is in its place already
        {
            int order = mine < 0 ? -1 : RowOf(mine) - other.RowOf(others);
            if (order > 0) Record(mine--).CopyTo(Record(to));
            else if (order < 0) other.Record(others--).CopyTo(Record(to));
            else Add(mine--, other, others--, to);
        }
    }

    /// <summary>Adds another's record of the same row to one of these; other threads may look for their rows meanwhile.</summary>
    public void AddRecord(int record, EmbeddingSum other, int others) => Add(record, other, others, record);

    /// <summary>The first record of this row or a later one.</summary>
    public int FirstAt(int row)
    {
        int first = 0, end = _numbers.IsEmpty ? 0 : Count;
        while (first < end)
        {
            int middle = (first + end) / 2;
            if (RowOf(middle) < row) first = middle + 1;
            else end = middle;
        }
        return first;
    }

    /// <summary>Which row a record is of; behind the last one, the end of all rows. Of no sum at all, too.</summary>
    public int RowOrEnd(int record) => !_numbers.IsEmpty && record < Count ? RowOf(record) : int.MaxValue;

    private void Add(int mine, EmbeddingSum other, int others, int to)
    {
        Span<float> a = Record(mine), b = other.Record(others), sum = Record(to);
        sum[RowAt] = a[RowAt];
        TensorPrimitives.Add(a[TermsAt..], b[TermsAt..], sum[TermsAt..]);
    }

    private int UnionCount(EmbeddingSum other)
    {
        int mine = Count, others = other.Count, union = mine + others;
        for (int i = 0, j = 0; i < mine && j < others;)
        {
            int order = RowOf(i) - other.RowOf(j);
            if (order == 0) union--;
            if (order <= 0) i++;
            if (order >= 0) j++;
        }
        return union;
    }

    private void Write(int record, int row, float terms, float share)
    {
        Span<float> head = Record(record)[..EmbeddingLayout.Lane];
        head.Clear();
        (head[RowAt], head[TermsAt], head[ShareAt]) = (row, terms, share);
    }

    private Span<float> Record(int record) => _numbers.Slice(EmbeddingLayout.Lane + (record * layout.RecordLength), layout.RecordLength);
}
