using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Cluster.Ml.Data;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Privacy;

/// <summary>Releases a sum of clipped vectors as whole numbers of a grid with discrete Gaussian noise.</summary>
/// <remarks>
/// Equation      n_i = round(sum_i / γ) + N_i, N_i of the discrete Gaussian with σ = 2²⁴;  γ = z·S / 2²⁴;  result γ·n_i
/// Guarantee     that of Gaussian noise with multiplier z, with and without sampling, by the accountants of this folder
/// Neighbouring  data with one row more or less
/// Sensitivity   S = C·(1 + 2⁻¹⁰) + γ·√d: the clipping norm, an allowance for what single precision rounds while it sums, and what
///               rounding to the grid can add to each of d numbers
/// Theorem       of integer orders, sampled or not: each moment is no greater than the continuous one's (Canonne et al. 2020, proposition 5, in
///               the binomial sum of Mironov, Talwar, Zhang 2019, § 3.3). Of others: by Poisson summation the moments of a lattice with 2²⁴
///               points a deviation are the continuous ones but for a factor of 1 ± e^(−10¹⁴)
/// Voids it      another's knowledge of the secret; a sum whose single-precision rounding differs between neighbours by more than C/1024, which
///               docs/privacy.md bounds for dense layers alone
/// Source        Mironov, "On Significance of the Least Significant Bits for Differential Privacy", CCS 2012, for what this is against
/// </remarks>
internal sealed class FixedPointNoise
{
    /// <summary>Part of the clipping norm that is allowed for rounding in single precision.</summary>
    public const double Allowance = 1.0 / (1 << 10);

    /// <summary>Numbers whose noise is drawn from one stretch of the secret stream.</summary>
    private const int BlockLength = 1024;

    /// <summary>Groups of a stretch: 8 decide 19 of 20 numbers, and the others take 1.5 more on average; all 24 with a probability below e^(−3000).</summary>
    private const int BlockGroups = 32;

    /// <summary>Where in a stretch the words begin that numbers take whose own word leaves them open.</summary>
    private const int FirstMore = BlockLength / SecretNumbers.GroupHalves * SecretWords.GroupLength;

    /// <summary>The most that the grid may add to the sensitivity, as a part of S.</summary>
    private const double GridShareMax = 0.25;

    private static readonly DiscreteGaussian s_gaussian = new(DiscreteGaussian.BitsMax);

    /// <summary>The noise of sums of vectors.</summary>
    /// <param name="clip">C: the largest length of a row's vector.</param>
    /// <param name="multiplier">z ≥ 0: the noise's deviation over the sensitivity.</param>
    /// <param name="count">d: numbers of a sum.</param>
    /// <exception cref="BadInputException">So much noise on so many numbers leaves no grid that is fine enough.</exception>
    public FixedPointNoise(double clip, double multiplier, long count)
    {
        double share = multiplier * Math.Sqrt(count) / (1 << DiscreteGaussian.BitsMax);
        if (share > GridShareMax)
            throw new BadInputException(
                "privacy.noise", null, null, FormattableString.Invariant($"at most {GridShareMax * (1 << DiscreteGaussian.BitsMax) / Math.Sqrt(count):G4} for {count} parameters"),
                FormattableString.Invariant($"{multiplier:G6}"), "lower the noise, or train a smaller model");
        Grid = multiplier * clip * (1 + Allowance) / (1 - share) / (1 << DiscreteGaussian.BitsMax);
    }

    /// <summary>γ; 0 without noise.</summary>
    public double Grid { get; }

    /// <summary>Rounds some numbers of a sum to the grid and adds their noise.</summary>
    /// <param name="sum">[n].</param>
    /// <param name="noisy">[n], overwritten.</param>
    /// <param name="secret">The run's.</param>
    /// <param name="step">Which release of the run: none is made twice.</param>
    /// <param name="first">The place of the first number among all of the sum.</param>
    /// <param name="scale">How often C is the largest length of a row's vector.</param>
    public void Add(ReadOnlySpan<float> sum, Span<float> noisy, PrivacySecret secret, long step, long first, double scale = 1)
    {
        double grid = Grid * scale;
        if (grid == 0)
        {
            sum.CopyTo(noisy);
            return;
        }
        Span<int> noise = stackalloc int[BlockLength];
        for (int done = 0, take; done < sum.Length; done += take)
        {
            int skip = (int)((first + done) % BlockLength);
            take = Math.Min(BlockLength - skip, sum.Length - done);
            FillBlock(noise[..(skip + take)], secret, step, (first + done) / BlockLength);
            Release(sum.Slice(done, take), noise.Slice(skip, take), noisy[done..], grid);
        }
    }

    /// <summary>The first numbers of a block's noise: what their words leave open follows from those before them.</summary>
    [SkipLocalsInit]
    private static void FillBlock(Span<int> noise, PrivacySecret secret, long step, long block)
    {
        Span<uint> draws = stackalloc uint[BlockLength];
        Span<ulong> group = stackalloc ulong[SecretWords.GroupLength];
        int groups = (noise.Length + SecretNumbers.GroupHalves - 1) / SecretNumbers.GroupHalves;
        secret.FillNoise(draws[..(groups * SecretNumbers.GroupHalves)], step, block * BlockGroups);
        SecretWords more = secret.NoiseWords(step, ((block * BlockGroups * SecretWords.GroupLength) + FirstMore, (BlockGroups * SecretWords.GroupLength) - FirstMore), group);
        s_gaussian.Fill(draws[..noise.Length], noise, ref more);
    }

    private static void Release(ReadOnlySpan<float> sum, ReadOnlySpan<int> noise, Span<float> noisy, double grid)
    {
        int i = 0;
        Vector256<double> grids = Vector256.Create(grid);
        for (; i <= sum.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            (Vector256<double> low, Vector256<double> high) = Vector256.Widen(Vector256.Create(sum.Slice(i, Vector256<float>.Count)));
            (Vector256<long> lowNoise, Vector256<long> highNoise) = Vector256.Widen(Vector256.Create(noise.Slice(i, Vector256<int>.Count)));
            low = (Vector256.Round(low / grids) + Vector256.ConvertToDouble(lowNoise)) * grids;
            high = (Vector256.Round(high / grids) + Vector256.ConvertToDouble(highNoise)) * grids;
            Vector256.Narrow(low, high).CopyTo(noisy[i..]);
        }
        for (; i < sum.Length; i++) noisy[i] = (float)((Math.Round(sum[i] / grid) + noise[i]) * grid);
    }
}
