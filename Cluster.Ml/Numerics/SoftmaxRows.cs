using System.Runtime.Intrinsics;
using Cluster.Ml.Numerics.Functions;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Numerics;

/// <summary>The softmax of one row, with or without the cross-entropy of its class, in place and at full vector width.</summary>
/// <remarks>
/// Equation  m = maxⱼ (zⱼ + bⱼ);  eⱼ = exp(zⱼ + bⱼ − m);  pⱼ = eⱼ · (1 / Σ e);  ℓ = ln Σ e − (zₜ + bₜ − m)
/// Units     nats
/// Gradient  ∂ℓ/∂zⱼ = pⱼ − [j = t]
/// Range     finite for all finite z; a number that is not finite gives a loss that is not
/// Cost      four passes over a row that stays in the nearest caches, no allocation
/// Source    Goodfellow, Bengio, Courville, Deep Learning (2016), § 6.2.2.3
/// </remarks>
internal static unsafe class SoftmaxRows
{
    /// <summary>The loss of a row, whose numbers become its gradient.</summary>
    /// <param name="z">[k], overwritten by p minus the class.</param>
    /// <param name="bias">[k].</param>
    /// <param name="target">The class, in [0, k).</param>
    /// <param name="highest">Whether no class has a higher score than the target.</param>
    public static double LoseToGradient(Span<float> z, ReadOnlySpan<float> bias, int target, out bool highest)
    {
        double loss = Lose(z, bias, target, out highest, out float sum);
        Reductions.Scale(z, 1 / sum);
        z[target] -= 1;
        return loss;
    }

    /// <summary>The loss of a row, whose numbers are lost.</summary>
    public static double Lose(Span<float> z, ReadOnlySpan<float> bias, int target, out bool highest) => Lose(z, bias, target, out highest, out _);

    /// <summary>The probabilities of a row, in place.</summary>
    public static void Normalize(Span<float> z, ReadOnlySpan<float> bias)
    {
        Lose(z, bias, 0, out _, out float sum);
        Reductions.Scale(z, 1 / sum);
    }

    private static double Lose(Span<float> z, ReadOnlySpan<float> bias, int target, out bool highest, out float sum)
    {
        if (bias.Length < z.Length)
            throw new ArgumentException($"SoftmaxRows: wanted {z.Length} biases, got {bias.Length}.", nameof(bias));
        float max = AddBias(z, bias, LaneWidths.Widest), distance = z[target] - max;
        Exponentiate(z, max, LaneWidths.Widest);
        highest = distance == 0;
        sum = Reductions.Sum(z);
        return StableMath.Log((double)sum) - distance;
    }

    /// <summary>z ← z + b; returns the largest.</summary>
    internal static float AddBias(Span<float> z, ReadOnlySpan<float> bias, LaneWidth width)
    {
        float max = float.NegativeInfinity;
        fixed (float* values = z, b = bias)
        {
            int done = width switch
            {
                LaneWidth.Bits512 => AddBias<Lanes512<float>, Vector512<float>>(values, b, 0, z.Length, ref max),
                LaneWidth.Bits256 => AddBias<Lanes256<float>, Vector256<float>>(values, b, 0, z.Length, ref max),
                LaneWidth.Bits128 => AddBias<Lanes128<float>, Vector128<float>>(values, b, 0, z.Length, ref max),
                _ => 0,
            };
            AddBias<Lanes1<float>, float>(values, b, done, z.Length, ref max);
        }
        return max;
    }

    /// <summary>z ← exp(z − max).</summary>
    internal static void Exponentiate(Span<float> z, float max, LaneWidth width)
    {
        fixed (float* values = z)
        {
            int done = width switch
            {
                LaneWidth.Bits512 => Exponentiate<Lanes512<float>, Vector512<float>>(values, max, 0, z.Length),
                LaneWidth.Bits256 => Exponentiate<Lanes256<float>, Vector256<float>>(values, max, 0, z.Length),
                LaneWidth.Bits128 => Exponentiate<Lanes128<float>, Vector128<float>>(values, max, 0, z.Length),
                _ => 0,
            };
            Exponentiate<Lanes1<float>, float>(values, max, done, z.Length);
        }
    }

    private static int AddBias<TLanes, TVector>(float* z, float* bias, int start, int end, ref float max)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged
    {
        TVector largest = TLanes.Broadcast(max);
        int i = start;
        for (; i <= end - TLanes.Count; i += TLanes.Count)
        {
            TVector sum = TLanes.Add(TLanes.Load(z + i), TLanes.Load(bias + i));
            TLanes.Store(z + i, sum);
            largest = TLanes.Select(TLanes.LessThan(largest, sum), sum, largest);
        }
        // The largest number is the same in whatever order it is sought; NaN is never larger.
        float* lanes = stackalloc float[TLanes.Count];
        TLanes.Store(lanes, largest);
        for (int lane = 0; lane < TLanes.Count; lane++)
            if (lanes[lane] > max) max = lanes[lane];
        return i;
    }

    private static int Exponentiate<TLanes, TVector>(float* z, float max, int start, int end)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged
    {
        TVector shift = TLanes.Broadcast(max);
        int i = start;
        for (; i <= end - TLanes.Count; i += TLanes.Count)
            TLanes.Store(z + i, ExponentialFloat.Apply<TLanes, TVector>(TLanes.Subtract(TLanes.Load(z + i), shift)));
        return i;
    }
}
