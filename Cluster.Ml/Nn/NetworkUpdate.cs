using System.Numerics.Tensors;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Nn.Optimizers;
using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Nn;

/// <summary>Turns the summed contribution into a step of the objective's optimizer, part by part, so that each part is touched once.</summary>
internal sealed class NetworkUpdate(JobSpec spec, NetworkModel model, double noiseMultiplier)
{
    /// <summary>Parameters of one part: with two moments, a gradient and noise they fit the nearest cache.</summary>
    private const int PartNumbers = 1024;

    /// <summary>Changes the parameters of the step's objective and its memory.</summary>
    /// <exception cref="DivergedException">The loss or a new parameter is not finite.</exception>
    public UpdateOutcome Apply(Span<float> parameters, Span<float> memory, ReadOnlySpan<float> sum, in StepContext step)
    {
        ReadOnlySpan<float> statistics = sum[model.Layout.GradientCount..];
        double loss = statistics[StepStatistics.LossSum], examples = statistics[StepStatistics.Examples];
        if (!double.IsFinite(loss)) throw new DivergedException(step.Step, "loss", $"{loss}");

        double divisor = spec.Privacy is null ? examples : spec.Training.Batch;
        if (divisor > 0)
        {
            int turn = (int)(step.Step % model.Objectives.Count), before = 0;
            for (int i = 0; i < turn; i++) before += model.Objectives[i].MemoryLength;
            Objective objective = model.Objectives[turn];
            UpdateObjective(objective, parameters, memory.Slice(before, objective.MemoryLength), sum, divisor, step);
        }
        return new UpdateOutcome(false, examples > 0 ? loss / examples : 0, (long)examples);
    }

    private void UpdateObjective(
        Objective objective, Span<float> parameters, Span<float> memory, ReadOnlySpan<float> sum, double divisor, in StepContext step)
    {
        float scale = (float)(1 / divisor);
        if (spec.Training.ClipNorm is { } most) scale *= NormFactor(objective, sum, scale, most);
        UpdateRule biasRule = new(step.Step / model.Objectives.Count, scale, 0, 0, RateSchedule.FactorAt(spec.Training, step));
        UpdateRule weightRule = biasRule with { L1 = (float)spec.Training.Regularize.L1, L2 = (float)spec.Training.Regularize.L2 };
        int place = 0;                                            // within each of the optimizer's vectors
        foreach (ParameterBlock block in objective.Trained)
        {
            Part weights = new(block.Offset, block.GradientOffset, place, block.WeightCount);
            bool finite = Update(objective, weights, parameters, memory, sum, weightRule, step.Step)
                & Update(objective, weights.After(block.Count - block.WeightCount), parameters, memory, sum, biasRule, step.Step);
            if (!finite) throw new DivergedException(step.Step, block.Name, "new parameters that are not");
            place += block.Count;
        }
    }

    private bool Update(
        Objective objective, Part range, Span<float> parameters, Span<float> memory, ReadOnlySpan<float> sum, in UpdateRule rule, long step)
    {
        Span<float> changedSum = stackalloc float[PartNumbers];
        bool finite = true;
        for (Part part = range.First(PartNumbers); part.Length > 0; part = range.Next(part, PartNumbers))
        {
            scoped ReadOnlySpan<float> gradient = sum.Slice(part.Gradient, part.Length);
            if (spec.Privacy is { } privacy)
            {
                AddNoise(gradient, changedSum[..part.Length], (float)(noiseMultiplier * privacy.Clip), step, part.Parameter);
                gradient = changedSum[..part.Length];
            }
            else if (spec.Training.ClipValue is { } limit)
            {
                float most = (float)limit / rule.Scale;
                TensorPrimitives.Clamp(gradient, -most, most, changedSum);
                gradient = changedSum[..part.Length];
            }
            Span<float> changed = parameters.Slice(part.Parameter, part.Length);
            objective.Optimizer.Update(changed, gradient, MemoryOf(objective, memory, 0, part), MemoryOf(objective, memory, 1, part), rule);
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
    /// <remarks>Equation  min(1, most / (‖g‖ + 10⁻⁶)), as PyTorch's clip_grad_norm_; the squares of each block are summed apart</remarks>
    private static float NormFactor(Objective objective, ReadOnlySpan<float> sum, float scale, double most)
    {
        double squares = 0;
        foreach (ParameterBlock block in objective.Trained) squares += Reductions.SquaredNorm(sum.Slice(block.GradientOffset, block.Count));
        double norm = Math.Sqrt(squares) * scale;
        return (float)Math.Min(1, most / (norm + 1e-6));
    }

    private static Span<float> MemoryOf(Objective objective, Span<float> memory, int vector, Part part) =>
        vector < objective.Optimizer.MemoryPerParameter
            ? memory.Slice((vector * objective.TrainedCount) + part.Memory, part.Length)
            : default;

    /// <summary>A stretch of parameters, with the places of their gradient and of their memory.</summary>
    private readonly record struct Part(int Parameter, int Gradient, int Memory, int Length)
    {
        public Part First(int most) => this with { Length = Math.Min(most, Length) };

        public Part Next(Part part, int most) => part.After(Math.Min(most, Parameter + Length - part.Parameter - part.Length));

        public Part After(int length) => new(Parameter + Length, Gradient + Length, Memory + Length, length);
    }
}
