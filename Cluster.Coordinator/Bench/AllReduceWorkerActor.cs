using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.Bench;

/// <summary>Answers each published vector, once it is whole, with a vector that is all its own number.</summary>
internal sealed class AllReduceWorkerActor : ReceiveActor
{
    private readonly int _number;
    private readonly int _bytes;
    private readonly WorkerId _id;
    private readonly BlockAssembly _assembly = new();

    /// <param name="number">From 1.</param>
    /// <param name="bytes">Of a vector.</param>
    public AllReduceWorkerActor(int number, int bytes)
    {
        _number = number;
        _bytes = bytes;
        _id = new WorkerId($"worker-{number}");
        _assembly.Begin(bytes);
        Receive<PublishState>(OnBlock);
    }

    public static Props For(int number, int bytes) => Props.Create(() => new AllReduceWorkerActor(number, bytes));

    private void OnBlock(PublishState publish)
    {
        if (_assembly.Add(publish.Block, publish.State) != BlockOutcome.Completed) return;
        _assembly.Begin(_bytes);
        NumericBuffer mine = NumericBufferPool.Shared.Rent(NumberKind.Float32, _bytes / sizeof(float));
        mine.Floats.Fill(_number);
        ReadOnlyMemory<byte> memory = mine.Memory;
        for (int block = 0, count = Blocks.Count(_bytes); block < count; block++)
            Sender.Tell(new PushContribution(
                publish.Job, publish.Round, _id, new SubtreeId(_number - 1, 1), RangeId.Whole, new BlockId(block, count),
                Blocks.Slice(PayloadKind.Float32, memory, block)));
    }
}
