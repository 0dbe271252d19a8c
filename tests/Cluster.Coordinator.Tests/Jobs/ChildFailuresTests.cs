using System.Net.Sockets;
using Cluster.Coordinator.Authority;
using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.ParameterServer;
using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.Tests.Jobs;

public sealed class ChildFailuresTests
{
    private readonly ChildFailures _failures = new(new JobId("digits"), "the parameter server", new CoordinatorLimits { FailuresMax = 4 });

    public static TheoryData<Exception> Transient =>
    [
        new TimeoutException("late"), new IOException("broken pipe"), new SocketException(111), new Npgsql.NpgsqlException("no connection"),
        new OperationCanceledException(), new ObjectDisposedException("pool"), new AuthorityLostException("journal", 1, 2),
        new AggregateException(new TimeoutException("late")), new InvalidOperationException("cannot write", new IOException("disk gone")),
    ];

    [Fact]
    public void The_same_failure_at_the_same_step_again_is_the_programs()
    {
        Stop(Bug("index 7"), step: 3);
        _failures.GivenUp.ShouldBeNull();

        Stop(new StepFailureException(3, new AggregateException(Bug("index 7"))), step: 0);

        _failures.GivenUp.ShouldNotBeNull().ShouldStartWith("job digits, step 3: the parameter server stopped with InvalidOperationException: index 7;");
    }

    [Theory]
    [InlineData(4, "index 7")]
    [InlineData(3, "index 8")]
    public void At_another_step_or_in_another_way_it_is_tried_again(long step, string message)
    {
        Stop(new StepFailureException(3, Bug("index 7")), step: 3);

        Stop(new StepFailureException(step, Bug(message)), step: 3);

        _failures.GivenUp.ShouldBeNull();
    }

    [Fact]
    public void A_step_that_was_passed_once_may_fail_once_more()
    {
        Stop(new StepFailureException(3, Bug("index 7")), step: 2);
        _failures.Reached(4);

        Stop(new StepFailureException(3, Bug("index 7")), step: 2);

        _failures.GivenUp.ShouldBeNull();
    }

    [Fact]
    public void Coming_back_to_the_step_between_what_was_reported_and_what_failed_forgets_nothing()
    {
        Stop(new StepFailureException(7, Bug("index 7")), step: 5);
        _failures.Reached(7);

        Stop(new StepFailureException(7, Bug("index 7")), step: 6);

        _failures.GivenUp.ShouldNotBeNull();
    }

    [Fact]
    public void Memory_that_runs_out_three_times_is_the_jobs()
    {
        for (int times = 0; times < 2; times++)
        {
            Stop(new AggregateException(new OutOfMemoryException()), step: 3);
            _failures.GivenUp.ShouldBeNull();
        }

        Stop(new OutOfMemoryException(), step: 3);

        _failures.GivenUp.ShouldNotBeNull().ShouldStartWith("job digits: the parameter server wanted more memory than the ");
        _failures.GivenUp!.ShouldNotContain("Exception");
    }

    [Theory]
    [MemberData(nameof(Transient))]
    public void What_the_world_may_mend_is_tried_as_often_as_may_be(Exception failure)
    {
        for (int times = 0; times < 4; times++)
        {
            Stop(failure, step: 3);
            _failures.GivenUp.ShouldBeNull();
        }

        Stop(failure, step: 3);

        _failures.GivenUp.ShouldNotBeNull().ShouldContain("5 times without a step between");
    }

    [Fact]
    public void A_child_that_stops_without_a_word_is_started_again_with_longer_and_longer_pauses()
    {
        _failures.OnEnded("a range was lost");

        _failures.OnStopped(3).ShouldBe(TimeSpan.FromMilliseconds(100));
        _failures.OnStopped(3).ShouldBe(TimeSpan.FromMilliseconds(200));

        _failures.GivenUp.ShouldBeNull();
        _failures.Reason.ShouldBe("a range was lost");
    }

    private static InvalidOperationException Bug(string message) => new(message);

    private void Stop(Exception failure, long step)
    {
        _failures.OnFailure(failure);
        _failures.OnStopped(step);
    }
}
