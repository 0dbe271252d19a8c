using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Linear;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Data;
using Cluster.Ml.Tests.Learning;

namespace Cluster.Ml.Tests.Linear;

/// <summary>More features than rows: the factor has as many rows as the data, and nothing is computed of empty ones.</summary>
public sealed class WideRegressionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Wide(int rows, int columns) => _folder.Write("wide.csv",
        string.Join(',', Enumerable.Range(0, columns).Select(c => $"f{c}")) + ",target\n" + string.Concat(Enumerable.Range(0, rows).Select(row =>
            string.Join(',', Enumerable.Range(0, columns).Select(c => (((row + 3) * (c + 7) * 2_654_435_761L) % 1009).ToString())) + $",{row * row}\n")));

    [Theory]
    [InlineData(6, 40)]
    [InlineData(6, 1_500)]
    [InlineData(70, 90)]
    public void A_wide_table_is_fitted_exactly_by_as_many_coefficients_as_it_has_rows(int rows, int columns)
    {
        JobSpec spec = DataJobs.Of(Wide(rows, columns), "linear-regression");
        PreparedData data = PreparedData.Load(spec, NumberKind.Float64);

        TreeTraining.Result result = TreeTraining.Train(LinearRegressionLearner.Create(spec, data.Shape), spec, data, 2);

        result.Training["rmse"]!.Value.ShouldBeLessThan(1e-6);
        result.State.Doubles[..(columns + 1)].ToArray().Count(coefficient => coefficient != 0).ShouldBeLessThanOrEqualTo(rows);
    }

    /// <summary>At the minimum the gradient of (1/n)‖y − Xb‖² + λ‖b‖² is 0, the intercept's share of it too.</summary>
    [Theory]
    [InlineData("l2", 0.5)]
    [InlineData("l1", 30)]
    public void A_wide_table_with_a_penalty_is_at_its_minimum(string penalty, double weight)
    {
        const int rows = 9, columns = 60;
        JobSpec spec = DataJobs.Of(Wide(rows, columns), "linear-regression", FormattableString.Invariant($"training.regularize.{penalty}={weight}"), "data.scale=standard");
        PreparedData data = PreparedData.Load(spec, NumberKind.Float64);

        double[] b = TreeTraining.Train(LinearRegressionLearner.Create(spec, data.Shape), spec, data, 2).State.Doubles.ToArray();

        RowTable table = data.Training.Table;
        double[] residuals = [.. Enumerable.Range(0, rows).Select(row => table.Targets[row] - b[0] - Enumerable.Range(0, columns).Sum(c => table.DoublesOf(row)[c] * b[c + 1]))];
        residuals.Sum().ShouldBe(0, 1e-6);
        for (int c = 0; c < columns; c++)
        {
            double pull = 2.0 / rows * Enumerable.Range(0, rows).Sum(row => residuals[row] * table.DoublesOf(row)[c]);
            if (penalty == "l2") pull.ShouldBe(2 * weight * b[c + 1], 1e-6);
            else if (b[c + 1] == 0) Math.Abs(pull).ShouldBeLessThanOrEqualTo(weight + 1e-6);
            else pull.ShouldBe(weight * Math.Sign(b[c + 1]), 1e-6);
        }
    }

    [Fact]
    public void The_factor_of_few_rows_has_that_many_rows()
    {
        const int width = 12;
        double[] factor = new double[TriangularFactor.Length(width)], scratch = new double[TriangularFactor.ScratchLength(width)];
        double[] block = [.. Enumerable.Range(0, 5 * width).Select(i => Math.Sin(i * i))], original = [.. block];

        TriangularFactor.Absorb(factor, block, 5, width, scratch);

        factor.AsSpan(TriangularFactor.Diagonal(5, width)).ToArray().ShouldAllBe(number => number == 0);
        for (int a = 0; a < width; a++)
            for (int b = a; b < width; b++)
            {
                double wanted = Enumerable.Range(0, 5).Sum(row => original[(row * width) + a] * original[(row * width) + b]);
                double got = Enumerable.Range(0, a + 1).Sum(row => factor[TriangularFactor.Diagonal(row, width) + a - row] * factor[TriangularFactor.Diagonal(row, width) + b - row]);
                got.ShouldBe(wanted, 1e-12);
            }
    }
}
