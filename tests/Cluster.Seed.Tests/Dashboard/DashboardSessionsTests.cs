using Cluster.Seed.Dashboard;
using Microsoft.Extensions.Time.Testing;

namespace Cluster.Seed.Tests.Dashboard;

public sealed class DashboardSessionsTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_session_is_found_by_its_cookie_until_it_is_closed()
    {
        DashboardSessions sessions = new(_time);
        string cookie = sessions.Open();
        sessions.Find(cookie).ShouldNotBeNull();

        sessions.Close(cookie);

        sessions.Find(cookie).ShouldBeNull();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("another")]
    public void Another_cookie_finds_none(string? cookie)
    {
        DashboardSessions sessions = new(_time);
        sessions.Open();

        sessions.Find(cookie).ShouldBeNull();
    }

    [Fact]
    public void A_session_ends_after_half_a_day()
    {
        DashboardSessions sessions = new(_time);
        string cookie = sessions.Open();

        _time.Advance(DashboardSessions.Lasting - TimeSpan.FromSeconds(1));
        sessions.Find(cookie).ShouldNotBeNull();
        _time.Advance(TimeSpan.FromSeconds(1));

        sessions.Find(cookie).ShouldBeNull();
    }

    [Fact]
    public void Of_too_many_the_one_used_longest_ago_ends()
    {
        DashboardSessions sessions = new(_time);
        string[] cookies = [.. Enumerable.Range(0, DashboardSessions.SessionsMax).Select(_ => sessions.Open())];
        sessions.Find(cookies[0]);

        sessions.Open();

        sessions.Find(cookies[0]).ShouldNotBeNull();
        sessions.Find(cookies[1]).ShouldBeNull();
    }

    [Fact]
    public void Each_session_has_a_form_key_that_its_cookie_does_not_tell()
    {
        DashboardSessions sessions = new(_time);
        string one = sessions.Open(), other = sessions.Open();

        string[] keys = [sessions.Find(one)!.FormKey, sessions.Find(other)!.FormKey, one, other];

        keys.Distinct().Count().ShouldBe(4);
    }
}
