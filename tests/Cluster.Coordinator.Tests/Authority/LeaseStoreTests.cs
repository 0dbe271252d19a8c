using Cluster.Coordinator.Authority;
using Cluster.Coordinator.Checkpoints;
using Cluster.Coordinator.Tests.Database;
using Cluster.Tests.Shared;
using Dapper;

namespace Cluster.Coordinator.Tests.Authority;

/// <summary>What every lease promises. Its time is the database's, so that one of no length has expired at once.</summary>
[Collection(PostgreSqlTests.Name)]
public sealed class LeaseStoreTests(PostgreSqlServer server) : DatabaseTests(server)
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    public static TheoryData<string> Kinds => ["memory", "sqlite", "postgresql"];

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void A_lease_that_lasts_is_refused_to_others(string kind)
    {
        ILeaseStore leases = Leases(kind);
        Lease first = leases.Acquire("a", Long);

        Lease second = leases.Acquire("b", Long);

        (first.IsGranted, first.Holder).ShouldBe((true, "a"));
        (second.IsGranted, second.Token, second.Holder).ShouldBe((false, first.Token, "a"));
        second.Remaining.ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void Each_grant_has_a_greater_token(string kind)
    {
        ILeaseStore leases = Leases(kind);

        long[] tokens = [.. ((string[])["a", "b", "b", "a"]).Select(holder => leases.Acquire(holder, TimeSpan.Zero).Token)];

        tokens.ShouldBe([1, 2, 3, 4]);
        leases.NewestToken().ShouldBe(4);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void A_holder_that_was_started_again_need_not_wait(string kind)
    {
        ILeaseStore leases = Leases(kind);
        long first = leases.Acquire("a", Long).Token;

        Lease again = leases.Acquire("a", Long);

        (again.IsGranted, again.Token).ShouldBe((true, first + 1));
        leases.Renew(first, Long).IsGranted.ShouldBeFalse();
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void A_lease_that_expired_can_be_renewed_until_another_takes_it(string kind)
    {
        ILeaseStore leases = Leases(kind);
        long token = leases.Acquire("a", TimeSpan.Zero).Token;

        leases.Renew(token, TimeSpan.Zero).IsGranted.ShouldBeTrue();
        leases.Acquire("b", Long).IsGranted.ShouldBeTrue();

        Lease late = leases.Renew(token, Long);
        (late.IsGranted, late.Token, late.Holder).ShouldBe((false, token + 1, "b"));
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void A_lease_that_was_given_back_is_free_and_that_of_another_is_not(string kind)
    {
        ILeaseStore leases = Leases(kind);
        long first = leases.Acquire("a", Long).Token;
        leases.Release(first);
        leases.Acquire("b", Long).IsGranted.ShouldBeTrue();

        leases.Release(first);

        leases.Acquire("a", Long).IsGranted.ShouldBeFalse();
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Of_many_who_ask_at_once_one_gets_it(string kind)
    {
        ILeaseStore leases = Leases(kind);

        Lease[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            index => Task.Factory.StartNew(() => leases.Acquire($"node{index}", Long), TaskCreationOptions.LongRunning)));

        answers.Count(lease => lease.IsGranted).ShouldBe(1);
        answers.ShouldAllBe(lease => lease.Token == 1);
    }

    [SkippableTheory]
    [MemberData(nameof(Databases))]
    public void Tables_of_a_newer_version_are_refused(string kind)
    {
        using (var connection = Open(kind).Connect()) connection.Execute("UPDATE coordinator_schema_version SET version = 99");

        Should.Throw<Messages.Node.JournalUnavailableException>(() => Open(kind)).Message.ShouldContain("got 99");
    }

    [SkippableFact]
    public void A_server_that_is_away_is_reported_without_the_password()
    {
        ILeaseStore leases = Leases("postgresql");
        Server.Stop(crash: true);
        try
        {
            StorageException away = Should.Throw<StorageException>(() => leases.Acquire("a", Long));

            away.ToString().ShouldNotContain(PostgreSqlServer.Password);
        }
        finally
        {
            Server.Start();
        }
        leases.Acquire("a", Long).IsGranted.ShouldBeTrue();
    }

    private ILeaseStore Leases(string kind) =>
        kind == "memory" ? new MemoryLeaseStore(TimeProvider.System) : new DatabaseLeaseStore(Open(kind));
}
