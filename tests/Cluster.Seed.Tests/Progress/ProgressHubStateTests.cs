using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Seed.Progress;

namespace Cluster.Seed.Tests.Progress;

public sealed class ProgressHubStateTests
{
    private readonly ProgressHubState _state = new();

    [Fact]
    public void Only_so_many_jobs_are_kept_and_the_longest_silent_is_forgotten()
    {
        for (int i = 0; i < ProgressHubState.JobsMax; i++) Report(i, step: 0);
        Report(0, step: 1);

        Report(ProgressHubState.JobsMax, step: 0);

        _state.Jobs.ShouldBe(ProgressHubState.JobsMax);
        _state.LastOf(Name(1)).ShouldBeNull();
        _state.LastOf(Name(0)).ShouldBeOfType<StepsProgressed>().Step.ShouldBe(1);
    }

    [Theory]
    [InlineData(JobStatus.Completed)]
    [InlineData(JobStatus.Cancelled)]
    public void The_end_of_a_run_is_not_told_to_who_watches_the_next(JobStatus status)
    {
        Report(0, step: 5);
        _state.OnReport(Finished(status));

        _state.LastOf(Name(0)).ShouldBeNull();
        _state.Jobs.ShouldBe(0);
        Report(0, step: 7);
        _state.LastOf(Name(0)).ShouldBeOfType<StepsProgressed>().Step.ShouldBe(7);
    }

    [Fact]
    public void More_subscribers_than_the_limit_are_refused()
    {
        for (int i = 0; i < ProgressHubState.SubscribersMax; i++)
            _state.OnSubscribe(Name(0), Subscriber(i)).ShouldBeTrue();

        _state.OnSubscribe(Name(0), Subscriber(ProgressHubState.SubscribersMax)).ShouldBeFalse();
        _state.OnTerminated(Subscriber(3));
        _state.OnSubscribe(Name(0), Subscriber(ProgressHubState.SubscribersMax)).ShouldBeTrue();
    }

    private void Report(int job, long step) => _state.OnReport(ProgressHubActorTests.Steps(Name(job), step));

    private static JobId Name(int job) => new($"job-{job}");

    private static JobFinished Finished(JobStatus status) => new(
        Name(0), status, "", "", 10, 1, [], [], [], [], [], double.NaN, double.NaN, null, "");

    private static IActorRef Subscriber(int index) => NamedRef.Of(index);
}
