using Cluster.Messages;
using Cluster.Worker.Data;
using Cluster.Worker.Shards;

namespace Cluster.Worker.Tests.Shards;

public sealed class DataShardStateTests
{
    private static readonly ShardRows Rows = Some.DataSet().Shard(0);

    private readonly DataShardState _state = new();

    [Fact]
    public void The_first_request_loads_and_then_announces()
    {
        _state.OnOpen(Open(1)).ShouldBe(ShardStep.Load);
        _state.OnOpen(Open(1)).ShouldBe(ShardStep.Wait, "the rows are being loaded");

        _state.OnLoaded(Rows).ShouldBe(ShardStep.Announce);

        _state.Rows.ShouldBeSameAs(Rows);
    }

    [Fact]
    public void A_repeated_request_is_announced_again()
    {
        _state.OnOpen(Open(1));
        _state.OnLoaded(Rows);

        _state.OnOpen(Open(1)).ShouldBe(ShardStep.Announce);
    }

    [Fact]
    public void A_newer_parameter_server_is_passed_on_and_an_older_one_ignored()
    {
        _state.OnOpen(Open(2));
        _state.OnLoaded(Rows);

        _state.OnOpen(Open(3)).ShouldBe(ShardStep.Announce);
        _state.OnOpen(Open(1)).ShouldBe(ShardStep.Wait);

        _state.Wanted!.Incarnation.ShouldBe(3);
    }

    [Fact]
    public void Another_text_of_the_same_job_is_loaded_afresh()
    {
        _state.OnOpen(Open(1));
        _state.OnLoaded(Rows);

        _state.OnOpen(Open(2, "other")).ShouldBe(ShardStep.Load);
        _state.OnLoaded(Rows).ShouldBe(ShardStep.Announce);
    }

    [Fact]
    public void Rows_of_a_text_that_is_no_longer_wanted_are_loaded_again()
    {
        _state.OnOpen(Open(1));
        _state.OnOpen(Open(2, "other")).ShouldBe(ShardStep.Wait);

        _state.OnLoaded(Rows).ShouldBe(ShardStep.Load);

        _state.Rows.ShouldBeNull();
        _state.Wanted!.JobText.ShouldBe("other");
    }

    private static OpenShard Open(long incarnation, string text = Some.JobText) =>
        Some.OpenShard(0, ActorRefs.Nobody, incarnation, text);
}
