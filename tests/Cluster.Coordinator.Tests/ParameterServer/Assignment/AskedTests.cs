using System.Collections.Immutable;
using Cluster.Coordinator.ParameterServer.Assignment;
using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.Tests.ParameterServer.Assignment;

public sealed class AskedTests
{
    private static readonly WorkerId A = new("a"), B = new("b");
    private static readonly ImmutableArray<ShardHost> Hosts = [new(A, "node", [0, 1]), new(B, "node", [2])];
    private readonly Asked _asked = new(4);

    public AskedTests() => _asked.Open(Hosts);

    [Theory]
    [InlineData(0, 2, true)]
    [InlineData(1, 1, true)]
    [InlineData(0, 4, false)]
    [InlineData(2, 1, false)]
    [InlineData(-1, 2, false)]
    [InlineData(2, 4, false)]
    [InlineData(int.MaxValue, 1, false)]
    [InlineData(0, 0, false)]
    public void A_worker_is_asked_for_what_it_holds(int first, int count, bool asked) => _asked.Has(A, new SubtreeId(first, count)).ShouldBe(asked);

    [Fact]
    public void What_it_was_given_besides_counts_until_the_round_is_over()
    {
        _asked.Add(B, [0, 1, 3]);
        _asked.Has(B, new SubtreeId(0, 4)).ShouldBeTrue();

        _asked.Open(Hosts);

        _asked.Has(B, new SubtreeId(0, 1)).ShouldBeFalse();
        _asked.Has(B, new SubtreeId(2, 1)).ShouldBeTrue();
    }

    [Fact]
    public void What_it_held_when_the_round_began_is_still_its_to_answer_though_it_has_moved()
    {
        _asked.Add(A, [0]);

        _asked.Has(A, new SubtreeId(0, 2)).ShouldBeTrue();
    }

    [Fact]
    public void An_invented_name_was_asked_for_nothing() => _asked.Has(new WorkerId("c"), new SubtreeId(0, 1)).ShouldBeFalse();

    [Fact]
    public void Of_workers_that_are_gone_nothing_is_kept()
    {
        _asked.Open([Hosts[1]]);

        _asked.Has(A, new SubtreeId(0, 1)).ShouldBeFalse();
    }
}
