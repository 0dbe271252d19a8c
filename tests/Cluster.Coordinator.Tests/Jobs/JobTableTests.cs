using Cluster.Coordinator.Jobs;
using Cluster.Messages;
using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.Tests.Jobs;

public sealed class JobTableTests
{
    private static readonly SubmitJob s_submit = new(Some.Job, "text", "/base", "/run", 0);
    private readonly JobTable _jobs = new();

    [Fact]
    public void A_job_is_wanted_until_it_is_finished_and_again_when_it_is_resumed()
    {
        _jobs.Apply(s_submit);
        _jobs.Apply(s_submit);
        _jobs.Unfinished.ShouldHaveSingleItem().Run.ShouldBe(1);

        _jobs.Apply(Finished(JobStatus.Cancelled));
        _jobs.Unfinished.ShouldBeEmpty();
        _jobs.Find(Some.Job)!.CanResume.ShouldBeTrue();

        _jobs.Apply(new JobResumed(Some.Job, 2));
        _jobs.Unfinished.ShouldHaveSingleItem().Run.ShouldBe(2);
        _jobs.Apply(Finished(JobStatus.Completed));
        _jobs.Find(Some.Job)!.CanResume.ShouldBeFalse();
        _jobs.List().Jobs.ShouldHaveSingleItem().ShouldBe(new JobLine(Some.Job, JobStatus.Completed, 7, 2));
    }

    [Fact]
    public void A_late_report_does_not_revive_a_finished_job()
    {
        _jobs.Apply(s_submit);
        _jobs.Apply(Finished(JobStatus.Completed));

        _jobs.Advance(new JobLine(Some.Job, JobStatus.Running, 3, 1));
        _jobs.Apply(new JobResumed(new JobId("unknown"), 2));

        _jobs.List().Jobs.ShouldHaveSingleItem().Status.ShouldBe(JobStatus.Completed);
    }

    [Fact]
    public void The_same_job_with_anything_different_is_refused()
    {
        _jobs.Refusal(s_submit).ShouldBeNull();
        _jobs.Apply(s_submit);

        _jobs.Refusal(s_submit with { }).ShouldBeNull();
        _jobs.Refusal(s_submit with { JobText = "other" }).ShouldNotBeNull().ShouldContain("text");
        _jobs.Refusal(s_submit with { Folds = 5 }).ShouldNotBeNull();
        _jobs.Refusal(s_submit with { RunDirectory = "/elsewhere" }).ShouldNotBeNull().ShouldContain("directories");
    }

    private static JobFinished Finished(JobStatus status) => new(
        Some.Job, status, "", "", 7, 2, [], [], [], [], [], double.NaN, double.NaN, null, "");
}
