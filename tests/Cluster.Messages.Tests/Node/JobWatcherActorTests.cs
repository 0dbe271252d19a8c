using System.Threading.Channels;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node;

namespace Cluster.Messages.Tests.Node;

public sealed class JobWatcherActorTests : ActorTestKit
{
    private readonly Channel<object> _heard = Channel.CreateUnbounded<object>();

    public JobWatcherActorTests()
        : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
    {
    }

    [Fact]
    public void A_cancellation_is_repeated_until_the_job_manager_answers_it()
    {
        var jobs = CreateTestProbe();
        IActorRef watcher = Watch(jobs);

        watcher.Tell(JobWatcherActor.Cancel.Instance);
        jobs.FishForMessage(message => message is CancelJob);
        Poll();
        jobs.FishForMessage(message => message is CancelJob);
        watcher.Tell(new JobCancelling(Some.Job), jobs);
        Poll();
        Poll();

        jobs.ExpectMsg<DescribeJob>();
        jobs.ExpectMsg<DescribeJob>();
    }

    [Fact]
    public void A_job_that_ended_before_it_could_be_cancelled_is_described_and_not_refused()
    {
        var jobs = CreateTestProbe();
        IActorRef watcher = Watch(jobs);
        watcher.Tell(JobWatcherActor.Cancel.Instance);
        jobs.FishForMessage(message => message is CancelJob);

        watcher.Tell(new JobRefused(Some.Job, FailureKind.BadInput, "it is Completed"), jobs);
        jobs.ExpectMsg<DescribeJob>();
        JobRefused unknown = new(Some.Job, FailureKind.BadInput, "unknown");
        watcher.Tell(unknown, jobs);

        AwaitAssert(() => _heard.Reader.Count.ShouldBe(1));
        _heard.Reader.TryRead(out object? heard).ShouldBeTrue();
        heard.ShouldBe(unknown);
    }

    private IActorRef Watch(TestProbe jobs)
    {
        IActorRef watcher = Sys.ActorOf(JobWatcherActor.For(
            new JobId(Some.Job.Value), 1, jobs, Sys.ActorSelection(CreateTestProbe().Ref.Path), _heard.Writer));
        jobs.ExpectMsg<DescribeJob>();
        return watcher;
    }

    private void Poll() => ((TestScheduler)Sys.Scheduler).Advance(TimeSpan.FromMilliseconds(500));
}
