using Cluster.Ml.Text.Word2Vec;

namespace Cluster.Ml.Tests.Text.Word2Vec;

/// <summary>Runs one window on vectors of any width, and computes the same in double precision the plain way.</summary>
internal static unsafe class OneWindow
{
    private const double Nearby = 1e-5;

    /// <summary>What a window did: how far the inputs are to move, how far the targets have moved, and where they are.</summary>
    public sealed record Moved(double Loss, float[][] Inputs, float[][] Targets, float[][] TargetsAfter);

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
        float[][] after = [.. targets.Select(target => new ReadOnlySpan<float>((float*)target, dimensions).ToArray())];
        return new Moved(
            loss, [.. Enumerable.Range(0, x.Length).Select(n => new ReadOnlySpan<float>(step.DecisionOf(n), dimensions).ToArray())],
            [.. after.Zip(y, Difference)], after);
    }

    /// <summary>The same by central differences of the loss of one input after another.</summary>
    public static Moved ByDifferences(float[][] x, float[][] y, double rate)
    {
        double[][] inputs = Doubles(x), targets = Doubles(y);
        List<float[]> moves = [];
        double loss = 0;
        foreach (double[] input in inputs)
        {
            loss += Loss(input, targets);
            double[] slope = SlopeAt(input, input, targets);
            double[][] slopes = [.. targets.Select(target => SlopeAt(target, input, targets))];
            moves.Add([.. slope.Select(part => (float)(-rate * part))]);
            for (int k = 0; k < targets.Length; k++)
                for (int i = 0; i < targets[k].Length; i++) targets[k][i] -= rate * slopes[k][i];
        }
        float[][] after = [.. targets.Select(target => target.Select(number => (float)number).ToArray())];
        return new Moved(loss, [.. moves], [.. after.Zip(y, Difference)], after);
    }

    /// <summary>−ln σ(⟨x, y₀⟩) − Σₖ₌₁ ln σ(−⟨x, yₖ⟩).</summary>
    private static double Loss(double[] x, double[][] y)
    {
        double loss = 0;
        for (int k = 0; k < y.Length; k++)
        {
            double score = x.Zip(y[k], (a, b) => a * b).Sum();
            loss += Math.Log(1 + Math.Exp(k == 0 ? -score : score));
        }
        return loss;
    }

    /// <summary>The slope of the loss along each number of one of its vectors.</summary>
    private static double[] SlopeAt(double[] vector, double[] x, double[][] y)
    {
        double[] slope = new double[vector.Length];
        for (int i = 0; i < vector.Length; i++)
        {
            double kept = vector[i];
            vector[i] = kept + Nearby;
            double above = Loss(x, y);
            vector[i] = kept - Nearby;
            slope[i] = (above - Loss(x, y)) / (2 * Nearby);
            vector[i] = kept;
        }
        return slope;
    }

    private static double[][] Doubles(float[][] rows) => [.. rows.Select(row => row.Select(number => (double)number).ToArray())];

    private static float[] Difference(float[] after, float[] before) => [.. after.Zip(before, (a, b) => a - b)];
}
