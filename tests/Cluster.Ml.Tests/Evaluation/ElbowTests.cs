using Cluster.Ml.Evaluation;

namespace Cluster.Ml.Tests.Evaluation;

public sealed class ElbowTests
{
    [Fact]
    public void It_is_the_point_farthest_below_the_line_from_first_to_last() =>
        Elbow.Of([(1, 100), (2, 60), (3, 20), (4, 15), (5, 10)]).ShouldBe(2);

    [Fact]
    public void Of_points_that_lie_equally_far_below_it_is_the_first() => Elbow.Of([(0, 4), (1, 2), (2, 1), (4, 0)]).ShouldBe(1);

    [Fact]
    public void Points_need_not_be_equally_spaced_and_their_units_do_not_matter()
    {
        (double X, double Y)[] points = [(1, 9), (2, 4), (8, 2), (10, 1)];

        Elbow.Of(points).ShouldBe(1);
        Elbow.Of([.. points.Select(point => (point.X * 1e6, point.Y / 1e6))]).ShouldBe(1);
    }

    [Fact]
    public void A_line_a_rise_and_two_points_have_none()
    {
        Elbow.Of([]).ShouldBeNull();
        Elbow.Of([(1, 2), (2, 1)]).ShouldBeNull();
        Elbow.Of([(1, 3), (2, 2), (3, 1)]).ShouldBeNull();
        Elbow.Of([(1, 3), (2, 2.9), (3, 1)]).ShouldBeNull();
        Elbow.Of([(1, 1), (2, 0), (3, 1)]).ShouldBeNull();
    }
}
