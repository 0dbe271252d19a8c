using Cluster.Messages;
using Cluster.Messages.DataPlane;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Learning.Ranges;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.ParameterServer;

/// <summary>
/// The parameter server's side of the servers of ranges: which worker keeps which range, what they are filled with, what is
/// collected from them. Part of its actor: watching and sending happen in the actor's own name.
/// </summary>
/// <remarks>
/// Placement  range i on the i-th of the workers that hold the job's shards, by name, in turn; never moved within a life
/// </remarks>
internal class RangeHosting(JobId job, IReadOnlyList<ParameterRange> ranges, ParameterStore store, ExchangeMeter meter, RetrySchedule pacer)
{
    private readonly RangeAssignment[] _seats = [.. ranges.Select(range => new RangeAssignment(range))];
    private RoundId? _filling;
    private RoundId? _collecting;
    private double? _collectingScale;
    private VectorOffers _offers = new(null);
    private IVectorPlaces? _places;

    /// <summary>Has numbers go to and come from other nodes.</summary>
    public void Use(VectorOffers offers, IVectorPlaces places) => (_offers, _places) = (offers, places);

    /// <summary>Whether every range has a server that has what it is to keep.</summary>
    public bool IsReady => _filling is not null && _seats.All(seat => seat.IsFilled);

    /// <summary>Whether that node was chosen to keep the range.</summary>
    public bool IsServer(RangeId range, Address node) => range.Count == _seats.Length && _seats[range.Index].Worker?.Ref.Path.Address == node;

    /// <summary>What a report shows.</summary>
    public IEnumerable<NamedFigure> Figures =>
        [new("servers", _seats.Length), .. _seats.Select(seat => new NamedFigure($"server_{seat.Range.Index + 1}_bytes", seat.BytesPublished + seat.BytesGathered))];

    /// <summary>Chooses a worker for each range that has none, or whose worker is gone before its server answered.</summary>
    /// <param name="hosts">The workers that hold shards; all of them, lest the first to come is given everything.</param>
    /// <param name="self">The parameter server.</param>
    /// <param name="incarnation">Its life.</param>
    public void Place(IReadOnlyList<HostingWorker> hosts, IActorRef self, long incarnation)
    {
        HostingWorker[] byName = [.. hosts.OrderBy(host => host.Id.Value, StringComparer.Ordinal)];
        if (byName.Length == 0) return;
        foreach (RangeAssignment seat in _seats.Where(seat => seat.Server is null && !byName.Any(host => host.Ref.Equals(seat.Worker?.Ref))))
        {
            seat.Worker = byName[seat.Range.Index % byName.Length];
            seat.Worker.Ref.Tell(new OpenRange(job, seat.Id, self, incarnation));
        }
    }

    /// <summary>A range's server is there, or has been filled. Says whether with that all are ready.</summary>
    public bool OnHosted(RangeHosted hosted, IActorContext context)
    {
        RangeAssignment seat = _seats[hosted.Range.Index];
        if (seat.Server is null)
        {
            seat.Server = context.Watch(hosted.Server);
            if (_filling is not null) SendFilling(seat);
        }
        if (!hosted.Server.Equals(seat.Server) || seat.IsFilled || hosted.Filled != _filling?.Ordinal) return false;
        (seat.IsFilled, seat.Filling) = (true, null);
        return IsReady;
    }

    /// <summary>Has every range begin at what the store has.</summary>
    public void Fill(RoundId moment)
    {
        Forget();
        (_filling, _collecting) = (moment, null);
        foreach (RangeAssignment seat in _seats)
        {
            seat.IsFilled = false;
            seat.Filling = new NumericBuffer(NumberKind.Float32, seat.Range.KeptLength);
            seat.Range.CopyOut(store.State, store.OptimizerState, seat.Filling);
            if (seat.Server is not null) SendFilling(seat);
        }
    }

    /// <summary>Opens a round, or asks about it again.</summary>
    public void Open(RoundId round, double? scale, ImmutableArray<IActorRef> workers)
    {
        foreach (RangeAssignment seat in _seats) seat.Server?.Tell(new OpenRangeRound(job, seat.Id, round, scale, workers));
    }

