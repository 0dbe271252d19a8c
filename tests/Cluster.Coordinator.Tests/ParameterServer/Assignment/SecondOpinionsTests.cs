using Cluster.Coordinator.ParameterServer.Assignment;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Aggregation;

namespace Cluster.Coordinator.Tests.ParameterServer.Assignment;

public sealed class SecondOpinionsTests
{
    private static readonly RoundId Round = new(1, 7, RoundPurpose.Train, 3, 0);
    private static readonly WorkerId A = new("a"), B = new("b"), C = new("c");
    private readonly SecondOpinions _opinions = new();

    [Fact]
    public void Where_there_is_no_other_worker_the_word_of_the_one_stands() =>
        _opinions.OnClaim(Of("a", 0, 2), Round, [A]).Believed.ShouldBe(Of("a", 0, 2));

    [Fact]
    public void Another_is_asked_and_if_it_comes_to_the_same_the_first_claim_is_believed()
    {
        _opinions.OnClaim(Of("a", 0, 2), Round, [A, B]).ShouldBe((null, B));

        _opinions.OnClaim(Of("b", 0, 1), Round, [A, B]).ShouldBe((Of("a", 0, 2), null));
    }

    [Fact]
    public void A_claim_that_is_repeated_is_no_second_opinion_and_others_are_asked_in_turn()
    {
        _opinions.OnClaim(Of("a", 0, 2), Round, [A, B, C]).Second.ShouldBe(B);
        _opinions.OnClaim(Of("a", 0, 2), Round, [A, B, C]).Second.ShouldBe(C);
        _opinions.OnClaim(Of("a", 0, 2), Round, [A, C]).Second.ShouldBe(C);
    }

    [Fact]
    public void A_claim_is_refuted_once_all_of_it_was_computed_by_another()
    {
        bool[] missing = [true, false, true, true];
        _opinions.OnClaim(Of("a", 0, 2), Round, [A, B]);

        _opinions.OnTaken(new WorkerId("b"), new Subtree(1, 1), Round, leaf => missing[leaf]).ShouldBeNull();
        missing[0] = false;
        _opinions.OnTaken(new WorkerId("b"), new Subtree(2, 2), Round, leaf => missing[leaf]).ShouldBeNull();
        _opinions.OnTaken(new WorkerId("b"), new Subtree(0, 1), Round, leaf => missing[leaf]).ShouldBe(Of("a", 0, 2));
        _opinions.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Whoever_computes_it_after_all_is_not_at_fault()
    {
        _opinions.OnClaim(Of("a", 0, 2), Round, [A, B]);

        _opinions.OnTaken(new WorkerId("a"), new Subtree(0, 2), Round, _ => false).ShouldBeNull();
    }

    [Fact]
    public void Claims_of_a_round_before_are_settled()
    {
        _opinions.OnClaim(Of("a", 0, 2), Round, [A, B]);

        _opinions.OnClaim(Of("b", 0, 2), Round with { Ordinal = 8 }, [A, B]).ShouldBe((null, A));
        _opinions.OnTaken(new WorkerId("a"), new Subtree(0, 2), Round, _ => false).ShouldBeNull();
    }

    private static Claim Of(string worker, int first, int count) => new(new WorkerId(worker), new Subtree(first, count), FailureKind.Diverged, "");
}
