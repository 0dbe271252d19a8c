using System.Diagnostics;
using Cluster.Messages;
using Cluster.Messages.DataPlane;

namespace Cluster.Benchmarks.Exchange;

/// <summary>Measures what it sends to its worker, each time from the first message to the worker's answer.</summary>
internal sealed class ExchangeServerActor : ReceiveActor
{
    private readonly Trial _trial;
    private readonly IActorRef _worker;
    private readonly VectorOffers _offers = new(VectorExchange.Get(Context.System));
    private readonly ActorPlaces _places = new(VectorExchange.Get(Context.System), Context);
    private readonly byte[] _place;
    private readonly byte[] _vector;
    private readonly double[] _seconds;
    private int _done;
    private long _begun;
    private IActorRef _asker = ActorRefs.Nobody;

    public ExchangeServerActor(Trial trial, IActorRef worker)
    {
        (_trial, _worker) = (trial, worker);
        _vector = new byte[trial.Bytes];
        _seconds = new double[trial.Repeats];
        _place = new byte[trial.Bytes];
        Receive<Begin>(_ =>
        {
            _asker = Sender;
            Send();
        });
        Receive<RequestContribution>(_ => OnAnswered());
        Receive<PushContribution>(OnContribution);
    }

    public static Props For(Trial trial, IActorRef worker) => Props.Create(() => new ExchangeServerActor(trial, worker));

    private void Send()
    {
        _begun = Stopwatch.GetTimestamp();
        if (_trial.Bytes > 0) ExchangeMessages.Publish(_worker, _done, _vector, _offers, Self);
        else for (int i = 0; i < _trial.Messages; i++) _worker.Tell(ExchangeMessages.Small(i));
    }

    private void OnContribution(PushContribution push)
    {
        if (push.Sum.IsElsewhere) _places.Expect(push.Sum.Handle!, _place, push with { Sum = push.Sum with { Bytes = _place } });
        else OnAnswered();
    }

    private void OnAnswered()
    {
        _seconds[_done++] = Stopwatch.GetElapsedTime(_begun).TotalSeconds;
        if (_done == _seconds.Length) _asker.Tell(new Measured([.. _seconds]));
        else Send();
    }

    /// <summary>Starts; the answer is <see cref="Measured"/>.</summary>
    internal sealed class Begin : INoSerializationVerificationNeeded
    {
        public static readonly Begin Instance = new();
    }

    /// <summary>The trial is over.</summary>
    /// <param name="Seconds">Of each repeat.</param>
    internal sealed record Measured(ImmutableArray<double> Seconds) : INoSerializationVerificationNeeded;
}
