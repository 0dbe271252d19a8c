using Cluster.Coordinator.Jobs;
using Cluster.Messages;
using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.Tests.Jobs;

public sealed class JobTableTests
{
    private static readonly SubmitJob s_submit = new(Some.Job, "text", "/base", "/run", null, 0);
    private readonly JobTable _jobs = new();

    [Fact]
    public void A_job_is_wanted_until_it_is_finished_and_again_when_it_is_resumed()
    {
        _jobs.Apply(s_submit);
        _jobs.Apply(s_submit);
        _jobs.Next(1)!.Run.ShouldBe(1);
        _jobs.Apply(new JobBegun(Some.Job));
        _jobs.Running.ShouldHaveSingleItem();

        _jobs.Apply(Finished(JobStatus.Cancelled));
        _jobs.Running.ShouldBeEmpty();
        _jobs.Next(1).ShouldBeNull();
        _jobs.Find(Some.Job)!.CanResume.ShouldBeTrue();

        _jobs.Apply(new JobResumed(Some.Job, 2));
        _jobs.Next(1)!.Run.ShouldBe(2);
        _jobs.Apply(new JobBegun(Some.Job));
        _jobs.Apply(Finished(JobStatus.Completed));
        _jobs.Find(Some.Job)!.CanResume.ShouldBeFalse();
        _jobs.List().Jobs.ShouldHaveSingleItem().ShouldBe(new JobLine(Some.Job, JobStatus.Completed, 2, 0, 7, 2));
    }

    [Fact]
    public void Submitted_again_with_another_number_of_servers_a_job_is_the_same_and_goes_on_with_that_number()
    {
        _jobs.Apply(s_submit);
        _jobs.Refusal(s_submit with { Servers = 3 }).ShouldBeNull();

        _jobs.Apply(s_submit with { Servers = 3 });

        _jobs.List().Jobs.ShouldHaveSingleItem();
        _jobs.Find(Some.Job)!.Submitted.ShouldBe(s_submit with { Servers = 3 });
    }

    [Fact]
    public void The_highest_priority_begins_first_and_among_equals_who_queued_first()
    {
        foreach ((string name, int priority) in new[] { ("a", 0), ("b", 5), ("c", 0), ("d", 5), ("e", -3) }) Queue(name, priority);

        Order(5).ShouldBe(["b", "d", "a", "c", "e"]);
    }

    [Fact]
    public void A_job_that_is_resumed_queues_behind_its_equals()
    {
        Queue("a", 0);
        Queue("b", 0);
        _jobs.Apply(Finished(JobStatus.Cancelled) with { Job = new JobId("a") });
        _jobs.Apply(new JobResumed(new JobId("a"), 2));

        Order(2).ShouldBe(["b", "a"]);
    }

    [Fact]
    public void No_more_begin_than_may_run_at_once()
    {
        foreach (string name in new[] { "a", "b", "c" }) Queue(name, 0);

        Order(2).ShouldBe(["a", "b"]);
        _jobs.Apply(Finished(JobStatus.Completed) with { Job = new JobId("a") });
        Order(2).ShouldBe(["c"]);
    }

    [Fact]
    public void A_late_report_does_not_revive_a_finished_job()
    {
        _jobs.Apply(s_submit);
        _jobs.Apply(Finished(JobStatus.Completed));

        _jobs.Advance(Some.Job, 3, 1);
        _jobs.Apply(new JobResumed(new JobId("unknown"), 2));

        _jobs.List().Jobs.ShouldHaveSingleItem().ShouldBe(new JobLine(Some.Job, JobStatus.Completed, 1, 0, 7, 2));
    }

    [Fact]
    public void The_same_job_with_anything_different_is_refused()
    {
        _jobs.Refusal(s_submit).ShouldBeNull();
        _jobs.Apply(s_submit);

        _jobs.Refusal(s_submit with { }).ShouldBeNull();
        _jobs.Refusal(s_submit with { Priority = 9 }).ShouldBeNull();
        _jobs.Refusal(s_submit with { JobText = "other" }).ShouldNotBeNull().ShouldContain("text");
        _jobs.Refusal(s_submit with { Tasks = TaskOrder.OfFolds(5) }).ShouldNotBeNull();
        _jobs.Refusal(s_submit with { RunDirectory = "/elsewhere" }).ShouldNotBeNull().ShouldContain("directories");
    }

