using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Privacy;
using Cluster.Ml.Tests.Jobs;

namespace Cluster.Ml.Tests.Privacy;

public sealed class PrivacyPlanTests
{
    [Fact]
    public void A_job_without_privacy_has_no_plan() => PrivacyPlan.For(Some.Job(), 1000).ShouldBeNull();

    [Fact]
    public void Given_noise_is_taken_as_it_is()
    {
        PrivacyPlan plan = PrivacyPlan.For(Some.Job("privacy={clip: 1.5, noise: 1.3}", "training.batch=256", "training.epochs=15"), 60000)!;

        plan.SampleRate.ShouldBe(256 / 60000.0);
        plan.NoiseMultiplier.ShouldBe(1.3);
        plan.StepsPerEpoch.ShouldBe(234);
        plan.StepsAllowed.ShouldBe(15 * 234);
        plan.EpsilonAfter(3510).ShouldBe(Accountant.Epsilon(256 / 60000.0, 1.3, 3510, 1e-5).Epsilon);
    }

    [Fact]
    public void Noise_is_calibrated_for_all_planned_steps()
    {
        PrivacyPlan plan = PrivacyPlan.For(Some.Job("privacy={target-epsilon: 3}", "training.epochs=10"), 1000)!;

        plan.StepsAllowed.ShouldBe(plan.StepsPlanned);
        plan.EpsilonAfter(plan.StepsPlanned).ShouldBeInRange(2.9999, 3);
    }

    [Fact]
    public void Noise_and_budget_together_limit_the_steps()
    {
        PrivacyPlan plan = PrivacyPlan.For(Some.Job("privacy={noise: 1, target-epsilon: 3}", "training.epochs=1000"), 1000)!;

        plan.StepsAllowed.ShouldBeInRange(1, plan.StepsPlanned - 1);
        plan.EpsilonAfter(plan.StepsAllowed).ShouldBeLessThanOrEqualTo(3);
        plan.EpsilonAfter(plan.StepsAllowed + 1).ShouldBeGreaterThan(3);
        plan.OpenLedger().Reserve(plan.StepsPlanned).Steps.ShouldBe(plan.StepsAllowed);
    }

    [Theory]
    [InlineData(63, "privacy={noise: 1}", "lower training.batch")]
    [InlineData(1000, "privacy={noise: 0.05, target-epsilon: 0.01}", "raise target-epsilon")]
    public void A_plan_that_cannot_be_is_refused(int rows, string privacy, string advice)
    {
        JobSpec job = Some.Job(privacy);

        Should.Throw<BadInputException>(() => PrivacyPlan.For(job, rows)).Message.ShouldContain(advice);
    }
}
