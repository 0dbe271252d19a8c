using Cluster.Coordinator.ParameterServer;
using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.Tests.ParameterServer;

public sealed class AssignmentsTests
{
    private static readonly WorkerId A = new("a"), B = new("b");
    private readonly ShardDirectory _directory = new(4);
    private readonly Assignments _assignments;

    public AssignmentsTests()
    {
        _assignments = new Assignments(_directory, 4);
        _directory.Announce(A, ActorRefs.Nobody, [0, 1]);
        _directory.Announce(B, ActorRefs.Nobody, [2]);
        _assignments.Open();
    }

    [Theory]
    [InlineData(0, 2, true)]
    [InlineData(1, 1, true)]
    [InlineData(0, 4, false)]
    [InlineData(2, 1, false)]
    [InlineData(-1, 2, false)]
    [InlineData(2, 4, false)]
    [InlineData(int.MaxValue, 1, false)]
    [InlineData(0, 0, false)]
    public void A_worker_is_asked_for_what_it_holds(int first, int count, bool asked) => _assignments.Has(A, new SubtreeId(first, count)).ShouldBe(asked);

    [Fact]
    public void What_it_was_given_besides_counts_until_the_round_is_over()
    {
        _assignments.Add(B, [0, 1, 3]);
        _assignments.Has(B, new SubtreeId(0, 4)).ShouldBeTrue();

        _assignments.Open();

        _assignments.Has(B, new SubtreeId(0, 1)).ShouldBeFalse();
        _assignments.Has(B, new SubtreeId(2, 1)).ShouldBeTrue();
    }

    [Fact]
    public void What_it_held_when_the_round_began_is_still_its_to_answer_though_it_has_moved()
    {
        _directory.Announce(A, ActorRefs.Nobody, [0]);

        _assignments.Has(A, new SubtreeId(0, 2)).ShouldBeTrue();
    }

    [Fact]
    public void An_invented_name_was_asked_for_nothing() => _assignments.Has(new WorkerId("c"), new SubtreeId(0, 1)).ShouldBeFalse();
}
