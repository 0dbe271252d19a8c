using System.Runtime.InteropServices;
using Cluster.Coordinator.ParameterServer;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;

namespace Cluster.Coordinator.Tests.ParameterServer;

public sealed class RangeRoundsTests
{
    private readonly RangeRounds _ranges = new(2);

    [Fact]
    public void A_step_waits_for_every_range_and_for_the_end_of_a_collection()
    {
        _ranges.Open();
        _ranges.OnGathered(Gathered(1));
        _ranges.MayStep.ShouldBeFalse();
        _ranges.IsCollecting = true;
        _ranges.OnGathered(Gathered(0));
        _ranges.MayStep.ShouldBeFalse("what is being collected would be of two steps");

        _ranges.OnCollected(7);

        _ranges.MayStep.ShouldBeTrue();
        _ranges.CollectedStep.ShouldBe(7);
        _ranges.Open();
        _ranges.MayStep.ShouldBeFalse();
    }

    [Fact]
    public void Squares_are_in_the_order_of_the_ranges_whichever_comes_first()
    {
        _ranges.Open();
        _ranges.OnGathered(Gathered(1, squares: [3, 4]));
        _ranges.OnGathered(Gathered(0, squares: [1, 2]));

        _ranges.Squares.ToArray().ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public void What_a_server_misses_is_known_until_it_has_it_and_an_older_word_changes_nothing()
    {
        _ranges.Open();
        _ranges.OnGathered(Gathered(0, missing: [2]));
        _ranges.IsMissing(2).ShouldBeTrue();
        _ranges.IsMissing(1).ShouldBeFalse();

        _ranges.OnGathered(Gathered(0));
        _ranges.OnGathered(Gathered(0, missing: [2]));

        _ranges.IsMissing(2).ShouldBeFalse();
    }

    private static RangeGathered Gathered(int range, int[]? missing = null, float[]? squares = null) => new(
        Some.Job, new RangeId(range, 2), default, [.. missing ?? []],
        new TensorPayload(PayloadKind.Float32, MemoryMarshal.AsBytes<float>(squares ?? []).ToArray()), 0, 0);
}
