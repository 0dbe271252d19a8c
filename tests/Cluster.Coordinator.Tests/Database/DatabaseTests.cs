using Cluster.Coordinator.Database;
using Cluster.Messages.Node;
using Cluster.Tests.Shared;

namespace Cluster.Coordinator.Tests.Database;

/// <summary>What tests of either database begin with.</summary>
public abstract class DatabaseTests(PostgreSqlServer server) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cluster-database-").FullName;
    private string? _connection;

    public static TheoryData<string> Databases => ["sqlite", "postgresql"];

    /// <summary>The server of those that need one.</summary>
    protected PostgreSqlServer Server => server;

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the test's own database, as often as wanted.</summary>
    private protected CoordinatorDatabase Open(string kind) => CoordinatorDatabase.Of(kind == "sqlite"
        ? new NodeOptions { JournalPath = Path.Combine(_folder, "journal.db") }
        : new NodeOptions { JournalConnection = _connection ??= server.NewDatabase() });
}
