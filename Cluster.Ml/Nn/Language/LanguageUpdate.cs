using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn.Optimizers;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn.Language;

/// <summary>Turns the summed contribution into a step of the optimizer, and takes over what the streams carry.</summary>
internal sealed class LanguageUpdate(TrainingSpec training, LanguageLayout layout, Optimizer optimizer)
{
    /// <summary>Parameters of one part: with two moments and a gradient they fit the nearest cache.</summary>
    private const int PartNumbers = 1024;

    /// <summary>Changes state and memory.</summary>
    /// <exception cref="DivergedException">The loss, the gradient or a new parameter is not finite.</exception>
    public UpdateOutcome Apply(Span<float> state, Span<float> memory, ReadOnlySpan<float> sum, in StepContext step)
    {
        ReadOnlySpan<float> statistics = sum[layout.StateLength..];
        double loss = statistics[StepStatistics.LossSum], tokens = statistics[StepStatistics.Examples];
        if (!double.IsFinite(loss)) throw new DivergedException(step.Step, "loss", $"{loss}");
        sum[layout.ParameterCount..layout.StateLength].CopyTo(state[layout.ParameterCount..]);
        if (tokens == 0) return new UpdateOutcome(false, 0, 0);
        double scale = 1 / tokens;
        if (training.ClipNorm is { } clip) scale = Clipped(scale, clip, sum[..layout.ParameterCount], step);
        foreach (LanguageBlock block in layout.Blocks)
        {
            UpdateRule biases = new(step.Step, (float)scale, 0, 0, RateSchedule.FactorAt(training, step));
            UpdateRule weights = biases with { L1 = (float)training.Regularize.L1, L2 = (float)training.Regularize.L2 };
            bool finite = UpdateRange(block.Offset, block.Weights, state, memory, sum, weights)
                & UpdateRange(block.Offset + block.Weights, block.Biases, state, memory, sum, biases);
            if (!finite) throw new DivergedException(step.Step, block.Name, "new parameters that are not");
        }
        return new UpdateOutcome(false, loss / tokens, (long)tokens);
    }

    /// <summary>The scale after clipping: g ← g·min(1, clip / ‖g‖).</summary>
    /// <remarks>Source  Pascanu, Mikolov, Bengio, "On the difficulty of training recurrent neural networks", ICML 2013, algorithm 1</remarks>
    private static double Clipped(double scale, double clip, ReadOnlySpan<float> sum, in StepContext step)
    {
        double square = 0;
        for (int done = 0; done < sum.Length; done += PartNumbers)
            square += Reductions.SquaredNorm(sum.Slice(done, Math.Min(PartNumbers, sum.Length - done)));
        double norm = Math.Sqrt(square) * scale;
        if (!double.IsFinite(norm)) throw new DivergedException(step.Step, "gradient", $"a norm of {norm}");
        return norm > clip ? scale * (clip / norm) : scale;
    }

    private bool UpdateRange(int first, int count, Span<float> state, Span<float> memory, ReadOnlySpan<float> sum, in UpdateRule rule)
    {
        bool finite = true;
        for (int done = 0; done < count; done += PartNumbers)
        {
            int start = first + done, length = Math.Min(PartNumbers, count - done);
            Span<float> part = state.Slice(start, length);
            optimizer.Update(part, sum.Slice(start, length), MemoryOf(memory, 0, start, length), MemoryOf(memory, 1, start, length), rule);
            finite &= Reductions.AllFinite(part);
        }
        return finite;
    }

    private Span<float> MemoryOf(Span<float> memory, int vector, int start, int length) =>
        vector < optimizer.MemoryPerParameter ? memory.Slice((vector * layout.ParameterCount) + start, length) : default;
}
