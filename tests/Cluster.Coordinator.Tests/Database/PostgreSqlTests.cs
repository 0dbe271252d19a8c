using Cluster.Tests.Shared;

namespace Cluster.Coordinator.Tests.Database;

/// <summary>The test classes that share one server, one after another and beside no others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class PostgreSqlTests : ICollectionFixture<PostgreSqlServer>
{
    public const string Name = "PostgreSQL";
}
