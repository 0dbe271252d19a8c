using Cluster.Messages.Identifiers;
using Cluster.Ml.Aggregation;
using Cluster.Worker.Training;

namespace Cluster.Worker.Tests.Training;

public sealed class JobRoundsTests
{
    [Fact]
    public void The_hosted_set_is_told_when_it_changes_and_when_asked_again()
    {
        JobRounds rounds = new(4);

        rounds.OnShardReady(2, incarnation: 5).ShouldBeTrue();
        rounds.OnShardReady(0, incarnation: 5).ShouldBeTrue();
        rounds.OnShardReady(0, incarnation: 5).ShouldBeTrue("a repeated OpenShard asks for the set again");

        rounds.Hosted.ShouldBe([0, 2]);
    }

    [Fact]
    public void An_older_parameter_server_asking_about_a_known_shard_is_not_answered()
    {
        JobRounds rounds = Hosting(5, 0);

        rounds.OnShardReady(0, incarnation: 4).ShouldBeFalse();
        rounds.OnShardReady(1, incarnation: 4).ShouldBeTrue("the set changed");

        rounds.Incarnation.ShouldBe(5);
    }

    [Fact]
    public void A_shard_that_stopped_is_no_longer_hosted()
    {
        JobRounds rounds = Hosting(1, 0, 1);

        rounds.OnShardStopped(1).ShouldBeTrue();
        rounds.OnShardStopped(1).ShouldBeFalse();

        rounds.Hosted.ShouldBe([0]);
        rounds.IsEmpty.ShouldBeFalse();
        rounds.OnShardStopped(0);
        rounds.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Nothing_is_computed_before_the_state_is_whole()
    {
        JobRounds rounds = Hosting(1, 0, 1);

        rounds.OnState(Round(0)).ShouldBe(StateVerdict.Opens);
        rounds.NextPlan(1).ShouldBeEmpty();
        rounds.OnState(Round(0)).ShouldBe(StateVerdict.Continues);
        rounds.OnStateWhole();

        rounds.NextPlan(1).ShouldHaveSingleItem().Subtree.ShouldBe(new Subtree(0, 2));
    }

    [Fact]
    public void An_older_round_or_one_of_an_older_life_is_ignored()
    {
        JobRounds rounds = Hosting(2, 0);
        Open(rounds, Round(7, incarnation: 2));

        rounds.OnState(Round(6, incarnation: 2)).ShouldBe(StateVerdict.Stale);
        rounds.OnState(Round(99, incarnation: 1)).ShouldBe(StateVerdict.Stale);

        rounds.Round.ShouldBe(Round(7, incarnation: 2));
    }

    [Fact]
    public void A_round_of_a_newer_life_is_newer_whatever_its_ordinal()
    {
        JobRounds rounds = Hosting(2, 0);
        Open(rounds, Round(7, incarnation: 2));

        rounds.OnState(Round(0, incarnation: 3)).ShouldBe(StateVerdict.Opens);
    }

    [Fact]
    public void What_a_request_names_is_computed_again_and_nothing_else()
    {
        JobRounds rounds = Hosting(1, 0, 1);
        Open(rounds, Round(0));
        Answer(rounds, Round(0));

        rounds.OnState(Round(0)).ShouldBe(StateVerdict.Repeats);
        rounds.NextPlan(1).ShouldBeEmpty("the state alone asks for nothing");
        rounds.OnRequest(Round(0), [1]);

        rounds.NextPlan(1).ShouldHaveSingleItem().Subtree.ShouldBe(new Subtree(1, 1));
    }

    [Fact]
    public void A_request_may_name_shards_of_other_workers_for_one_round()
    {
        JobRounds rounds = Hosting(1, 0);
        Open(rounds, Round(0));
        Answer(rounds, Round(0));

        rounds.OnRequest(Round(0), [2, 3, 99]);

        rounds.NextPlan(1).ShouldHaveSingleItem().Subtree.ShouldBe(new Subtree(2, 2));
        rounds.Hosted.ShouldBe([0]);
        rounds.OnPartReturned();
        Open(rounds, Round(1));
        rounds.NextPlan(1).ShouldHaveSingleItem().Subtree.ShouldBe(new Subtree(0, 1));
    }

    [Fact]
    public void A_request_about_another_round_is_let_be()
    {
        JobRounds rounds = Hosting(1, 0);
        Open(rounds, Round(1));
        Answer(rounds, Round(1));

        rounds.OnRequest(Round(0), [0]);
        rounds.OnRequest(Round(2), [0]);

        rounds.NextPlan(1).ShouldBeEmpty();
    }

    [Fact]
    public void A_repetition_while_computing_starts_nothing_twice()
    {
        JobRounds rounds = Hosting(1, 0, 1);
        Open(rounds, Round(0));
        PlannedSubtree computing = rounds.NextPlan(1).ShouldHaveSingleItem();

        rounds.OnState(Round(0));
        rounds.OnRequest(Round(0), [0, 1]);
        rounds.OnPartReturned();
        rounds.OnSubtreeDone(Round(0), computing.Subtree).ShouldBeTrue();

        rounds.NextPlan(1).ShouldBeEmpty();
    }

    [Fact]
    public void A_shard_that_arrives_in_an_open_round_is_computed_for_it()
    {
        JobRounds rounds = Hosting(1, 0);
        Open(rounds, Round(0));
        Answer(rounds, Round(0));

        rounds.OnShardReady(3, incarnation: 1);

        rounds.NextPlan(1).ShouldHaveSingleItem().Subtree.ShouldBe(new Subtree(3, 1));
    }

    [Fact]
    public void A_newer_round_waits_for_the_parts_of_the_older_and_drops_their_result()
    {
        JobRounds rounds = Hosting(1, 0, 1, 2, 3);
        Open(rounds, Round(0));
        PlannedSubtree old = rounds.NextPlan(2).ShouldHaveSingleItem();
        old.Parts.ShouldBe(2);

        Open(rounds, Round(1));
        rounds.NextPlan(2).ShouldBeEmpty("two parts of round 0 are being computed");
        rounds.OnPartReturned();
        rounds.NextPlan(2).ShouldBeEmpty("one part of round 0 is being computed");
        rounds.OnPartReturned();
        rounds.OnSubtreeDone(Round(0), old.Subtree).ShouldBeFalse("nobody waits for round 0");

        rounds.NextPlan(2).ShouldHaveSingleItem().Subtree.ShouldBe(new Subtree(0, 4));
    }

    [Fact]
    public void A_shard_that_leaves_while_it_is_computed_and_comes_back_is_computed_again()
    {
        JobRounds rounds = Hosting(1, 0, 1);
        Open(rounds, Round(0));
        PlannedSubtree planned = rounds.NextPlan(1).ShouldHaveSingleItem();

        rounds.OnShardStopped(1);
        rounds.OnShardReady(1, incarnation: 1);
        rounds.OnPartReturned();
        rounds.OnSubtreeDone(Round(0), planned.Subtree);

        rounds.NextPlan(1).ShouldHaveSingleItem().Subtree.ShouldBe(new Subtree(1, 1));
    }

    [Fact]
    public void After_the_parameter_server_is_lost_its_round_is_over_and_gathered_afresh_should_it_be_back()
    {
        JobRounds rounds = Hosting(1, 0);
        Open(rounds, Round(4));

        rounds.OnParameterServerLost();
        rounds.NextPlan(1).ShouldBeEmpty();

        rounds.OnState(Round(4)).ShouldBe(StateVerdict.Opens);
        rounds.OnStateWhole();
        rounds.NextPlan(1).ShouldHaveSingleItem();
    }

    [Fact]
    public void What_is_set_aside_is_not_computed_and_named_again_when_it_is_asked_for_again()
    {
        JobRounds rounds = Hosting(1, 0, 1, 3);
        Open(rounds, Round(0));

        rounds.SetAside(shard => shard == 1).ShouldBe([1]);
        rounds.SetAside(shard => shard == 1).ShouldBeEmpty();
        rounds.NextPlan(1).Select(planned => planned.Subtree).ShouldBe([new Subtree(0, 1), new Subtree(3, 1)]);
        rounds.OnRequest(Round(0), [1]);
        rounds.SetAside(shard => shard == 1).ShouldBeEmpty("what is being computed may bring it");
        rounds.OnPartReturned();
        rounds.OnPartReturned();

        rounds.SetAside(shard => shard == 1).ShouldBe([1]);
        rounds.NextPlan(1).ShouldBeEmpty();
    }

    private static JobRounds Hosting(long incarnation, params int[] shards)
    {
        JobRounds rounds = new(4);
        foreach (int shard in shards) rounds.OnShardReady(shard, incarnation);
        return rounds;
    }

    private static void Open(JobRounds rounds, RoundId round)
    {
        rounds.OnState(round).ShouldBe(StateVerdict.Opens);
        rounds.OnStateWhole();
    }

    private static void Answer(JobRounds rounds, RoundId round)
    {
        foreach (PlannedSubtree planned in rounds.NextPlan(1))
        {
            rounds.OnPartReturned();
            rounds.OnSubtreeDone(round, planned.Subtree).ShouldBeTrue();
        }
    }

    private static RoundId Round(long ordinal, long incarnation = 1) => new(incarnation, ordinal, RoundPurpose.Train, ordinal, 0);
}
