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

    /// <summary>The margin over how far the logits lie apart, which no scaling of the logits changes.</summary>
    /// <remarks>
    /// Equation  r = m/D, m = max over k ≠ y of z_k, less z_y, D = z_π1 − z_π3 of the logits in falling order;
    ///           g = D·∂r/∂z = e_k − e_y − r·(e_π1 − e_π3)
    /// Range     of two classes, which have no third, m itself; D is at least 10⁻¹²
    /// Source    Croce, Hein, ICML 2020, § 4.1
    /// </remarks>
    public static double LogitRatio(ReadOnlySpan<float> logits, int label, Span<float> gradient)
    {
        double margin = Margin(logits, label, gradient);
        if (logits.Length < 3) return margin;
        (int first, int second, int third) = (-1, -1, -1);
        for (int k = 0; k < logits.Length; k++)
        {
            if (first < 0 || logits[k] > logits[first]) (first, second, third) = (k, first, second);
            else if (second < 0 || logits[k] > logits[second]) (second, third) = (k, second);
            else if (third < 0 || logits[k] > logits[third]) third = k;
        }
        double ratio = margin / Math.Max((double)logits[first] - logits[third], 1e-12);
        gradient[first] -= (float)ratio;
        gradient[third] += (float)ratio;
        return ratio;
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
