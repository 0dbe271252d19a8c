using System.Numerics.Tensors;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Learning.Ranges;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Nn.Optimizers;
using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Nn;

/// <summary>Turns the summed contribution into a step of the objective's optimizer, part by part, so that each part is touched once.</summary>
/// <remarks>Range  what concerns the whole is one factor; all else treats each parameter alone, so any range may be updated by itself</remarks>
internal sealed class NetworkUpdate(JobSpec spec, NetworkModel model, double noiseMultiplier)
{
    /// <summary>Parameters of one part: with two moments, a gradient and noise they fit the nearest cache.</summary>
    private const int PartNumbers = RangeGrid.CellLength;

    private readonly int[][] _layersOf =
        [.. model.Objectives.Select(objective => objective.Trained.Select(block => model.TrainedBlocks.IndexOf(block)).ToArray())];

    /// <summary>Where the norms of gradients are counted up; no cells where training is private.</summary>
    public GradientCells Cells { get; } = new(spec.Privacy is not null ? [] : model.TrainedBlocks.SelectMany(block => new[]
    {
        new Stretch(block.GradientOffset, block.WeightCount), new Stretch(block.GradientOffset + block.WeightCount, block.Count - block.WeightCount),
    }));

    /// <summary>How many sums of squares a range has at this step.</summary>
    public int SquaresLength(ParameterRange range, in StepContext step)
    {
        if (spec.Training.ClipNorm is null) return 0;
        int count = 0;
        foreach (ParameterBlock block in ObjectiveOf(step).Trained)
            for (Stretch cell = FirstCell(block, range); cell.Length > 0; cell = NextCell(cell, block, range)) count++;
        return count;
    }

    /// <summary>Writes the sum of squares of each cell of each block that the objective trains.</summary>
    public void Square(ParameterRange range, ReadOnlySpan<float> sum, in StepContext step, Span<float> squares)
    {
        if (squares.IsEmpty) return;
        int count = 0;
        foreach (ParameterBlock block in ObjectiveOf(step).Trained)
            for (Stretch cell = FirstCell(block, range); cell.Length > 0; cell = NextCell(cell, block, range))
                squares[count++] = Reductions.SquaredNorm(sum.Slice(cell.Start - range.Sum.Start, cell.Length));
    }

    /// <summary>What the sum is multiplied by, and what the step says.</summary>
    /// <exception cref="DivergedException">The loss is not finite.</exception>
    public RangedStep Decide(ReadOnlySpan<float> statistics, ReadOnlySpan<float> squares, in StepContext step)
    {
        double loss = statistics[StepStatistics.LossSum], examples = statistics[StepStatistics.Examples];
        if (!double.IsFinite(loss)) throw new DivergedException(step.Step, "loss", $"{loss}");
        double divisor = spec.Privacy is null ? examples : spec.Training.Batch;
        UpdateOutcome outcome = new(false, examples > 0 ? loss / examples : 0, (long)examples);
        if (!(divisor > 0)) return new RangedStep(null, outcome);
        float scale = (float)(1 / divisor);
        if (spec.Training.ClipNorm is { } most) scale *= NormFactor(squares, scale, most);
        return new RangedStep(scale, outcome);
    }

    /// <summary>Changes a range of the parameters of the step's objective, and its memory.</summary>
    /// <exception cref="DivergedException">A new parameter is not finite.</exception>
    public void UpdateRange(
        ParameterRange range, Span<float> parameters, Span<float> memory, ReadOnlySpan<float> sum, double? scale, in StepContext step)
    {
        if (scale is not { } factor) return;
        Objective objective = ObjectiveOf(step);
        UpdateRule biasRule = new(step.Step / model.Objectives.Count, (float)factor, 0, 0, RateSchedule.FactorAt(spec.Training, step));
        UpdateRule weightRule = biasRule with { L1 = (float)spec.Training.Regularize.L1, L2 = (float)spec.Training.Regularize.L2 };
        int[] layers = _layersOf[(int)(step.Step % model.Objectives.Count)];
        RangeView view = ViewOf(objective, range, step, parameters, memory, sum);
        for (int i = 0; i < layers.Length; i++)
        {
            ParameterBlock block = objective.Trained[i];
            int weights = block.GradientOffset + block.WeightCount;
            Stretch weight = range.Sum.Intersect(new Stretch(block.GradientOffset, block.WeightCount));
            Stretch bias = range.Sum.Intersect(new Stretch(weights, block.Count - block.WeightCount));
            bool finite = Update(objective, view, block, weight, 2 * layers[i], weightRule, step)
                & Update(objective, view, block, bias, (2 * layers[i]) + 1, biasRule, step);
            if (!finite) throw new DivergedException(step.Step, block.Name, "new parameters that are not");
            view.Place += weight.Length + bias.Length;
        }
    }

