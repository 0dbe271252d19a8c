using Cluster.Ml.Numerics;

namespace Cluster.Ml.Security.Attacks;

/// <summary>What attacks raise or lower, and its gradient by a row's logits.</summary>
internal static class LogitGradients
{
    /// <summary>Cross-entropy of the row's class, up to a positive factor.</summary>
    /// <remarks>
    /// Equation  g ∝ softmax(z) − e_y, divided by its largest number
    /// Range     attacks follow the direction alone; divided, it stays a normal number however sure the model is
    /// </remarks>
    /// <returns>The cross-entropy in nats.</returns>
    public static double CrossEntropy(ReadOnlySpan<float> logits, int label, Span<float> gradient)
    {
        double max = logits[Reductions.IndexOfMax(logits)], others = 0;
        Span<double> powers = logits.Length <= 1024 ? stackalloc double[logits.Length] : new double[logits.Length];
        for (int k = 0; k < logits.Length; k++)
        {
            powers[k] = StableMath.Exp(logits[k] - max);
            if (k != label) others += powers[k];
        }
        double sum = others + powers[label];
        // Of the class itself the gradient is −(1 − p) = −Σ of the others', which is the largest.
        for (int k = 0; k < logits.Length; k++) gradient[k] = others == 0 ? 0 : k == label ? -1 : (float)(powers[k] / others);
        if (others == 0) FarApart(logits, label, gradient);
        return StableMath.Log(sum) - (logits[label] - max);
    }

    /// <summary>How far the best other class is above the row's own: positive once the row is misclassified.</summary>
    /// <remarks>Equation  m = max over k ≠ y of z_k, less z_y;  g = e_k − e_y</remarks>
    public static double Margin(ReadOnlySpan<float> logits, int label, Span<float> gradient)
    {
        gradient.Clear();
        int best = BestOther(logits, label);
        (gradient[best], gradient[label]) = (1, -1);
        return (double)logits[best] - logits[label];
    }

    public static int BestOther(ReadOnlySpan<float> logits, int label)
    {
        int best = label == 0 ? 1 : 0;
        for (int k = 0; k < logits.Length; k++)
            if (k != label && logits[k] > logits[best]) best = k;
        return best;
    }

    // Logits so far apart that no exponential of the others is above 0: the nearest class alone is left.
    private static void FarApart(ReadOnlySpan<float> logits, int label, Span<float> gradient)
    {
        gradient[BestOther(logits, label)] = 1;
        gradient[label] = -1;
    }
}
