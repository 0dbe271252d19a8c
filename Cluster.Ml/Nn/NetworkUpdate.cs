using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Learning.Ranges;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Nn.Optimizers;
using Cluster.Ml.Numerics;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Nn;

/// <summary>Turns the summed contribution into a step of the objective's optimizer.</summary>
/// <remarks>Range  what concerns the whole is one factor; all else treats each parameter alone, so any range may be updated by itself</remarks>
internal sealed class NetworkUpdate
{
    private readonly JobSpec _spec;
    private readonly NetworkModel _model;
    private readonly double _noiseMultiplier;
    private readonly PrivacySecret? _secret;
    private readonly ParameterSweep[] _sweeps;

    public NetworkUpdate(JobSpec spec, NetworkModel model, double noiseMultiplier, PrivacySecret? secret)
    {
        (_spec, _model, _noiseMultiplier, _secret) = (spec, model, noiseMultiplier, secret);
        Cells = new GradientCells(spec.Privacy is not null ? [] : model.TrainedBlocks.SelectMany(block => new[]
        {
            new Slice(block.GradientOffset, block.WeightCount), new Slice(block.GradientOffset + block.WeightCount, block.Count - block.WeightCount),
        }));
        _sweeps = [.. model.Objectives.Select(objective => new ParameterSweep(objective.Optimizer, SlicesOf(model, objective), Cells))];
    }

    /// <summary>Where the norms of gradients are counted up; no cells if training is private.</summary>
    public GradientCells Cells { get; }

    /// <summary>How many sums of squares a range has at this step.</summary>
    public int SquaresLength(ParameterRange range, in StepContext step)
    {
        if (_spec.Training.ClipNorm is null) return 0;
        int count = 0;
        foreach (ParameterBlock block in ObjectiveOf(step).Trained)
            for (Slice cell = FirstCell(block, range); cell.Length > 0; cell = NextCell(cell, block, range)) count++;
        return count;
    }

    /// <summary>Writes the sum of squares of each cell of each block that the objective trains.</summary>
    public void Square(ParameterRange range, ReadOnlySpan<float> sum, in StepContext step, Span<float> squares)
    {
        if (squares.IsEmpty) return;
        int count = 0;
        foreach (ParameterBlock block in ObjectiveOf(step).Trained)
            for (Slice cell = FirstCell(block, range); cell.Length > 0; cell = NextCell(cell, block, range))
                squares[count++] = Reductions.SquaredNorm(sum.Slice(cell.Start - range.Sum.Start, cell.Length));
    }

    /// <summary>What the sum is multiplied by, and what the step says.</summary>
    /// <exception cref="DivergedException">The loss, or the norm that the gradient is clipped by, is not finite.</exception>
    public RangedStep Decide(ReadOnlySpan<float> statistics, ReadOnlySpan<float> squares, in StepContext step)
    {
        double loss = statistics[StepStatistics.LossSum], examples = statistics[StepStatistics.Examples];
        if (!double.IsFinite(loss)) throw new DivergedException(step.Step, "loss", $"{loss}");
        double divisor = _spec.Privacy is null ? examples : _spec.Training.Batch;
        UpdateOutcome outcome = new(false, examples > 0 ? loss / examples : 0, (long)examples);
        if (!(divisor > 0)) return new RangedStep(null, outcome);
        float scale = (float)(1 / divisor);
        if (_spec.Training.ClipNorm is { } most) scale *= NormFactor(squares, scale, most, step);
        return new RangedStep(scale, outcome);
    }

    /// <summary>Changes a range of the parameters of the step's objective, and its optimizer state.</summary>
    /// <exception cref="DivergedException">A new parameter, its optimizer state or a gradient that is clipped is not finite.</exception>
    public void UpdateRange(ParameterRange range, in UpdateBuffers buffers, double? scale, in StepContext step, IPartRunner runner)
    {
        if (scale is not { } factor)
        {
            buffers.Keep();
            return;
        }
        SweepRules rules = SweepRules.Of(_spec.Training, factor, step.Step / _model.Objectives.Count, step) with { Treatment = TreatmentOf((float)factor, step) };
        _sweeps[TurnOf(step)].Run(PlaceOf(range, step), buffers, rules, step, runner);
    }

