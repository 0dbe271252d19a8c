using Cluster.Ml.Learning.Ranges;

namespace Cluster.Ml.Nn.Optimizers;

/// <summary>What one optimizer of a model changes in its steps, and in which pieces.</summary>
internal sealed class StepTurn
{
    /// <summary>Parameters of one piece: some microseconds of work, which is what it costs to share it.</summary>
    private const int PieceNumbers = 16 * RangeGrid.CellLength;

    private readonly Slice[] _gradients;

    /// <summary>The turn of one optimizer.</summary>
    /// <param name="optimizer">The update rule.</param>
    /// <param name="blocks">All blocks of the model, in the order of their parameters.</param>
    /// <param name="trained">Which of them it trains; the others stay as they are.</param>
    /// <param name="norm">How the norm of its gradient is formed.</param>
    public StepTurn(Optimizer optimizer, IReadOnlyList<StepBlock> blocks, IReadOnlyList<bool> trained, NormRule norm)
    {
        Optimizer = optimizer;
        _gradients = [.. blocks.Where((_, i) => trained[i]).Select(block => block.GradientPlaces)];
        TrainedCount = _gradients.Sum(gradient => gradient.Length);
        NormRuns = norm == NormRule.Blocks ? _gradients : [new Slice(0, TrainedCount)];
        Pieces = [.. PiecesOf(blocks, trained).SelectMany(piece => piece.Cut(PieceNumbers))];
    }

    /// <summary>The update rule.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>How many parameters it trains: the length of each of its vectors.</summary>
    public int TrainedCount { get; }

    /// <summary>All parameters of the model in the order of their places, those that it leaves as they are, too.</summary>
    public StepPiece[] Pieces { get; }

    /// <summary>The runs of its gradient that are cut into cells, whose squares are summed apart.</summary>
    public Slice[] NormRuns { get; }

    /// <summary>The places, in each of its vectors, of what it trains in a range.</summary>
    /// <param name="sum">The range's places in a contribution.</param>
    public Slice PlacesOf(Slice sum)
    {
        int start = TrainedBefore(sum.Start);
        return new Slice(start, TrainedBefore(sum.End) - start);
    }

    /// <summary>The pieces that have parameters in a range of the state: from the first to before the end.</summary>
    public (int First, int End) PiecesIn(Slice state)
    {
        int first = 0, end;
        while (first < Pieces.Length && Pieces[first].Parameters.End <= state.Start) first++;
        for (end = first; end < Pieces.Length && Pieces[end].Parameters.Start < state.End;) end++;
        return (first, end);
    }

    private int TrainedBefore(int place)
    {
        int before = 0;
        foreach (Slice gradient in _gradients) before += Math.Clamp(place - gradient.Start, 0, gradient.Length);
        return before;
    }

    private static IEnumerable<StepPiece> PiecesOf(IReadOnlyList<StepBlock> blocks, IReadOnlyList<bool> trained)
    {
        for (int i = 0, place = 0, cells = 0; i < blocks.Count; i++)
        {
            StepBlock block = blocks[i];
            (Slice weights, Slice biases) = (block.Parameters with { Length = block.Weights }, new(block.Parameters.Start + block.Weights, block.Parameters.Length - block.Weights));
            if (trained[i])
            {
                yield return new StepPiece(block.Name, true, weights, block.Gradient, place, cells);
                yield return new StepPiece(block.Name, false, biases, block.Gradient + block.Weights, place + block.Weights, cells + 1);
                place += block.Parameters.Length;
            }
            else
            {
                yield return new StepPiece(block.Name, false, block.Parameters, -1, 0, 0);
            }
            if (!block.IsFrozen) cells += 2;
        }
    }
}

/// <summary>A run of parameters of one kind, with the places of their gradient and of their optimizer state.</summary>
/// <param name="Block">How messages name what they belong to.</param>
/// <param name="IsWeights">Whether penalties apply to them.</param>
/// <param name="Parameters">Their places among the parameters of the model.</param>
/// <param name="Gradient">Where their gradient begins in a contribution; −1 if they stay as they are.</param>
/// <param name="OptimizerState">Where they begin in each of the optimizer's vectors.</param>
/// <param name="Cells">Which piece of <see cref="GradientCells"/> counts their squares.</param>
internal readonly record struct StepPiece(string Block, bool IsWeights, Slice Parameters, int Gradient, int OptimizerState, int Cells)
{
    /// <summary>Whether they stay as they are.</summary>
    public bool IsFrozen => Gradient < 0;

    /// <summary>The same in pieces whose gradients end at multiples of this length.</summary>
    public IEnumerable<StepPiece> Cut(int most)
    {
        for (int done = 0, length; done < Parameters.Length; done += length)
        {
            int place = IsFrozen ? done : Gradient + done;
            length = Math.Min(most - (place % most), Parameters.Length - done);
            yield return this with
            {
                Parameters = new Slice(Parameters.Start + done, length),
                Gradient = IsFrozen ? Gradient : place,
                OptimizerState = OptimizerState + done,
            };
        }
    }
}