    private bool Update(
        Objective objective, scoped in RangeView view, ParameterBlock block, Stretch gradients, int piece, in UpdateRule rule, in StepContext step)
    {
        Span<float> changedSum = stackalloc float[PartNumbers];
        bool finite = true;
        for (int start = gradients.Start, length; start < gradients.End; start += length)
        {
            length = Math.Min(PartNumbers - (start % PartNumbers), gradients.End - start);      // a cell, or what the borders leave of it
            int parameter = block.Offset + start - block.GradientOffset;
            scoped ReadOnlySpan<float> gradient = view.Sum.Slice(start - view.Range.Sum.Start, length);
            Cells.Add(view.Tally, view.Range.Sum, piece, start, Reductions.SquaredNorm(gradient) * ((double)rule.Scale * rule.Scale), step);
            if (spec.Privacy is { } privacy)
            {
                AddNoise(gradient, changedSum[..length], (float)(noiseMultiplier * privacy.Clip), step.Step, parameter);
                gradient = changedSum[..length];
            }
            else if (spec.Training.ClipValue is { } limit)
            {
                float most = (float)limit / rule.Scale;
                TensorPrimitives.Clamp(gradient, -most, most, changedSum);
                gradient = changedSum[..length];
            }
            Span<float> changed = view.Parameters.Slice(parameter - view.Range.State.Start, length);
            int place = view.Place + start - Math.Max(block.GradientOffset, view.Range.Sum.Start);
            objective.Optimizer.Update(changed, gradient, view.MemoryOf(0, place, length), view.MemoryOf(1, place, length), rule);
            finite &= Reductions.AllFinite(changed);
        }
        return finite;
    }

    private void AddNoise(ReadOnlySpan<float> sum, Span<float> noisy, float deviation, long step, int start)
    {
        Philox.FillGaussian(noisy, spec.Seed, RandomPurpose.PrivacyNoise, step, start);
        TensorPrimitives.FusedMultiplyAdd(noisy, deviation, sum, noisy);
    }

    /// <summary>What the mean gradient of all that the objective trains is multiplied by, so that its norm is at most this.</summary>
    /// <remarks>Equation  min(1, most / (‖g‖ + 10⁻⁶)), as PyTorch's clip_grad_norm_; the squares of each cell are summed apart</remarks>
    private static float NormFactor(ReadOnlySpan<float> squares, float scale, double most)
    {
        double sum = 0;
        foreach (float square in squares) sum += square;
        double norm = Math.Sqrt(sum) * scale;
        return (float)Math.Min(1, most / (norm + 1e-6));
    }

    private Objective ObjectiveOf(in StepContext step) => model.Objectives[(int)(step.Step % model.Objectives.Count)];

    private static Stretch FirstCell(ParameterBlock block, ParameterRange range) => CellAt(Math.Max(block.GradientOffset, range.Sum.Start), block, range);

    private static Stretch NextCell(Stretch cell, ParameterBlock block, ParameterRange range) => CellAt(cell.End, block, range);

    /// <summary>From a place to the end of its cell, of its block or of the range, whichever comes first.</summary>
    private static Stretch CellAt(int start, ParameterBlock block, ParameterRange range)
    {
        int end = Math.Min(((start / RangeGrid.CellLength) + 1) * RangeGrid.CellLength, Math.Min(block.GradientOffset + block.Count, range.Sum.End));
        return new Stretch(start, Math.Max(0, end - start));
    }

    private RangeView ViewOf(
        Objective objective, ParameterRange range, in StepContext step, Span<float> parameters, Span<float> memory, ReadOnlySpan<float> sum)
    {
        int before = 0, vectors = 0;
        for (int i = 0; i < step.Step % model.Objectives.Count; i++) vectors += model.Objectives[i].Optimizer.MemoryPerParameter;
        for (int vector = 0; vector < vectors; vector++) before += range.Memory[vector].Length;
        int kept = objective.Optimizer.MemoryPerParameter, length = kept > 0 ? range.Memory[vectors].Length : 0;
        Span<float> tally = memory[(memory.Length - Cells.Of(range.Sum, 0).Length)..];
        return new RangeView(range, parameters, memory.Slice(before, kept * length), length, tally, sum);
    }

    /// <summary>What the server of one range has at hand.</summary>
    private ref struct RangeView(
        ParameterRange range, Span<float> parameters, Span<float> memory, int vectorLength, Span<float> tally, ReadOnlySpan<float> sum)
    {
        private readonly Span<float> _memory = memory;

        public readonly ParameterRange Range => range;

        public Span<float> Parameters { get; } = parameters;

        /// <summary>The range's numbers of <see cref="GradientCells"/>.</summary>
        public Span<float> Tally { get; } = tally;

        public ReadOnlySpan<float> Sum { get; } = sum;

        /// <summary>Where the current block begins within each vector of the memory.</summary>
        public int Place { get; set; }

        public readonly Span<float> MemoryOf(int vector, int place, int length) =>
            _memory.IsEmpty || (vector + 1) * vectorLength > _memory.Length ? default : _memory.Slice((vector * vectorLength) + place, length);
    }
}
