using Cluster.Tests.Shared;

namespace Cluster.Actors.Tests.Persistence.Embedded;

/// <summary>The test classes that share one server, one after another and beside no others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class PostgreSqlTests : ICollectionFixture<PostgreSqlServer>
{
    public const string Name = "PostgreSQL";
}
