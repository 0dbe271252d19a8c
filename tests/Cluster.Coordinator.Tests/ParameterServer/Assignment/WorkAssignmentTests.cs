using System.Reflection;
using Cluster.Coordinator.ParameterServer;
using Cluster.Coordinator.ParameterServer.Assignment;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.Tests.ParameterServer.Assignment;

/// <summary>Workers a, b and c, each on a node of its name, hold the micro-batches 0–3, 4–5 and 6–7.</summary>
public sealed class WorkAssignmentTests
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(1);
    private readonly SumTree _tree = new(8, (left, right) => left.Add(right), _ => { });
    private readonly WorkAssignment _work = new(8, backUpAfter: 3);

    public WorkAssignmentTests() => Announce(_work);

    private OpenRound Round => new(RoundPurpose.Train, _tree, null);

    [Fact]
    public void Nothing_here_knows_an_actor() =>
        typeof(WorkAssignment).Assembly.GetTypes().Where(type => type.Namespace == typeof(WorkAssignment).Namespace)
            .SelectMany(type => type.GetFields(BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
            .Where(field => field.FieldType.Assembly == typeof(IActorRef).Assembly).ShouldBeEmpty();

    [Fact]
    public void Shards_are_opened_so_that_dealing_them_out_in_turn_gives_aligned_subtrees() => _work.Opening.ShouldBe([0, 4, 2, 6, 1, 5, 3, 7]);

    [Fact]
    public void While_all_can_be_heard_nobody_is_asked_for_what_another_holds()
    {
        Of(_work.OnPublished(Round)).ShouldBeEmpty();

        _work.IsAsked(new WorkerId("a"), new SubtreeId(0, 4)).ShouldBeTrue();
        _work.IsAsked(new WorkerId("a"), new SubtreeId(4, 1)).ShouldBeFalse();
    }

    [Fact]
    public void A_worker_that_comes_late_gets_the_round_if_what_it_holds_is_missing()
    {
        _work.OnPublished(Round);

        Of(Host("d", 2, 3)).ShouldBe(["Arrived d 2,3"]);
        Answer(0, 4);
        Of(Host("d", 2, 3)).ShouldBeEmpty();
        Of(_work.OnHosted(new ShardHost(new WorkerId("d"), "d", [4]), round: null)).ShouldBeEmpty();
    }

    [Fact]
    public void What_nobody_has_held_yet_is_not_given_away()
    {
        WorkAssignment empty = new(8);

        Of(empty.OnPublished(Round)).ShouldBeEmpty();
        empty.OnRepeated(Round, repeats: 1).Open.ShouldBe([0, 1, 2, 3, 4, 5, 6, 7]);
    }

    [Fact]
    public void What_nobody_has_held_yet_is_computed_by_others_while_a_node_that_may_be_its_home_is_silent()
    {
        Host("a", 0, 1);
        _work.OnPublished(Round);

        Of(_work.OnSilent("d", Round)).ShouldBe(["StandsIn a 2", "StandsIn b 3"]);
    }

    [Fact]
    public void What_a_silent_worker_owes_is_dealt_among_the_others_until_the_round_is_asked_for_again()
    {
        _work.OnPublished(Round);
        Answer(0, 1);

        Of(_work.OnSilent("a", Round)).ShouldBe(["StandsIn b 1", "StandsIn c 2,3"]);
        _work.IsAsked(new WorkerId("c"), new SubtreeId(2, 2)).ShouldBeTrue();
        Of(_work.OnSilent("a", Round)).ShouldBeEmpty();
        Of(_work.OnRepeated(Round, repeats: 1)).ShouldBe(["Repeated a 1,2,3", "Repeated b 4,5", "Repeated c 6,7", "StandsIn b 1", "StandsIn c 2,3"]);
    }

    [Fact]
    public void A_worker_that_is_heard_again_computes_for_itself()
    {
        _work.OnSilent("a", round: null);
        _work.OnHeard("a");

        Of(_work.OnPublished(Round)).ShouldBeEmpty();
    }

    [Fact]
    public void What_a_lost_worker_held_is_computed_by_others_and_opened_until_it_has_a_home()
    {
        WorkOrders lost = Lose("a");
        Of(lost).ShouldBe(["StandsIn b 0,1", "StandsIn c 2,3"]);
        lost.Open.ShouldBe([0, 1, 2, 3]);

        Host("b", 0, 1, 4, 5);

        Of(_work.OnPublished(Round)).ShouldBe(["StandsIn b 2", "StandsIn c 3"]);
    }

    [Fact]
    public void What_was_given_to_a_worker_that_is_lost_in_turn_is_given_again()
    {
        Lose("a");

        Of(Lose("b")).ShouldBe(["StandsIn c 0,1,2,3,4,5"]);
    }

    [Fact]
    public void Without_anybody_left_nobody_is_asked()
    {
        Lose("a");
        Lose("b");

        Of(_work.OnSilent("c", Round)).ShouldBeEmpty();
    }

    [Fact]
    public void Nobody_stands_in_where_steps_leave_something_with_the_worker_but_for_an_evaluation()
    {
        WorkAssignment carrying = new(8, carries: true);
        Announce(carrying);
        carrying.OnSilent("a", round: null);

        Of(carrying.OnPublished(Round)).ShouldBeEmpty();
        Of(carrying.OnPublished(Round with { Purpose = RoundPurpose.EvaluateTest })).ShouldBe(["StandsIn b 0,1", "StandsIn c 2,3"]);
    }

    [Fact]
    public void What_is_missing_and_homeless_is_opened_again_and_after_two_repetitions_whatever_is_missing()
    {
        Host("a", 0, 1);
        Answer(4, 4);

        _work.OnRepeated(Round, repeats: 1).Open.ShouldBe([2, 3]);
        _work.OnRepeated(Round, repeats: 2).Open.ShouldBe([0, 1, 2, 3]);
    }

    [Fact]
    public void A_round_that_waits_for_every_shard_to_have_a_host_asks_for_homes_alone()
    {
        Host("a", 0, 1);

        WorkOrders orders = _work.OnRepeated(round: null, repeats: 1);

        orders.Work.ShouldBeEmpty();
        orders.Open.ShouldBe([2, 3]);
    }

    [Fact]
    public void Parts_that_a_server_lacks_are_asked_of_their_holders_if_they_were_sent()
    {
        Answer(0, 4);

        Of(_work.OnPartsLost([2, 4], Round)).ShouldBe(["PartsLost a 2"]);
    }

    [Fact]
    public void What_a_late_worker_owes_is_dealt_once_a_round_among_those_that_are_heard_and_owe_nothing()
    {
        Settle();
        Answer(0, 1);
        Answer(4, 4);

        Of(_work.OnTime(Round, 3 * Usual)).ShouldBeEmpty();
        Of(_work.OnTime(Round, 3.1 * Usual)).ShouldBe(["BacksUp b 1", "BacksUp c 2,3"]);
        Of(_work.OnTime(Round, 9 * Usual)).ShouldBeEmpty();

        _work.OnPublished(Round);
        _work.OnSilent("b", Round);
        Of(_work.OnTime(Round, 0.1 * Usual)).ShouldBe(["BacksUp c 1,2,3"]);
    }

    [Fact]
    public void While_nobody_is_free_nothing_is_given_away()
    {
        Settle();

        Of(_work.OnTime(Round, 9 * Usual)).ShouldBeEmpty();
        Answer(4, 2);

        Of(_work.OnTime(Round, 9 * Usual)).ShouldBe(["BacksUp b 0,1,2,3,6,7"]);
    }

    [Fact]
    public void A_second_worker_is_asked_for_what_another_could_not_compute_and_believed_of_it()
    {
        _work.OnPublished(Round);

        RoundId round = new(1, 7, RoundPurpose.Train, 3, 0);
        Claim claim = new(new WorkerId("a"), new Subtree(0, 2), FailureKind.Diverged, "infinite");

        (Claim? believed, WorkOrders orders) = _work.OnClaim(claim, round, [0, 1]);

        believed.ShouldBeNull();
        Of(orders).ShouldBe(["Checks b 0,1"]);
        _work.IsAsked(new WorkerId("b"), new SubtreeId(0, 2)).ShouldBeTrue();
        _work.OnComputed(new WorkerId("b"), new Subtree(0, 2), round, _ => false).ShouldBe(claim);
    }

    [Fact]
    public void At_its_own_pace_a_worker_goes_on_with_the_furthest_behind_of_its_shards()
    {
        StaleClocks clocks = new(8, bound: 1);
        ShardHost a = _work.Find(new WorkerId("a"))!;
        clocks.Take(new Subtree(0, 2), 0);

        WorkAssignment.AtOwnPace(a, clocks, end: 9).ShouldBe([2, 3]);
        clocks.Take(new Subtree(2, 2), 0);
        WorkAssignment.AtOwnPace(a, clocks, end: 9).ShouldBe([0, 1, 2, 3]);
        clocks.Take(new Subtree(0, 4), 1);
        WorkAssignment.AtOwnPace(a, clocks, end: 9).ShouldBeEmpty();
        _work.OnRepeated(clocks, repeats: 2).Open.ShouldBe([4, 5, 6, 7]);
    }

    private static string[] Of(WorkOrders orders) => [.. orders.Work.Select(order => $"{order.Reason} {order.Worker} {string.Join(',', order.Shards)}")];

    private static void Announce(WorkAssignment work)
    {
        work.OnHosted(new ShardHost(new WorkerId("a"), "a", [0, 1, 2, 3]), round: null);
        work.OnHosted(new ShardHost(new WorkerId("b"), "b", [4, 5]), round: null);
        work.OnHosted(new ShardHost(new WorkerId("c"), "c", [6, 7]), round: null);
    }

    private void Settle()
    {
        for (int i = 0; i < AnswerTimes.Least; i++) _work.OnTaken(new WorkerId("a"), new SubtreeId(0, 1), Usual).ShouldBeTrue();
        _work.OnPublished(Round);
    }

    private WorkOrders Host(string worker, params int[] shards) => _work.OnHosted(new ShardHost(new WorkerId(worker), worker, [.. shards]), Round);

    private WorkOrders Lose(string worker) => _work.OnLost([new WorkerId(worker)], Round);

    private void Answer(int first, int count)
    {
        for (int shard = first; shard < first + count; shard++)
            if (_tree.IsMissing(shard)) _tree.Offer(new Subtree(shard, 1), new NumericBuffer(NumberKind.Float32, 1)).ShouldBe(SumOutcome.Accepted);
    }
}