    [Theory]
    [InlineData("/run")]
    [InlineData("/run/")]
    [InlineData("/other/../run")]
    public void Another_job_in_the_same_run_directory_is_refused(string directory)
    {
        _jobs.Apply(s_submit);

        _jobs.Refusal(s_submit with { Job = new JobId("second"), RunDirectory = directory }).ShouldNotBeNull().ShouldContain($"{Some.Job}");
    }

    [Fact]
    public void Of_the_jobs_that_have_ended_the_last_are_kept_whole_and_of_the_others_their_names()
    {
        JobTable jobs = new(new CoordinatorLimits { JobsKeptMax = 2 });
        foreach (string name in new[] { "a", "b", "c", "d" }) jobs.Apply(Job(name));
        foreach (string name in new[] { "d", "a", "c" }) jobs.Apply(Finished(JobStatus.Completed) with { Job = new JobId(name), Test = [new NamedFigure("loss", 1)] });

        jobs.List().Jobs.Select(line => line.Job.Value).ShouldBe(["a", "b", "c"]);
        JobEntry past = jobs.Find(new JobId("d"))!;
        past.IsPast.ShouldBeTrue();
        past.Submitted.JobText.ShouldNotBe("text");
        past.Finished!.Status.ShouldBe(JobStatus.Completed);
        past.Finished.Test.ShouldBeEmpty();
        jobs.Refusal(Job("d")).ShouldBeNull();
        jobs.Refusal(Job("d") with { JobText = "other" }).ShouldNotBeNull().ShouldContain("text");
        jobs.Refusal(Job("e") with { RunDirectory = "/runs/d" }).ShouldNotBeNull().ShouldContain("job d");
    }

    [Fact]
    public void A_job_that_was_put_away_comes_back_with_its_text_and_is_resumed()
    {
        JobTable jobs = new(new CoordinatorLimits { JobsKeptMax = 1 });
        foreach (string name in new[] { "a", "b" })
        {
            jobs.Apply(Job(name));
            jobs.Apply(Finished(JobStatus.Cancelled) with { Job = new JobId(name) });
        }
        jobs.Find(new JobId("a"))!.IsPast.ShouldBeTrue();

        jobs.Apply(Job("a"));
        jobs.Find(new JobId("a"))!.IsPast.ShouldBeFalse();
        jobs.Find(new JobId("b"))!.IsPast.ShouldBeTrue();
        jobs.Apply(new JobResumed(new JobId("a"), 2));

        jobs.Next(1)!.Submitted.ShouldBe(Job("a"));
    }

    [Fact]
    public void No_further_job_is_taken_where_as_many_wait_as_may_or_the_journal_is_full()
    {
        JobTable jobs = new(new CoordinatorLimits { QueueMax = 2, JobsKeptMax = 1, PastJobsMax = 1 });
        jobs.Apply(Job("a"));
        jobs.Crowded(Some.Job).ShouldBeNull();
        jobs.Apply(Job("b"));
        jobs.Crowded(Some.Job).ShouldNotBeNull().ShouldContain("fewer than 2 jobs that wait");

        foreach (string name in new[] { "a", "b" }) jobs.Apply(Finished(JobStatus.Completed) with { Job = new JobId(name) });

        jobs.Crowded(Some.Job).ShouldNotBeNull().ShouldContain("a new journal");
    }

    private static SubmitJob Job(string name) => s_submit with { Job = new JobId(name), RunDirectory = $"/runs/{name}" };

    private void Queue(string name, int priority) =>
        _jobs.Apply(s_submit with { Job = new JobId(name), RunDirectory = $"/runs/{name}", Priority = priority });

    /// <summary>Begins jobs until no other may.</summary>
    private List<string> Order(int atOnce)
    {
        List<string> begun = [];
        while (_jobs.Next(atOnce) is { } next)
        {
            _jobs.Apply(new JobBegun(next.Submitted.Job));
            begun.Add(next.Submitted.Job.Value);
        }
        return begun;
    }

    private static JobFinished Finished(JobStatus status) => new(
        Some.Job, status, "", "", 7, 2, [], [], [], [], [], double.NaN, double.NaN, null, "");
}
