using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Tests.Numerics;

public class ReductionsTests
{
    public static TheoryData<int> Lengths => [.. Enumerable.Range(0, 36), 64, 100, 784, 1024];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Sums_have_the_bits_of_sixteen_running_sums(int length)
    {
        (float[] x, float[] y) = (Numbers(length, 1), Numbers(length + 3, 2));

        Reductions.Sum(x).ShouldBe(Spelled(x, (i, sum) => sum + x[i]));
        Reductions.SquaredNorm(x).ShouldBe(Spelled(x, (i, sum) => MathF.FusedMultiplyAdd(x[i], x[i], sum)));
        Reductions.Dot(x, y).ShouldBe(Spelled(x, (i, sum) => MathF.FusedMultiplyAdd(x[i], y[i], sum)));
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void One_number_that_is_not_finite_is_seen_wherever_it_is(int length)
    {
        float[] x = Numbers(length, 3);

        Reductions.AllFinite(x).ShouldBeTrue();
        foreach (float bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
            for (int i = 0; i < length; i++)
            {
                float kept = x[i];
                x[i] = bad;
                Reductions.AllFinite(x).ShouldBeFalse($"{bad} at {i} of {length}");
                x[i] = kept;
            }
    }

    [Fact]
    public void A_product_of_rows_wants_as_many_numbers_of_both() =>
        Should.Throw<ArgumentException>(() => Reductions.Dot(new float[20], new float[19]));

    /// <summary>What the type's Equation says, number by number.</summary>
    private static float Spelled(float[] x, Func<int, float, float> add)
    {
        float[] lanes = new float[Reductions.Lanes];
        for (int i = 0; i < x.Length; i++) lanes[i % lanes.Length] = add(i, lanes[i % lanes.Length]);
        for (int half = lanes.Length / 2; half > 0; half /= 2)
            for (int lane = 0; lane < half; lane++) lanes[lane] += lanes[lane + half];
        return lanes[0];
    }

    private static float[] Numbers(int length, int seed)
    {
        RandomStream random = RandomStream.At((ulong)seed, RandomPurpose.Initialize);
        return [.. Enumerable.Range(0, length).Select(_ => (float)(random.NextGaussian() * Math.Pow(10, random.Next(12) - 6)))];
    }
}
