using Cluster.Messages;
using Cluster.Messages.DataPlane;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.Bench;

/// <summary>Answers each published vector with a vector that is all its own number.</summary>
internal sealed class AllReduceWorkerActor : ReceiveActor
{
    private readonly int _number;
    private readonly int _bytes;
    private readonly WorkerId _id;
    private readonly VectorOffers _offers;
    private readonly ActorPlaces _places;
    private readonly NumericBuffer _state;

    /// <param name="number">From 1.</param>
    /// <param name="bytes">Of a vector.</param>
    public AllReduceWorkerActor(int number, int bytes)
    {
        _number = number;
        _bytes = bytes;
        _id = new WorkerId($"worker-{number}");
        VectorExchange vectors = VectorExchange.Get(Context.System);
        (_offers, _places) = (new VectorOffers(vectors), new ActorPlaces(vectors, Context));
        _state = new NumericBuffer(NumberKind.Float32, bytes / sizeof(float));
        Receive<PublishState>(OnState);
    }

    public static Props For(int number, int bytes) => Props.Create(() => new AllReduceWorkerActor(number, bytes));

    private void OnState(PublishState publish)
    {
        if (publish.State.IsElsewhere)
        {
            _places.Expect(publish.State.Handle!, _state.Memory, publish with { State = publish.State with { Bytes = _state.Memory } });
            return;
        }
        NumericBuffer mine = NumericBufferPool.Shared.Rent(NumberKind.Float32, _bytes / sizeof(float));
        mine.Floats.Fill(_number);
        TensorPayload sum = new(PayloadKind.Float32, mine.Memory);
        Sender.Tell(new PushContribution(
            publish.Job, publish.Round, _id, new SubtreeId(_number - 1, 1), RangeId.Whole,
            _offers.Offer(Sender, publish.Round, sum, released: () => NumericBufferPool.Shared.Return(mine))));
    }
}
