using System.Data.Common;
using Cluster.Coordinator.Checkpoints;
using Cluster.Coordinator.Database;
using Cluster.Messages.Node;
using Cluster.Ml.Privacy;
using Dapper;

namespace Cluster.Coordinator.Privacy;

/// <summary>A ledger in a database: that of a cluster's journal, or a file that all runs of a person share.</summary>
/// <param name="open">Opens the database when it is first needed, which it is for private jobs alone.</param>
internal sealed class DatabaseDataLedger(Func<CoordinatorDatabase> open) : IDataLedger
{
    private readonly Lazy<CoordinatorDatabase> _database = new(open);
    private readonly Lock _gate = new();       // of two jobs of one coordinator, one after the other

    /// <summary>The ledger of a file, which its owner alone may read.</summary>
    public static DatabaseDataLedger InFile(string path) => new(() =>
    {
        PrivateFile.Prepare(path);
        return CoordinatorDatabase.OfFile(path);
    });

    public IReadOnlyList<PrivacyEntry> Enter(DataSpending spending)
    {
        lock (_gate)
        {
            try
            {
                return _database.Value.Do((connection, transaction) => Enter(spending, connection, transaction));
            }
            catch (Exception unavailable) when (unavailable is JournalUnavailableException or IOException or UnauthorizedAccessException)
            {
                throw new StorageException($"The privacy ledger: {unavailable.Message.TrimEnd('.')}; name another file by --privacy-ledger.", unavailable);
            }
        }
    }

    private static PrivacyEntry[] Enter(DataSpending spending, DbConnection connection, DbTransaction transaction)
    {
        var key = new { data = spending.DataSha256, run = spending.Run };
        PrivacyEntry[] others = [.. connection.Query<(double, double, long)>(
            "SELECT rate, noise, steps FROM privacy_ledger WHERE data_sha256 = @data AND run <> @run ORDER BY run", key, transaction)
            .Select(row => new PrivacyEntry(row.Item1, row.Item2, row.Item3))];
        spending.Require(others);
        PrivacyEntry entry = spending.Entry;
        connection.Execute(
            "INSERT INTO privacy_ledger (data_sha256, run, job, rate, noise, steps) VALUES (@data, @run, @Job, @Rate, @Noise, @Steps) "
            + "ON CONFLICT (data_sha256, run) DO UPDATE SET steps = EXCLUDED.steps WHERE privacy_ledger.steps < EXCLUDED.steps",
            new { key.data, key.run, spending.Job, entry.Rate, entry.Noise, entry.Steps }, transaction);
        return others;
    }
}
