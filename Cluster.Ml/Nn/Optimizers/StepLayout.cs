using Cluster.Ml.Learning.Ranges;

namespace Cluster.Ml.Nn.Optimizers;

/// <summary>Where the numbers of <see cref="OptimizerStep"/> lie: of the whole model, and of the ranges that it is cut into.</summary>
/// <remarks>
/// Shapes  state: parameters [ParameterCount], carried numbers; contribution: gradient [GradientCount], carried numbers, statistics;
///         optimizer state: the vectors of each turn's optimizer, one after another, then <see cref="GradientCells"/>
/// Range   parameters that are frozen for good go to the range of those before them, and the first ones to the first range;
///         carried numbers go to the last range
/// </remarks>
internal sealed class StepLayout
{
    private readonly int _carried;

    /// <summary>Lays the numbers out.</summary>
    /// <param name="blocks">All blocks, in the order of their parameters and of their gradients.</param>
    /// <param name="turns">The optimizers, with which of the blocks each trains.</param>
    /// <param name="norm">How the norm of a gradient is formed and bounded.</param>
    /// <param name="keepsNorms">Whether the norms of the blocks' gradients are kept for reports.</param>
    /// <param name="carried">Numbers behind the parameters that each step's sum replaces.</param>
    public StepLayout(
        IReadOnlyList<StepBlock> blocks, IEnumerable<(Optimizer Optimizer, IReadOnlyList<bool> Trained)> turns, NormRule norm, bool keepsNorms, int carried = 0)
    {
        (Blocks, Norm, _carried) = (blocks, norm, carried);
        Turns = [.. turns.Select(turn => new StepTurn(turn.Optimizer, blocks, turn.Trained, norm))];
        ParameterCount = blocks.Count == 0 ? 0 : blocks[^1].Parameters.End;
        StepBlock[] trained = [.. blocks.Where(block => !block.IsFrozen)];
        GradientCount = trained.Sum(block => block.Parameters.Length);
        StepBlock[] told = keepsNorms ? trained : [];
        GradientLayers = [.. told.Select(block => block.Name)];
        Cells = new GradientCells(told.SelectMany(block => new[]
        {
            block.GradientPlaces with { Length = block.Weights }, new Slice(block.Gradient + block.Weights, block.Parameters.Length - block.Weights),
        }));
        OptimizerStateLength = checked(Turns.Sum(turn => checked(turn.Optimizer.OptimizerStatePerParameter * turn.TrainedCount)) + Cells.Length);
        Whole = Cut(1)[0];
    }

    /// <summary>All blocks, in the order of their parameters.</summary>
    public IReadOnlyList<StepBlock> Blocks { get; }

    /// <summary>The optimizers; step t is that of turn t mod count.</summary>
    public StepTurn[] Turns { get; }

    /// <summary>How the norm of a gradient is formed and bounded.</summary>
    public NormRule Norm { get; }

    /// <summary>All parameters.</summary>
    public int ParameterCount { get; }

    /// <summary>The parameters that some turn trains, and so the numbers of a gradient.</summary>
    public int GradientCount { get; }

    /// <summary>Parameters and carried numbers.</summary>
    public int StateLength => checked(ParameterCount + _carried);

    /// <summary>Gradient and carried numbers.</summary>
    public int RangedLength => GradientCount + _carried;

    /// <summary>Numbers of the optimizer state.</summary>
    public int OptimizerStateLength { get; }

    /// <summary>The names of the blocks whose norms are kept.</summary>
    public IReadOnlyList<string> GradientLayers { get; }

    /// <summary>The norms of gradients; no cells if they are not kept.</summary>
    public GradientCells Cells { get; }

    /// <summary>The whole model as one range.</summary>
    public ParameterRange Whole { get; }

    /// <summary>Cuts the model into at most so many ranges.</summary>
    public ParameterRange[] Cut(int servers)
    {
        Slice[] gradients = RangeGrid.Cut(GradientCount, servers);
        ParameterRange[] ranges = new ParameterRange[gradients.Length];
        for (int i = 0, start = 0; i < gradients.Length; i++)
        {
            bool last = i == gradients.Length - 1;
            int end = last ? StateLength : ParameterAt(gradients[i].End);
            Slice sum = last ? gradients[i] with { Length = RangedLength - gradients[i].Start } : gradients[i];
            ranges[i] = new ParameterRange(i, gradients.Length, new Slice(start, end - start), sum, OptimizerStateOf(sum));
            start = end;
        }
        return ranges;
    }

    /// <summary>The first vector of a turn's optimizer within the optimizer state of a range; its others follow it.</summary>
    public Slice VectorOf(ParameterRange range, StepTurn turn)
    {
        int start = 0;
        foreach (StepTurn other in Turns)
        {
            int length = other.PlacesOf(range.Sum).Length;
            if (other == turn) return new Slice(start, length);
            start += other.Optimizer.OptimizerStatePerParameter * length;
        }
        throw new ArgumentException("StepLayout: wanted one of its turns, got another.", nameof(turn));
    }

    private int ParameterAt(int gradient)
    {
        foreach (StepBlock block in Blocks)
            if (!block.IsFrozen && gradient < block.GradientPlaces.End) return block.Parameters.Start + gradient - block.Gradient;
        return ParameterCount;
    }

    /// <summary>A slice of each vector of each turn's optimizer, and of the cells.</summary>
    private List<Slice> OptimizerStateOf(Slice sum)
    {
        List<Slice> optimizerState = [];
        int start = 0;
        foreach (StepTurn turn in Turns)
        {
            Slice places = turn.PlacesOf(sum);
            for (int vector = 0; vector < turn.Optimizer.OptimizerStatePerParameter; vector++, start += turn.TrainedCount)
                optimizerState.Add(places with { Start = start + places.Start });
        }
        optimizerState.Add(Cells.Of(sum, start));
        return optimizerState;
    }
}

/// <summary>The parameters of one layer: weights, then biases.</summary>
/// <param name="Name">How messages name it.</param>
/// <param name="Parameters">Its places among the parameters of the model.</param>
/// <param name="Weights">How many of them, from the first, are weights.</param>
/// <param name="Gradient">Where its gradient begins in a contribution; −1 if it is frozen for good.</param>
internal sealed record StepBlock(string Name, Slice Parameters, int Weights, int Gradient)
{
    /// <summary>Whether no turn trains it.</summary>
    public bool IsFrozen => Gradient < 0;

    /// <summary>The places of its gradient in a contribution, if it is not frozen.</summary>
    public Slice GradientPlaces => Parameters with { Start = Gradient };
}

/// <summary>How the norm of a gradient is summed and bounded by C.</summary>
internal enum NormRule
{
    /// <summary>Cells of squares end with each block; s·min(1, C/(‖g‖ + 10⁻⁶)) in single precision, as PyTorch's clip_grad_norm_.</summary>
    Blocks,

    /// <summary>Cells of squares take no notice of blocks; s·min(1, C/‖g‖): Pascanu, Mikolov, Bengio, ICML 2013, algorithm 1.</summary>
    Whole,
}