    private GradientTransform TreatmentOf(float scale, in StepContext step) => _spec switch
    {
        { Privacy: { } privacy } => new GradientTransform(
            (float)(_noiseMultiplier * privacy.Clip), _secret ?? throw new InvalidOperationException("NetworkUpdate: wanted the secret of a private run, got none."), step.Step),
        { Training.ClipValue: { } limit } => new GradientTransform(null, null, 0, (float)limit / scale),
        _ => default,
    };

    /// <summary>What the mean gradient of all that the objective trains is multiplied by, so that its norm is at most this.</summary>
    /// <remarks>Equation  min(1, most / (‖g‖ + 10⁻⁶)), as PyTorch's clip_grad_norm_; the squares of each cell are summed apart</remarks>
    /// <exception cref="DivergedException">The norm is not finite: nothing would be left of the gradient.</exception>
    private static float NormFactor(ReadOnlySpan<float> squares, float scale, double most, in StepContext step)
    {
        double sum = 0;
        foreach (float square in squares) sum += square;
        double norm = Math.Sqrt(sum) * scale;
        if (!double.IsFinite(norm)) throw new DivergedException(step.Step, "gradient", $"a norm of {norm}");
        return (float)Math.Min(1, most / (norm + 1e-6));
    }

    private int TurnOf(in StepContext step) => (int)(step.Step % _model.Objectives.Count);

    private Objective ObjectiveOf(in StepContext step) => _model.Objectives[TurnOf(step)];

    private static Slice FirstCell(ParameterBlock block, ParameterRange range) => CellAt(Math.Max(block.GradientOffset, range.Sum.Start), block, range);

    private static Slice NextCell(Slice cell, ParameterBlock block, ParameterRange range) => CellAt(cell.End, block, range);

    /// <summary>From a place to the end of its cell, of its block or of the range, whichever comes first.</summary>
    private static Slice CellAt(int start, ParameterBlock block, ParameterRange range)
    {
        int end = Math.Min(((start / RangeGrid.CellLength) + 1) * RangeGrid.CellLength, Math.Min(block.GradientOffset + block.Count, range.Sum.End));
        return new Slice(start, Math.Max(0, end - start));
    }

    /// <summary>The vectors of the step's objective come after those of the objectives before it.</summary>
    private SweepPlace PlaceOf(ParameterRange range, in StepContext step)
    {
        int start = 0, vectors = 0, turn = TurnOf(step);
        for (int i = 0; i < turn; i++) vectors += _model.Objectives[i].Optimizer.OptimizerStatePerParameter;
        for (int vector = 0; vector < vectors; vector++) start += range.OptimizerState[vector].Length;
        int length = _model.Objectives[turn].Optimizer.OptimizerStatePerParameter > 0 ? range.OptimizerState[vectors].Length : 0;
        return new SweepPlace(range, start, length, NetworkRanges.TrainedBefore(_model.Objectives[turn], range.Sum.Start));
    }

    /// <summary>All parameters: what the objective trains, with its place in the optimizer state, and what it leaves as it is.</summary>
    private static IEnumerable<ParameterSlice> SlicesOf(NetworkModel model, Objective objective)
    {
        int place = 0;
        foreach (ParameterBlock block in model.Layout.Blocks)
        {
            Slice parameters = new(block.Offset, block.Count);
            if (!objective.Trained.Contains(block))
            {
                yield return ParameterSlice.Frozen(block.Name, parameters);
                continue;
            }
            foreach (ParameterSlice slice in ParameterSlice.Trained(
                block.Name, parameters, block.WeightCount, block.GradientOffset, place, model.TrainedBlocks.IndexOf(block)))
                yield return slice;
            place += block.Count;
        }
    }
}
