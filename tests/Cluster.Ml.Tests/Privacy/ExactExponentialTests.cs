using System.Numerics;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Tests.Privacy;

public class ExactExponentialTests
{
    /// <summary>1/e to 100 places (OEIS A068985).</summary>
    private const string InverseOfE = "3678794411714423215955237701614608674458111310317678345078368016974614957448998033571472743459196437";

    [Fact]
    public void One_over_e_has_its_hundred_digits()
    {
        BigInteger scaled = ExactExponential.Scaled(8, 3, 400), digits = (scaled * BigInteger.Pow(10, 100)) >> 400;
        digits.ToString().ShouldBe(InverseOfE);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 49)]
    [InlineData(123456789, 30)]
    [InlineData(17, 1)]
    [InlineData(200, 1)]
    public void It_is_the_exponential_of_the_platform_to_what_a_double_tells(long p, int q) =>
        ((double)ExactExponential.Scaled(p, q, 300) * Math.ScaleB(1, -300)).ShouldBe(Math.Exp(-Math.ScaleB(p, -q)), 4e-15 * Math.Exp(-Math.ScaleB(p, -q)));

    [Fact]
    public void Fewer_bits_are_the_first_of_more()
    {
        BigInteger many = ExactExponential.Scaled(987654321, 27, 640);
        foreach (int bits in new[] { 64, 128, 192, 512 })
            BigInteger.Abs(ExactExponential.Scaled(987654321, 27, bits) - (many >> (640 - bits))).ShouldBeLessThanOrEqualTo(1);
    }
}
