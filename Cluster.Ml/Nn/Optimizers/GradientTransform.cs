using System.Numerics.Tensors;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Nn.Optimizers;

/// <summary>What is done to a gradient's sum before an optimizer takes it: nothing, noise added, or numbers cut off.</summary>
/// <remarks>
/// Equation  g + Deviation·N(0, 1);  or min(max(g, −Most), Most)
/// Range     the noise of parameter i depends on (Secret, Step, i) alone
/// </remarks>
/// <param name="Deviation">Standard deviation of the noise; null for none.</param>
/// <param name="Secret">What noise is drawn from; null if there is none.</param>
/// <param name="Step">The step.</param>
/// <param name="Most">The largest absolute value; null for any.</param>
internal readonly record struct GradientTransform(float? Deviation, PrivacySecret? Secret, long Step, float? Most = null)
{
    /// <summary>The treated part of the sum: the sum itself, or the first numbers of the room.</summary>
    /// <param name="sum">[n].</param>
    /// <param name="room">At least [n].</param>
    /// <param name="parameter">The number of the first parameter.</param>
    public ReadOnlySpan<float> Of(ReadOnlySpan<float> sum, Span<float> room, int parameter)
    {
        Span<float> treated = room[..sum.Length];
        if (Deviation is { } deviation)
        {
            Secret!.FillNoise(treated, Step, parameter);
            TensorPrimitives.FusedMultiplyAdd(treated, deviation, sum, treated);
            return treated;
        }
        if (Most is not { } most) return sum;
        TensorPrimitives.Clamp(sum, -most, most, treated);
        return treated;
    }
}
