using System.Numerics.Tensors;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Text.Word2Vec;

/// <summary>Moves the rows of the state by a row-sparse contribution, from one buffer to another, in parts that may run side by side.</summary>
/// <remarks>
/// Equation  see <see cref="Word2VecLearner"/>; if the two halves of the tree are still apart, each row's records are added here
/// Range     a row depends on its own records alone: the same bits however the rows are shared out
/// Cost      reads and writes every row once; a step allocates nothing unless another one runs at the same time
/// </remarks>
internal sealed class EmbeddingUpdate
{
    /// <summary>Numbers of one part: some microseconds of work, which is what it costs to share it.</summary>
    private const int PartNumbers = 16 * 1024;

    /// <summary>With fewer parts than this, another thread would come too late to help.</summary>
    private const int SharedPartsMin = 4;

    private readonly EmbeddingLayout _layout;
    private readonly int _rowsOfPart;
    private readonly int _parts;
    private Call? _spare;

    public EmbeddingUpdate(EmbeddingLayout layout)
    {
        _layout = layout;
        _rowsOfPart = Math.Max(1, PartNumbers / layout.Width);
        _parts = (layout.Rows + _rowsOfPart - 1) / _rowsOfPart;
    }

    /// <summary>Moves all rows.</summary>
    /// <param name="buffers">The state before and after, and the combined contribution or its two halves.</param>
    /// <param name="pace">c of <see cref="Word2VecLearner"/>.</param>
    /// <param name="runner">Runs the parts.</param>
    /// <returns>The first row with new numbers that are not finite, or null.</returns>
    public int? Run(in UpdateBuffers buffers, float pace, IPartRunner runner)
    {
        Call call = Interlocked.Exchange(ref _spare, null) ?? new Call(this);
        call.Begin(buffers, pace);
        (_parts < SharedPartsMin ? PartsInTurn.Instance : runner).Run(_parts, call.RunPart);
        int? error = call.Error.Number;
        call.End();
        _spare = call;
        return error;
    }

    /// <summary>Some rows: those that a record moves, and copies of those between them.</summary>
    private void Move(int row, int end, Call call)
    {
        EmbeddingSum sum = new(_layout, call.Buffers.Sum.Floats);
        EmbeddingSum rest = call.Buffers.Rest is { } numbers ? new(_layout, numbers.Floats) : default;
        int left = sum.FirstAt(row), right = rest.FirstAt(row);
        while (row < end)
        {
            int moved = Math.Min(end, Math.Min(sum.RowOrEnd(left), rest.RowOrEnd(right)));
            Keep(row, moved, call.Buffers);
            if (moved == end) return;
            bool hasLeft = sum.RowOrEnd(left) == moved;
            if (hasLeft && rest.RowOrEnd(right) == moved) sum.AddRecord(left, rest, right++);
            bool finite = hasLeft ? Move(moved, sum, left++, call) : Move(moved, rest, right++, call);
            if (!finite) call.Error.Report(moved);
            row = moved + 1;
        }
    }

    private bool Move(int row, EmbeddingSum from, int record, Call call)
    {
        Span<float> after = call.Buffers.After.Floats.Slice(row * _layout.Width, _layout.Width);
        float share = Word2VecLearner.ShareOf(from.TermsOf(record), call.Pace) / from.ShareOf(record);
        TensorPrimitives.FusedMultiplyAdd(from.DecisionOf(record), share, call.Buffers.Before.Floats.Slice(row * _layout.Width, _layout.Width), after);
        return Reductions.AllFinite(after);
    }

    private void Keep(int row, int end, in UpdateBuffers buffers)
    {
        if (buffers.Before == buffers.After || row == end) return;
        Span<float> after = buffers.After.Floats[(row * _layout.Width)..(end * _layout.Width)];
        buffers.Before.Floats[(row * _layout.Width)..(end * _layout.Width)].CopyTo(after);
    }

    /// <summary>One step, as the threads that share it see it.</summary>
    private sealed class Call
    {
        public Call(EmbeddingUpdate update) => RunPart = part =>
        {
            int first = part * update._rowsOfPart;
            update.Move(first, Math.Min(first + update._rowsOfPart, update._layout.Rows), this);
        };

        public Action<int> RunPart { get; }

        public FirstFailure Error { get; } = new();

        public UpdateBuffers Buffers { get; private set; }

        public float Pace { get; private set; }

        public void Begin(in UpdateBuffers buffers, float pace)
        {
            (Buffers, Pace) = (buffers, pace);
            Error.Clear();
        }

        /// <summary>Lets go of the buffers.</summary>
        public void End() => Buffers = default;
    }
}
