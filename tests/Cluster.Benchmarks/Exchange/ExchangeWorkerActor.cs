using Cluster.Messages;
using Cluster.Messages.DataPlane;

namespace Cluster.Benchmarks.Exchange;

/// <summary>Answers: a state that is whole by a small message or by a contribution of the same size, small messages by one for all.</summary>
internal sealed class ExchangeWorkerActor : ReceiveActor
{
    private readonly Trial _trial;
    private readonly VectorOffers _offers = new(VectorExchange.Get(Context.System));
    private readonly ActorPlaces _places = new(VectorExchange.Get(Context.System), Context);
    private readonly byte[] _place;
    private readonly byte[] _vector;
    private int _messages;

    public ExchangeWorkerActor(Trial trial)
    {
        _trial = trial;
        _vector = new byte[trial.Bytes];
        _place = new byte[trial.Bytes];
        Receive<PublishState>(OnState);
        Receive<RequestContribution>(_ => OnSmall());
    }

    public static Props For(Trial trial) => Props.Create(() => new ExchangeWorkerActor(trial));

    private void OnState(PublishState publish)
    {
        if (publish.State.IsElsewhere) _places.Expect(publish.State.Handle!, _place, publish with { State = publish.State with { Bytes = _place } });
        else if (_trial.Kind == TrialKind.Exchange) ExchangeMessages.Contribute(Sender, (int)publish.Round.Ordinal, _vector, _offers, Self);
        else Sender.Tell(ExchangeMessages.Small(0));
    }

    private void OnSmall()
    {
        if (++_messages % _trial.Messages == 0) Sender.Tell(ExchangeMessages.Small(_messages));
    }
}
