using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Seed.Dashboard.History;
using Microsoft.Extensions.Time.Testing;

namespace Cluster.Seed.Tests.Dashboard.History;

public sealed class RunHistoryTests
{
    private static readonly JobId Job = new("job");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly RunHistory _history;

    public RunHistoryTests() => _history = new RunHistory(_time);

    [Fact]
    public void A_lost_node_is_healed_when_the_job_takes_a_new_step()
    {
        Steps(step: 10, workers: 3);
        _time.Advance(TimeSpan.FromSeconds(1));
        _history.OnNodeSilent("10.0.0.3:4053", ["worker"]);
        Steps(step: 10, workers: 3);
        _time.Advance(TimeSpan.FromSeconds(4));
        _history.OnNodeRemoved("10.0.0.3:4053", ["worker"], left: false);
        Steps(step: 11, workers: 2);

        NodeLoss loss = _history.LookAtNodes().Losses.ShouldHaveSingleItem();

        JobHealed healed = loss.Healed.ShouldHaveSingleItem();
        (healed.Job, healed.Step, healed.Workers, healed.At - loss.At).ShouldBe(("job", 11L, 2, TimeSpan.FromSeconds(4)));
        (loss.Removed - loss.At).ShouldBe(TimeSpan.FromSeconds(4));
        string[] events = [.. _history.Look(Job)!.Events.Select(happened => happened.Text)];
        events.ShouldContain("the cluster lost 10.0.0.3:4053 (worker)");
        events.ShouldContain("workers: 3 → 2, at step 11");
    }

    [Fact]
    public void A_node_that_is_heard_again_is_back()
    {
        _history.OnNodeSilent("10.0.0.3:4053", ["worker"]);
        _history.OnNodeHeard("10.0.0.3:4053", ["worker"]);

        _history.LookAtNodes().Losses.ShouldHaveSingleItem().Back.ShouldNotBeNull();
    }

    [Fact]
    public void A_node_that_leaves_is_no_loss()
    {
        _history.OnNodeRemoved("10.0.0.3:4053", ["worker"], left: true);

        _history.LookAtNodes().Losses.ShouldBeEmpty();
    }

    [Fact]
    public void Going_back_to_a_checkpoint_and_standing_still_are_told()
    {
        for (int step = 0; step <= 100; step += 10)
        {
            Steps(step, workers: 2);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        _time.Advance(TimeSpan.FromSeconds(20));
        Steps(step: 101, workers: 2);
        Steps(step: 90, workers: 2);

        string[] events = [.. _history.Look(Job)!.Events.Select(happened => happened.Text)];

        events.ShouldBe(["stood still for 21.0 s before step 101", "went back from step 101 to 90, to the newest checkpoint"]);
    }

    [Fact]
    public void Time_left_follows_from_the_pace()
    {
        for (int step = 0; step <= 100; step += 10)
        {
            Steps(step, workers: 2);
            if (step < 100) _time.Advance(TimeSpan.FromSeconds(1));
        }

        JobSight sight = _history.Look(Job)!;

        sight.StepsPerSecond.ShouldBe(10);
        sight.TimeLeft.ShouldBe(TimeSpan.FromSeconds(90));
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(10, 31)]
    public void While_a_job_stands_still_its_pace_is_zero_and_the_time_left_is_not_known(int secondsBetween, int silence)
    {
        for (int step = 0; step <= 100; step += 10)
        {
            Steps(step, workers: 2);
            _time.Advance(TimeSpan.FromSeconds(secondsBetween));
        }
        double? usual = _history.Look(Job)!.StepsPerSecond;
        _time.Advance(TimeSpan.FromSeconds(silence - secondsBetween));

        JobSight still = _history.Look(Job)!;
        Steps(step: 110, workers: 2);
        JobSight again = _history.Look(Job)!;

        usual.ShouldBe(10.0 / secondsBetween);
        (still.StepsPerSecond, still.TimeLeft).ShouldBe((0, null));
        again.StepsPerSecond!.Value.ShouldBeInRange(double.Epsilon, usual!.Value);
        again.TimeLeft.ShouldNotBeNull();
    }

    [Fact]
    public void Curves_hold_the_figures_of_steps_and_of_epochs()
    {
        Steps(step: 1, workers: 2, loss: 0.5);
        Steps(step: 2, workers: 2, loss: 0.25);
        _history.OnReport(new EpochProgressed(Job, 0, 3, [new NamedFigure("loss", 0.4)], [new NamedFigure("accuracy", 0.9)], double.NaN));

        CurveSight[] curves = [.. _history.Look(Job)!.Curves];

        curves.Single(curve => curve.Name == "training loss").Points.Select(point => point.Y).ShouldBe([0.5, 0.25]);
        CurveSight validation = curves.Single(curve => curve.Name == "validation accuracy");
        (validation.Axis, validation.Last).ShouldBe((CurveAxis.Epoch, 0.9));
        curves.ShouldNotContain(curve => curve.Name == "epsilon");
    }

    [Fact]
    public void Of_too_many_jobs_the_one_silent_longest_is_forgotten()
    {
        for (int i = 0; i <= RunHistory.JobsMax; i++)
        {
            Steps(step: 1, workers: 1, job: $"job-{i}");
            if (i == 1) Steps(step: 2, workers: 1, job: "job-0");
        }

        _history.Look(new JobId("job-0")).ShouldNotBeNull();
        _history.Look(new JobId("job-1")).ShouldBeNull();
    }

    private void Steps(long step, int workers, double loss = 1, string job = "job") =>
        _history.OnReport(new StepsProgressed(new JobId(job), step, 1000, 0, 10, loss, double.NaN, 100, workers));
}
