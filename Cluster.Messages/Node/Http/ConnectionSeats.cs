using System.Net;

namespace Cluster.Messages.Node.Http;

/// <summary>
/// Who may be connected to an HTTP server at once. Connections that have proved nothing, strangers, get a few of the seats, and each
/// address fewer: a client that opens more loses those that have waited longest, so that a newcomer is always heard.
/// </summary>
/// <remarks>
/// Waiting  a connection of which no request is being answered; it loses its seat to a newcomer that lacks one
/// Stranger until a request of it was allowed: with a token, one that showed it
/// Threads  any
/// </remarks>
/// <param name="limits">How many there are.</param>
public sealed class ConnectionSeats(SeatLimits limits)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Seat> _waiting = [];        // the one that has waited longest first
    private readonly Dictionary<IPAddress, int> _strangers = [];
    private int _taken, _proven;

    /// <summary>Connections that have a seat.</summary>
    public int Taken
    {
        get
        {
            lock (_gate) return _taken;
        }
    }

    /// <summary>Gives a newcomer a seat, if need be that of one that waits, which is closed.</summary>
    /// <param name="address">Where it comes from.</param>
    /// <param name="close">Closes it; called without any lock, at most once.</param>
    /// <returns>Its seat; null if it must be closed at once.</returns>
    public Seat? Take(IPAddress address, Action close)
    {
        Seat? evicted = null, seat;
        lock (_gate)
        {
            if (LackOf(address) is { } rival)
            {
                evicted = FirstWaiting(rival);
                if (evicted is null) return null;
                Remove(evicted);
            }
            seat = new Seat(this, address, close);
            seat.Place = _waiting.AddLast(seat);
            _taken++;
            _strangers[address] = _strangers.GetValueOrDefault(address) + 1;
        }
        evicted?.Close();
        return seat;
    }

    internal void Leave(Seat seat)
    {
        lock (_gate) Remove(seat);
    }

    internal void Answer(Seat seat, int more)
    {
        lock (_gate)
        {
            seat.Requests += more;
            if (seat.Place is { } place) _waiting.Remove(place);
            seat.Place = seat.Requests == 0 && !seat.IsLeft ? _waiting.AddLast(seat) : null;
        }
    }

    /// <summary>A stranger has shown that it may ask. False if the limit of such connections is reached.</summary>
    internal bool Prove(Seat seat)
    {
        Seat? evicted = null;
        lock (_gate)
        {
            if (seat.IsProven || seat.IsLeft) return seat.IsProven;
            if (_proven >= limits.Seats - limits.Strangers)
            {
                evicted = FirstWaiting(static other => other.IsProven);
                if (evicted is null) return false;
                Remove(evicted);
            }
            Forget(seat.Address);
            seat.IsProven = true;
            _proven++;
        }
        evicted?.Close();
        return true;
    }

    /// <summary>The connections of which one must go before a newcomer from the address gets a seat; null if there is room.</summary>
    private Predicate<Seat>? LackOf(IPAddress address)
    {
        if (_strangers.GetValueOrDefault(address) >= limits.StrangersOfAddress) return other => !other.IsProven && other.Address.Equals(address);
        return _taken - _proven >= limits.Strangers ? static other => !other.IsProven : null;
    }

    private Seat? FirstWaiting(Predicate<Seat> matches)
    {
        foreach (Seat seat in _waiting)
            if (matches(seat)) return seat;
        return null;
    }

    private void Remove(Seat seat)
    {
        if (seat.IsLeft) return;
        seat.IsLeft = true;
        if (seat.Place is { } place) _waiting.Remove(place);
        seat.Place = null;
        _taken--;
        if (seat.IsProven) _proven--;
        else Forget(seat.Address);
    }

    private void Forget(IPAddress address)
    {
        if (--_strangers[address] == 0) _strangers.Remove(address);
    }
}

/// <summary>How many may be connected to an HTTP server at once.</summary>
/// <param name="Seats">All of them.</param>
/// <param name="Strangers">Of those, for connections that have proved nothing; the rest is for those that have.</param>
/// <param name="StrangersOfAddress">Of those, for one address.</param>
public sealed record SeatLimits(int Seats, int Strangers, int StrangersOfAddress);

/// <summary>The seat of one connection.</summary>
public sealed class Seat
{
    private readonly ConnectionSeats _seats;
    private readonly Action _close;

    internal Seat(ConnectionSeats seats, IPAddress address, Action close) => (_seats, Address, _close) = (seats, address, close);

    /// <summary>Where the connection comes from.</summary>
    public IPAddress Address { get; }

    /// <summary>Whether a request of it was allowed.</summary>
    public bool IsProven { get; internal set; }

    internal bool IsLeft { get; set; }

    internal int Requests { get; set; }

    internal LinkedListNode<Seat>? Place { get; set; }

    /// <summary>A request of it is being answered.</summary>
    public void BeginAnswer() => _seats.Answer(this, 1);

    /// <summary>The request is answered: it waits again.</summary>
    public void EndAnswer() => _seats.Answer(this, -1);

    /// <summary>A request of it is allowed. False if the limit of connections that may ask is reached.</summary>
    public bool Prove() => _seats.Prove(this);

    /// <summary>It is closed.</summary>
    public void Leave() => _seats.Leave(this);

    internal void Close() => _close();
}
