using Cluster.Coordinator.Database;
using Dapper;

namespace Cluster.Coordinator.Authority;

/// <summary>The lease as a row of the journal's database, whose clock decides when it expires. A failed request is not repeated here.</summary>
internal sealed class DatabaseLeaseStore(CoordinatorDatabase database) : ILeaseStore
{
    public Lease Acquire(string holder, TimeSpan duration) => Ask(
        $"""
        UPDATE leases SET token = token + 1, holder = @holder, expires_at_ms = {database.Now} + @Milliseconds
        WHERE expires_at_ms <= {database.Now} OR holder = @holder RETURNING token
        """,
        new { holder, Milliseconds = (long)duration.TotalMilliseconds });

    public Lease Renew(long token, TimeSpan duration) => Ask(
        $"UPDATE leases SET expires_at_ms = {database.Now} + @Milliseconds WHERE token = @token RETURNING token",
        new { token, Milliseconds = (long)duration.TotalMilliseconds });

    public void Release(long token) => database.Do(
        (connection, transaction) => connection.Execute("UPDATE leases SET expires_at_ms = 0 WHERE token = @token", new { token }, transaction),
        TimeSpan.Zero);

    public long NewestToken() => database.Do(
        (connection, transaction) => connection.ExecuteScalar<long>("SELECT token FROM leases", transaction: transaction));

    private Lease Ask(string update, object parameters) => database.Do(
        (connection, transaction) =>
        {
            long? granted = connection.ExecuteScalar<long?>(update, parameters, transaction);
            (long token, string holder, long remaining) = connection.QuerySingle<(long, string, long)>(
                $"SELECT token, holder, expires_at_ms - {database.Now} FROM leases", transaction: transaction);
            return new Lease(granted is not null, token, holder, TimeSpan.FromMilliseconds(remaining));
        },
        TimeSpan.Zero);
}
