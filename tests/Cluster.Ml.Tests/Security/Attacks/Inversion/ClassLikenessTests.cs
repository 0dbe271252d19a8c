using Cluster.Ml.Security.Attacks;
using Cluster.Ml.Security.Attacks.Inversion;

namespace Cluster.Ml.Tests.Security.Attacks.Inversion;

public class ClassLikenessTests
{
    private static readonly AttackedRows s_rows = new([0, 4, 0, 2, 6, 0, 4, 2], [0, 0, 1, 1], [0, 1, 2, 3], 2);

    // The means are (0, 3) and (5, 1), of all (2.5, 2): less it (−2.5, 1) and (2.5, −1).
    [Fact]
    public void A_row_at_a_class_s_mean_is_wholly_like_it_and_unlike_the_other()
    {
        ClassLikeness likeness = new(s_rows, 2);

        likeness.Of([0, 3], 0).ShouldBe(1, 1e-12);
        likeness.Of([0, 3], 1).ShouldBe(-1, 1e-12);
        likeness.Of([2.5f, 3], 0).ShouldBe(1 / Math.Sqrt(7.25), 1e-6);
        likeness.Nearest([9, 0]).ShouldBe(1);
    }

    [Fact]
    public void A_class_without_rows_is_like_nothing()
    {
        ClassLikeness likeness = new(s_rows, 3);

        likeness.Of([-9, -5], 2).ShouldBe(0);
        likeness.Nearest([-9, -9]).ShouldNotBe(2);
    }

    [Fact]
    public void Where_nothing_varies_nothing_is_alike() => new ClassLikeness(s_rows, 2).Of([2.5f, 2], 0).ShouldBe(0);
}
