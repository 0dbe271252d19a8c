using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Linear;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Learning;

namespace Cluster.Ml.Tests.Data;

/// <summary>A column of one value stays that value, however many rows a sum of it rounds.</summary>
public sealed class ConstantColumnTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Table(int rows, Func<int, string> constant) => _folder.Write(
        "rows.csv", "a,b,target\n" + string.Concat(Enumerable.Range(0, rows).Select(i => FormattableString.Invariant($"{constant(i)},{i % 7},{(i * 31) % 97 / 10.0}\n"))));

    private PreparedData Load(string file, params string[] settings) => PreparedData.Load(DataJobs.Of(file, "linear-regression", settings), NumberKind.Float64);

    [Theory]
    [InlineData("standard", 3_000, "0.1")]
    [InlineData("standard", 20_000, "1e10")]
    [InlineData("standard", 3_001, "-123456.789")]
    [InlineData("minmax", 3_000, "0.1")]
    public void Equal_numbers_become_zero_and_a_new_row_keeps_its_distance(string scale, int rows, string constant)
    {
        PreparedData data = Load(Table(rows, _ => constant), $"data.scale={scale}");

        double value = double.Parse(constant, System.Globalization.CultureInfo.InvariantCulture);
        data.Scaler.Scale(value, 0).ShouldBe(0);
        data.Scaler.Scale(value + 0.25, 0).ShouldBe(0.25, 1e-6);
    }

    [Theory]
    [InlineData("standard")]
    [InlineData("minmax")]
    public void Numbers_that_differ_by_rounding_alone_are_equal(string scale)
    {
        PreparedData data = Load(Table(3_000, i => i % 3 == 0 ? "0.3" : "0.30000000000000004"), $"data.scale={scale}");

        Math.Abs(data.Scaler.Scale(0.31, 0)).ShouldBe(0.01, 1e-12);
    }

    [Fact]
    public void A_spread_that_a_plain_sum_rounds_away_is_kept()
    {
        PreparedData data = Load(Table(20_000, i => i % 2 == 0 ? "1000000000000" : "1000000000000.25"), "data.scale=standard");

        data.Scaler.Scale(1e12, 0).ShouldBe(-1, 1e-9);
        data.Scaler.Scale(1e12 + 0.25, 0).ShouldBe(1, 1e-9);
    }

    [Theory]
    [InlineData(3_000)]
    [InlineData(200_000)]
    public void Least_squares_gives_a_constant_column_no_coefficient(int rows)
    {
        PreparedData data = Load(Table(rows, _ => "0.1"));
        JobSpec spec = DataJobs.Of(_folder.Write("unused.csv", ""), "linear-regression");

        NumericBuffer state = TreeTraining.Train(LinearRegressionLearner.Create(spec, data.Shape), spec, data, 1).State;

        state.Doubles[1].ShouldBe(0);
        Math.Abs(state.Doubles[0]).ShouldBeLessThan(100);
    }

    [Theory]
    [InlineData(3_000)]
    [InlineData(100_000)]
    public void Logistic_regression_gives_a_constant_column_no_coefficient(int rows)
    {
        string file = _folder.Write("rows.csv", "a,b,target\n" + string.Concat(Enumerable.Range(0, rows).Select(i => $"0.1,{i % 7},{(i * 31 % 97 > 48 + (i % 7) ? "x" : "y")}\n")));
        JobSpec spec = DataJobs.Of(file, "logistic");
        PreparedData data = PreparedData.Load(spec, NumberKind.Float64);

        NumericBuffer state = TreeTraining.Train(LogisticNewtonLearner.Create(spec, data.Shape), spec, data, 1).State;

        state.Doubles[1].ShouldBe(0);
    }
}
