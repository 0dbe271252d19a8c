using Cluster.Ml.Evaluation;

namespace Cluster.Ml.Tests.Evaluation;

public sealed class PrincipalPlaneTests
{
    [Fact]
    public void That_of_the_irises_is_that_of_scikit_learn()
    {
        (double[] rows, _) = GoldenScores.Irises();

        PrincipalPlane plane = PrincipalPlane.Of(rows, 4);

        plane.Axes.ShouldBe(GoldenScores.Numbers(GoldenScores.Root.GetProperty("axes")), 1e-9);
        plane.Shares.ShouldBe(GoldenScores.Numbers(GoldenScores.Root.GetProperty("shares")), 1e-9);
        double[] coordinates = [.. Enumerable.Range(0, rows.Length / 4).Select(row => plane.Of(rows.AsSpan(4 * row, 4))).SelectMany(point => new[] { point.X, point.Y })];
        coordinates.ShouldBe(GoldenScores.Numbers(GoldenScores.Root.GetProperty("coordinates")), 1e-9);
    }

    [Fact]
    public void Of_fewer_rows_than_columns_it_is_the_same_as_by_columns()
    {
        double[] rows = [1, 5, 2, 8, 4, 4, 0, 1, 9, 2, 3, 7];     // three rows of four numbers
        double[] twice = [.. rows, .. rows];                     // more rows than columns, on the same plane

        (PrincipalPlane few, PrincipalPlane many) = (PrincipalPlane.Of(rows, 4), PrincipalPlane.Of(twice, 4));

        few.Axes.ShouldBe(many.Axes, 1e-9);
        few.Shares.ShouldBe(many.Shares, 1e-9);
        few.Shares.Sum().ShouldBe(1, 1e-9);
    }

    [Fact]
    public void A_covariance_is_turned_with_the_axes()
    {
        PrincipalPlane plane = new([0, 0], [0.6, 0.8, 0.8, -0.6], [1, 0]);

        (double x, double both, double y) = plane.OfCovariance([2, 1, 1, 3]);

        x.ShouldBe((0.36 * 2) + (2 * 0.48) + (0.64 * 3), 1e-12);
        both.ShouldBe((0.48 * 2) + (0.64 - 0.36) - (0.48 * 3), 1e-12);
        y.ShouldBe((0.64 * 2) - (2 * 0.48) + (0.36 * 3), 1e-12);
    }

    [Fact]
    public void Rows_that_do_not_differ_and_rows_of_one_column_leave_axes_at_zero()
    {
        PrincipalPlane.Of([7, 7, 7, 7], 2).Axes.ShouldAllBe(number => number == 0);
        PrincipalPlane line = PrincipalPlane.Of([1, 2, 4], 1);
        line.Of([3.0]).X.ShouldBe(3 - (7.0 / 3), 1e-12);
        line.Of([3.0]).Y.ShouldBe(0);
        Should.Throw<ArgumentException>(() => PrincipalPlane.Of([1, 2, 3], 2));
    }
}
