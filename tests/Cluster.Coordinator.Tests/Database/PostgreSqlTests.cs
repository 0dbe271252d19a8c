using Cluster.Tests.Shared;

namespace Cluster.Coordinator.Tests.Database;

/// <summary>The test classes that share one server.</summary>
[CollectionDefinition(Name)]
public sealed class PostgreSqlTests : ICollectionFixture<PostgreSqlServer>
{
    public const string Name = "PostgreSQL";
}
