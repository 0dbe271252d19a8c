using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Learning.Ranges;
using Cluster.Ml.Nn.Optimizers;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn.Language;

/// <summary>Turns the summed contribution into a step of the optimizer, and takes over what the streams carry.</summary>
/// <remarks>Range  what concerns the whole is one factor; all else treats each number alone, so any range may be updated by itself</remarks>
internal sealed class LanguageUpdate(TrainingSpec training, LanguageLayout layout, Optimizer optimizer)
{
    /// <summary>Parameters of one part: with two moments and a gradient they fit the nearest cache.</summary>
    private const int PartNumbers = RangeGrid.CellLength;

    /// <summary>Where the norms of gradients are counted up.</summary>
    public GradientCells Cells { get; } = new(layout.Blocks.SelectMany(block => new[]
    {
        new Stretch(block.Offset, block.Weights), new Stretch(block.Offset + block.Weights, block.Biases),
    }));

    /// <summary>Cuts parameters into ranges; what the streams carry goes with the last of them.</summary>
    public ParameterRange[] Cut(int servers)
    {
        Stretch[] parameters = RangeGrid.Cut(layout.ParameterCount, servers);
        ParameterRange[] ranges = new ParameterRange[parameters.Length];
        for (int i = 0; i < ranges.Length; i++)
        {
            Stretch numbers = parameters[i];
            Stretch[] memory = new Stretch[optimizer.MemoryPerParameter + 1];
            memory[^1] = Cells.Of(numbers, optimizer.MemoryPerParameter * layout.ParameterCount);
            for (int vector = 0; vector < memory.Length - 1; vector++) memory[vector] = numbers with { Start = (vector * layout.ParameterCount) + numbers.Start };
            if (i == ranges.Length - 1) numbers = numbers with { Length = layout.StateLength - numbers.Start };
            ranges[i] = new ParameterRange(i, ranges.Length, numbers, numbers, memory);
        }
        return ranges;
    }

    /// <summary>How many sums of squares a range has.</summary>
    public int SquaresLength(ParameterRange range) =>
        training.ClipNorm is null ? 0 : (ParametersOf(range).Length + PartNumbers - 1) / PartNumbers;

    /// <summary>Writes the sum of squares of each cell.</summary>
    public void Square(ParameterRange range, ReadOnlySpan<float> sum, Span<float> squares)
    {
        ReadOnlySpan<float> gradient = sum[..ParametersOf(range).Length];
        for (int cell = 0; cell < squares.Length; cell++)
            squares[cell] = Reductions.SquaredNorm(gradient.Slice(cell * PartNumbers, Math.Min(PartNumbers, gradient.Length - (cell * PartNumbers))));
    }

    /// <summary>What the sum is multiplied by, and what the step says.</summary>
    /// <exception cref="DivergedException">The loss or the gradient is not finite.</exception>
    public RangedStep Decide(ReadOnlySpan<float> statistics, ReadOnlySpan<float> squares, in StepContext step)
    {
        double loss = statistics[StepStatistics.LossSum], tokens = statistics[StepStatistics.Examples];
        if (!double.IsFinite(loss)) throw new DivergedException(step.Step, "loss", $"{loss}");
        if (tokens == 0) return new RangedStep(null, new UpdateOutcome(false, 0, 0));
        double scale = 1 / tokens;
        if (training.ClipNorm is { } clip) scale = Clipped(scale, clip, squares, step);
        return new RangedStep(scale, new UpdateOutcome(false, loss / tokens, (long)tokens));
    }

    /// <summary>Changes a range of the state and its memory.</summary>
    /// <exception cref="DivergedException">A new parameter is not finite.</exception>
    public void UpdateRange(ParameterRange range, Span<float> state, Span<float> memory, ReadOnlySpan<float> sum, double? scale, in StepContext step)
    {
        Stretch parameters = ParametersOf(range);
        sum[parameters.Length..].CopyTo(state[parameters.Length..]);     // what the streams carry
        if (scale is not { } factor) return;
        UpdateRule biases = new(step.Step, (float)factor, 0, 0, RateSchedule.FactorAt(training, step));
        UpdateRule weights = biases with { L1 = (float)training.Regularize.L1, L2 = (float)training.Regularize.L2 };
        foreach (LanguageBlock block in layout.Blocks)
        {
            Stretch weight = parameters.Intersect(new Stretch(block.Offset, block.Weights));
            Stretch bias = parameters.Intersect(new Stretch(block.Offset + block.Weights, block.Biases));
            bool finite = Update(weight, parameters, 2 * block.Index, state, memory, sum, weights, step)
                & Update(bias, parameters, (2 * block.Index) + 1, state, memory, sum, biases, step);
            if (!finite) throw new DivergedException(step.Step, block.Name, "new parameters that are not");
        }
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

    private bool Update(
        Stretch part, Stretch range, int piece, Span<float> state, Span<float> memory, ReadOnlySpan<float> sum, in UpdateRule rule, in StepContext step)
    {
        bool finite = true;
        Span<float> tally = memory[(memory.Length - Cells.Of(range, 0).Length)..];
        for (int place = part.Start, length; place < part.End; place += length)
        {
            length = Math.Min(PartNumbers - (place % PartNumbers), part.End - place);      // a cell, or what the borders leave of it
            int start = place - range.Start;
            ReadOnlySpan<float> gradient = sum.Slice(start, length);
            Cells.Add(tally, range, piece, place, Reductions.SquaredNorm(gradient) * ((double)rule.Scale * rule.Scale), step);
            Span<float> changed = state.Slice(start, length);
            optimizer.Update(changed, gradient, MemoryOf(memory, 0, range.Length, start, length), MemoryOf(memory, 1, range.Length, start, length), rule);
            finite &= Reductions.AllFinite(changed);
        }
        return finite;
    }

    private Span<float> MemoryOf(Span<float> memory, int vector, int vectorLength, int start, int length) =>
        vector < optimizer.MemoryPerParameter ? memory.Slice((vector * vectorLength) + start, length) : default;

    private Stretch ParametersOf(ParameterRange range) => range.State.Intersect(new Stretch(0, layout.ParameterCount));
}
