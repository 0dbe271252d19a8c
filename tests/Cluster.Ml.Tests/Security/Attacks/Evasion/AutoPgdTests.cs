using Cluster.Ml.Security.Attacks.Evasion;

namespace Cluster.Ml.Tests.Security.Attacks.Evasion;

public class AutoPgdTests
{
    // By hand from p = 0, 0.22, 0.41, 0.57, 0.70, 0.80, 0.87, 0.93, 0.99.
    [Fact]
    public void Steps_are_halved_at_the_checkpoints_of_the_paper() =>
        AutoPgd.CheckpointsOf(100).ShouldBe([22, 41, 57, 70, 80, 87, 93, 99]);
}
