using Cluster.Ml.Nn.Embeddings;

namespace Cluster.Ml.Tests.Nn.Embeddings;

/// <summary>Runs one window on vectors of any width, and computes the same in double precision the plain way.</summary>
internal static unsafe class OneWindow
{
    /// <summary>What a window did.</summary>
    public sealed record Moved(double Loss, float[][] Inputs, float[][] Targets);

    /// <summary>The displacements that the step gives.</summary>
    public static Moved Step(float[][] x, float[][] y, float rate)
    {
        int dimensions = x[0].Length, width = (dimensions + 15) / 16 * 16;
        WindowStep step = new(width, x.Length);
        float* places = stackalloc float[y.Length * width];
        new Span<float>(places, y.Length * width).Clear();
        nint[] targets = [.. Enumerable.Range(0, y.Length).Select(k => (nint)(places + (k * width)))];
        for (int k = 0; k < y.Length; k++) y[k].CopyTo(new Span<float>((float*)targets[k], width));
        for (int n = 0; n < x.Length; n++)
        {
            Span<float> place = new(step.InputAt(n), width);
            place.Clear();
            x[n].CopyTo(place);
        }
        double loss = step.Run(x.Length, targets, rate);
        return new Moved(
            loss,
            [.. Enumerable.Range(0, x.Length).Select(n => rate == 0 ? [] : new ReadOnlySpan<float>(step.MoveOf(n), dimensions).ToArray())],
            [.. Enumerable.Range(0, y.Length).Select(k => Difference(new ReadOnlySpan<float>((float*)targets[k], dimensions).ToArray(), y[k]))]);
    }

    /// <summary>−Σₙ [ln σ(⟨xₙ, y₀⟩) + Σₖ₌₁ ln σ(−⟨xₙ, yₖ⟩)].</summary>
    public static double Loss(double[][] x, double[][] y)
    {
        double loss = 0;
        foreach (double[] input in x)
            for (int k = 0; k < y.Length; k++)
            {
                double score = input.Zip(y[k], (a, b) => a * b).Sum();
                loss += Math.Log(1 + Math.Exp(k == 0 ? -score : score));
            }
        return loss;
    }

    private static float[] Difference(float[] after, float[] before) => [.. after.Zip(before, (a, b) => a - b)];
}
