using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn.Optimizers;
using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Nn;

/// <summary>Turns the summed contribution into a step of the optimizer, part by part, so that each part is touched once.</summary>
internal sealed class NetworkUpdate(JobSpec spec, Network network, Optimizer optimizer, double noiseMultiplier)
{
    /// <summary>Parameters of one part: with two moments, a gradient and noise they fit the nearest cache.</summary>
    private const int PartNumbers = 1024;

    /// <summary>Changes parameters and memory.</summary>
    /// <exception cref="DivergedException">The loss or a new parameter is not finite.</exception>
    public UpdateOutcome Apply(Span<float> parameters, Span<float> memory, ReadOnlySpan<float> sum, in StepContext step)
    {
        ReadOnlySpan<float> statistics = sum[network.ParameterCount..];
        double loss = statistics[StepStatistics.LossSum], examples = statistics[StepStatistics.Examples];
        if (!double.IsFinite(loss)) throw new DivergedException(step.Step, "loss", $"{loss}");

        double divisor = spec.Privacy is null ? examples : spec.Training.Batch;
        if (divisor > 0)
            for (int layer = 0; layer < network.Layers.Count; layer++)
                UpdateLayer(layer, parameters, memory, sum, divisor, step);
        return new UpdateOutcome(false, examples > 0 ? loss / examples : 0, (long)examples);
    }

    private void UpdateLayer(int layer, Span<float> parameters, Span<float> memory, ReadOnlySpan<float> sum, double divisor, in StepContext step)
    {
        int first = network.OffsetOf(layer), weights = network.Layers[layer].WeightCount, count = network.Layers[layer].ParameterCount;
        UpdateRule biasRule = new(step.Step, (float)(1 / divisor), 0, 0);
        UpdateRule weightRule = biasRule with { L1 = (float)spec.Training.Regularize.L1, L2 = (float)spec.Training.Regularize.L2 };
        bool finite = UpdateRange(first, weights, parameters, memory, sum, weightRule)
            & UpdateRange(first + weights, count - weights, parameters, memory, sum, biasRule);
        if (!finite) throw new DivergedException(step.Step, network.LayerName(layer), "new parameters that are not");
    }

    private bool UpdateRange(int first, int count, Span<float> parameters, Span<float> memory, ReadOnlySpan<float> sum, in UpdateRule rule)
    {
        Span<float> noisy = stackalloc float[PartNumbers];
        bool finite = true;
        for (int done = 0; done < count; done += PartNumbers)
        {
            int start = first + done, length = Math.Min(PartNumbers, count - done);
            scoped ReadOnlySpan<float> gradient = sum.Slice(start, length);
            if (spec.Privacy is { } privacy)
            {
                AddNoise(gradient, noisy[..length], (float)(noiseMultiplier * privacy.Clip), rule.Step, start);
                gradient = noisy[..length];
            }
            Span<float> part = parameters.Slice(start, length);
            optimizer.Update(part, gradient, MemoryOf(memory, 0, start, length), MemoryOf(memory, 1, start, length), rule);
            finite &= Reductions.AllFinite(part);
        }
        return finite;
    }

    private void AddNoise(ReadOnlySpan<float> sum, Span<float> noisy, float deviation, long step, int start)
    {
        Philox.FillGaussian(noisy, spec.Seed, RandomPurpose.PrivacyNoise, step, start);
        for (int i = 0; i < noisy.Length; i++) noisy[i] = MathF.FusedMultiplyAdd(deviation, noisy[i], sum[i]);
    }

    private Span<float> MemoryOf(Span<float> memory, int vector, int start, int length) =>
        vector < optimizer.MemoryPerParameter ? memory.Slice((vector * network.ParameterCount) + start, length) : default;
}
