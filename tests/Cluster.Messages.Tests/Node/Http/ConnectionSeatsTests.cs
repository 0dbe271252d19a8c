using System.Net;
using Cluster.Messages.Node.Http;

namespace Cluster.Messages.Tests.Node.Http;

public sealed class ConnectionSeatsTests
{
    private static readonly IPAddress Here = IPAddress.Parse("10.0.0.1"), There = IPAddress.Parse("10.0.0.2"), Elsewhere = IPAddress.Parse("10.0.0.3");
    private readonly ConnectionSeats _seats = new(new SeatLimits(Seats: 6, Strangers: 4, StrangersOfAddress: 3));
    private readonly List<string> _closed = [];

    [Fact]
    public void An_address_that_opens_more_than_it_may_loses_what_has_waited_longest()
    {
        foreach (string name in (string[])["a", "b", "c", "d", "e"]) Take(Here, name).ShouldNotBeNull();

        _closed.ShouldBe(["a", "b"]);
        _seats.Taken.ShouldBe(3);
    }

    [Fact]
    public void Strangers_of_many_addresses_have_no_more_seats_than_strangers_may()
    {
        Take(Here, "a");
        Take(Here, "b");
        Take(There, "c");
        Take(There, "d");

        Take(Elsewhere, "e").ShouldNotBeNull();

        _closed.ShouldBe(["a"]);
        _seats.Taken.ShouldBe(4);
    }

    [Fact]
    public void Whoever_is_being_answered_keeps_its_seat_and_the_newcomer_is_refused_where_all_are()
    {
        Seat[] seats = [Take(Here, "a")!, Take(Here, "b")!, Take(Here, "c")!];
        foreach (Seat seat in seats) seat.BeginAnswer();

        Take(Here, "d").ShouldBeNull();
        seats[1].EndAnswer();
        Take(Here, "e").ShouldNotBeNull();

        _closed.ShouldBe(["b"]);
    }

    [Fact]
    public void Who_has_shown_the_token_is_not_driven_out_by_strangers()
    {
        Seat known = Take(Here, "known")!;
        known.Prove().ShouldBeTrue();

        for (int i = 0; i < 100; i++) Take(i % 2 == 0 ? Here : There, $"{i}");

        _closed.ShouldNotContain("known");
        _seats.Taken.ShouldBe(5);
    }

    [Fact]
    public void Those_who_may_ask_have_a_limit_too_and_strangers_keep_their_seats()
    {
        Seat[] known = [.. Enumerable.Range(0, 2).Select(i => Take(Here, $"known-{i}")!)];
        foreach (Seat seat in known)
        {
            seat.BeginAnswer();
            seat.Prove().ShouldBeTrue();
        }
        Seat third = Take(Here, "third")!;

        third.Prove().ShouldBeFalse();
        known[0].EndAnswer();
        third.Prove().ShouldBeTrue();

        _closed.ShouldBe(["known-0"]);
        Take(There, "stranger").ShouldNotBeNull();
    }

    [Fact]
    public void A_seat_that_is_left_is_free_and_leaving_twice_frees_it_once()
    {
        Seat seat = Take(Here, "a")!;
        seat.BeginAnswer();
        seat.Leave();
        seat.EndAnswer();
        seat.Leave();

        _seats.Taken.ShouldBe(0);
        for (int i = 0; i < 3; i++) Take(Here, $"{i}").ShouldNotBeNull();
        _closed.ShouldBeEmpty();
    }

    private Seat? Take(IPAddress address, string name) => _seats.Take(address, () => _closed.Add(name));
}
