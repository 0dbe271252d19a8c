using Cluster.Coordinator.Checkpoints;
using Cluster.Coordinator.ParameterServer;
using Cluster.Messages.Node;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.Tests.ParameterServer;

public sealed class CheckpointKeeperTests
{
    [Fact]
    public void What_was_due_when_training_failed_is_not_taken_when_the_disk_is_free()
    {
        CheckpointHeader header = Some.Checkpoint(3).Header with { StateLength = 1, OptimizerStateLength = 1 };
        ParameterStore numbers = new(new SummingLearner(), 4, new NumericBufferPool());
        CheckpointKeeper keeper = new(new MemoryCheckpointStore(), new InlineComputePool(), "run", keep: 1, TimeSpan.Zero);
        keeper.Take(header, numbers, ActorRefs.Nobody);
        keeper.Take(header with { Step = 4 }, numbers, ActorRefs.Nobody);
        keeper.IsPending.ShouldBeTrue();

        keeper.DropPending();
        keeper.OnStored(new CheckpointStored(header, "hash"));

        keeper.IsPending.ShouldBeFalse();
        keeper.Newest!.Header.Step.ShouldBe(3);
    }
}