    /// <summary>Counts what a server has sent and got.</summary>
    public void OnGathered(RangeGathered gathered)
    {
        RangeAssignment seat = _seats[gathered.Range.Index];
        meter.BytesPublished += gathered.BytesPublished - seat.BytesPublished;
        meter.BytesGathered += gathered.BytesGathered - seat.BytesGathered;
        (seat.BytesPublished, seat.BytesGathered) = (gathered.BytesPublished, gathered.BytesGathered);
    }

    /// <summary>Asks every server for what it keeps.</summary>
    public void Collect(RoundId moment, double? scale)
    {
        (_collecting, _collectingScale) = (moment, scale);
        foreach (RangeAssignment seat in _seats)
        {
            seat.IsCollected = false;
            Forget(seat);
            AskFor(seat);
        }
    }

    /// <summary>Takes what a server keeps, or its handle. Says whether with that the store has everything.</summary>
    public bool OnCollected(RangeCollected collected)
    {
        RangeAssignment seat = _seats[collected.Range.Index];
        if (collected.Moment != _collecting || seat.IsCollected) return false;
        TensorPayload numbers = collected.Numbers;
        if (numbers.Kind != PayloadKind.Float32 || numbers.Length != seat.Range.KeptLength * sizeof(float)) return false;
        if (numbers.IsElsewhere)
        {
            Expect(seat, collected);
            return false;
        }
        if (numbers.Handle != seat.Coming && numbers.Handle is not null) return false;
        seat.Coming = null;
        seat.Range.CopyIn(numbers.Floats, store.State, store.OptimizerState);
        seat.IsCollected = true;
        if (!_seats.All(other => other.IsCollected)) return false;
        _collecting = null;
        return true;
    }

    /// <summary>Nothing that is on its way is wanted any more, here or there.</summary>
    public void Forget()
    {
        _offers.Withdraw();
        foreach (RangeAssignment seat in _seats) Forget(seat);
    }

    /// <summary>Asks again for what does not come.</summary>
    public void OnTick(IActorRef self, long incarnation)
    {
        if ((IsReady && _collecting is null) || !pacer.Tick(_collecting?.Ordinal ?? _filling?.Ordinal ?? -1)) return;
        foreach (RangeAssignment seat in _seats)
        {
            if (seat.Server is null) seat.Worker?.Ref.Tell(new OpenRange(job, seat.Id, self, incarnation));
            else if (seat.Filling is not null) SendFilling(seat);
            else if (_collecting is not null && !seat.IsCollected) AskFor(seat);
        }
    }

    /// <summary>The range whose server is among those that are gone; null if there is none.</summary>
    public virtual RangeAssignment? FindLost(Predicate<IActorRef> gone) => Array.Find(_seats, seat => seat.Server is { } server && gone(server));

    private void SendFilling(RangeAssignment seat)
    {
        TensorPayload numbers = new(PayloadKind.Float32, seat.Filling!.Memory);
        IActorRef server = seat.Server!;
        server.Tell(new FillRange(job, seat.Id, _filling!.Value, _offers.Offer(server, _filling.Value, numbers)));
    }

    private void Expect(RangeAssignment seat, RangeCollected collected)
    {
        if (_places is null || seat.Coming == collected.Numbers.Handle) return;
        Forget(seat);
        Memory<byte> place = new NumericBuffer(NumberKind.Float32, seat.Range.KeptLength).Memory;
        if (_places.Expect(collected.Numbers.Handle!, place, collected with { Numbers = collected.Numbers with { Bytes = place } })) seat.Coming = collected.Numbers.Handle;
    }

    private void Forget(RangeAssignment seat)
    {
        if (seat.Coming is { } coming) _ = _places!.Forget(coming);
        seat.Coming = null;
    }

    private void AskFor(RangeAssignment seat) => seat.Server!.Tell(new CollectRange(job, seat.Id, _collecting!.Value, _collectingScale));
}
