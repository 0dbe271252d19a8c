using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Learning.Ranges;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Optimizers;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Text.LanguageModel;

/// <summary>Turns the summed contribution into a step of the optimizer, and takes over what the streams carry.</summary>
/// <remarks>Range  what concerns the whole is one factor; all else treats each number alone, so any range may be updated by itself</remarks>
internal sealed class LanguageUpdate
{
    private readonly TrainingSpec _training;
    private readonly LanguageLayout _layout;
    private readonly Optimizer _optimizer;
    private readonly ParameterSweep _sweep;

    public LanguageUpdate(TrainingSpec training, LanguageLayout layout, Optimizer optimizer)
    {
        (_training, _layout, _optimizer) = (training, layout, optimizer);
        Cells = new GradientCells(layout.Blocks.SelectMany(block => new[]
        {
            new Slice(block.Offset, block.Weights), new Slice(block.Offset + block.Weights, block.Biases),
        }));
        _sweep = new ParameterSweep(
            optimizer,
            layout.Blocks.SelectMany(block => ParameterSlice.Trained(
                block.Name, new Slice(block.Offset, block.Count), block.Weights, block.Offset, block.Offset, block.Index)),
            Cells);
    }

    /// <summary>Where the norms of gradients are counted up.</summary>
    public GradientCells Cells { get; }

    /// <summary>Cuts parameters into ranges; what the streams carry goes with the last of them.</summary>
    public ParameterRange[] Cut(int servers)
    {
        Slice[] parameters = RangeGrid.Cut(_layout.ParameterCount, servers);
        ParameterRange[] ranges = new ParameterRange[parameters.Length];
        for (int i = 0; i < ranges.Length; i++)
        {
            Slice numbers = parameters[i];
            Slice[] optimizerState = new Slice[_optimizer.OptimizerStatePerParameter + 1];
            optimizerState[^1] = Cells.Of(numbers, _optimizer.OptimizerStatePerParameter * _layout.ParameterCount);
            for (int vector = 0; vector < optimizerState.Length - 1; vector++) optimizerState[vector] = numbers with { Start = (vector * _layout.ParameterCount) + numbers.Start };
            if (i == ranges.Length - 1) numbers = numbers with { Length = _layout.StateLength - numbers.Start };
            ranges[i] = new ParameterRange(i, ranges.Length, numbers, numbers, optimizerState);
        }
        return ranges;
    }

    /// <summary>How many sums of squares a range has.</summary>
    public int SquaresLength(ParameterRange range) =>
        _training.ClipNorm is null ? 0 : (ParametersOf(range).Length + RangeGrid.CellLength - 1) / RangeGrid.CellLength;

    /// <summary>Writes the sum of squares of each cell.</summary>
    public void Square(ParameterRange range, ReadOnlySpan<float> sum, Span<float> squares)
    {
        ReadOnlySpan<float> gradient = sum[..ParametersOf(range).Length];
        for (int cell = 0; cell < squares.Length; cell++)
            squares[cell] = Reductions.SquaredNorm(gradient.Slice(cell * RangeGrid.CellLength, Math.Min(RangeGrid.CellLength, gradient.Length - (cell * RangeGrid.CellLength))));
    }

    /// <summary>What the sum is multiplied by, and what the step says.</summary>
    /// <exception cref="DivergedException">The loss or the gradient is not finite.</exception>
    public RangedStep Decide(ReadOnlySpan<float> statistics, ReadOnlySpan<float> squares, in StepContext step)
    {
        double loss = statistics[StepStatistics.LossSum], tokens = statistics[StepStatistics.Examples];
        if (!double.IsFinite(loss)) throw new DivergedException(step.Step, "loss", $"{loss}");
        if (tokens == 0) return new RangedStep(null, new UpdateOutcome(false, 0, 0));
        double scale = 1 / tokens;
        if (_training.ClipNorm is { } clip) scale = Clipped(scale, clip, squares, step);
        return new RangedStep(scale, new UpdateOutcome(false, loss / tokens, (long)tokens));
    }

    /// <summary>Changes a range of the state and its optimizer state.</summary>
    /// <exception cref="DivergedException">A new parameter is not finite.</exception>
    public void UpdateRange(ParameterRange range, in UpdateBuffers buffers, double? scale, in StepContext step, IPartRunner runner)
    {
        if (scale is null) buffers.Keep();
        Slice parameters = ParametersOf(range);
        buffers.AddRest(parameters.Length, range.State.Length - parameters.Length);
        buffers.Sum.Floats[parameters.Length..range.State.Length].CopyTo(buffers.After.Floats[parameters.Length..]);     // what the streams carry
        if (scale is not { } factor) return;
        SweepPlace place = new(range, 0, parameters.Length, parameters.Start);
        _sweep.Run(place, buffers, SweepRules.Of(_training, factor, step.Step, step), step, runner);
    }

    /// <summary>The scale after clipping: g ← g·min(1, clip / ‖g‖).</summary>
    /// <remarks>Source  Pascanu, Mikolov, Bengio, "On the difficulty of training recurrent neural networks", ICML 2013, algorithm 1</remarks>
    private static double Clipped(double scale, double clip, ReadOnlySpan<float> squares, in StepContext step)
    {
        double sum = 0;
        foreach (float square in squares) sum += square;
        double norm = Math.Sqrt(sum) * scale;
        if (!double.IsFinite(norm)) throw new DivergedException(step.Step, "gradient", $"a norm of {norm}");
        return norm > clip ? scale * (clip / norm) : scale;
    }

    private Slice ParametersOf(ParameterRange range) => range.State.Intersect(new Slice(0, _layout.ParameterCount));
}
