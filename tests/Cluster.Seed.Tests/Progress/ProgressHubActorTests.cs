using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Seed.Progress;

namespace Cluster.Seed.Tests.Progress;

public sealed class ProgressHubActorTests : ActorTestKit
{
    private static readonly JobId Job = new("job");

    [Fact]
    public void A_subscriber_gets_every_report_of_its_job_and_no_other()
    {
        var subscriber = CreateTestProbe();
        IActorRef hub = Sys.ActorOf(ProgressHubActor.CreateProps());
        hub.Tell(new SubscribeProgress(Job, subscriber.Ref));

        hub.Tell(Steps(Job, 1));
        hub.Tell(Steps(new JobId("other"), 9));
        hub.Tell(Steps(Job, 2));

        subscriber.ExpectMsg<StepsProgressed>().Step.ShouldBe(1);
        subscriber.ExpectMsg<StepsProgressed>().Step.ShouldBe(2);
    }

    [Fact]
    public void A_newcomer_gets_the_last_report_at_once()
    {
        var subscriber = CreateTestProbe();
        IActorRef hub = Sys.ActorOf(ProgressHubActor.CreateProps());
        hub.Tell(Steps(Job, 1));
        hub.Tell(Steps(Job, 2));

        hub.Tell(new SubscribeProgress(Job, subscriber.Ref));

        subscriber.ExpectMsg<StepsProgressed>().Step.ShouldBe(2);
    }

    [Fact]
    public void Subscribing_twice_gives_each_report_once()
    {
        var subscriber = CreateTestProbe();
        IActorRef hub = Sys.ActorOf(ProgressHubActor.CreateProps());
        hub.Tell(new SubscribeProgress(Job, subscriber.Ref));
        hub.Tell(new SubscribeProgress(Job, subscriber.Ref));

        hub.Tell(Steps(Job, 1));
        hub.Tell(Steps(Job, 2));

        subscriber.ExpectMsg<StepsProgressed>().Step.ShouldBe(1);
        subscriber.ExpectMsg<StepsProgressed>().Step.ShouldBe(2);
    }

    [Fact]
    public void A_subscriber_that_ended_does_not_disturb_the_others()
    {
        var (gone, stays) = (CreateTestProbe(), CreateTestProbe());
        IActorRef hub = Sys.ActorOf(ProgressHubActor.CreateProps());
        hub.Tell(new SubscribeProgress(Job, gone.Ref));
        hub.Tell(new SubscribeProgress(Job, stays.Ref));

        Sys.Stop(gone.Ref);
        hub.Tell(Steps(Job, 1));

        stays.ExpectMsg<StepsProgressed>().Step.ShouldBe(1);
    }

    internal static StepsProgressed Steps(JobId job, long step) => new(job, step, 100, 0, 10, 0.5, 0.9, 1000, 2);
}
