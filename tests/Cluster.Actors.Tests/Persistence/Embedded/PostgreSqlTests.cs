using Cluster.Tests.Shared;

namespace Cluster.Actors.Tests.Persistence.Embedded;

/// <summary>The test classes that share one server.</summary>
[CollectionDefinition(Name)]
public sealed class PostgreSqlTests : ICollectionFixture<PostgreSqlServer>
{
    public const string Name = "PostgreSQL";
}
