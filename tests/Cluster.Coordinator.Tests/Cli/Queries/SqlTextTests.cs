using Cluster.Coordinator.Cli.Queries;

namespace Cluster.Coordinator.Tests.Cli.Queries;

public sealed class SqlTextTests
{
    [Theory]
    [InlineData("SELECT a, b FROM t ORDER BY id")]
    [InlineData("select a from t where b = 'x; y' order  by id;")]
    [InlineData("WITH u AS (SELECT 1) SELECT * FROM u ORDER /* always */ BY 1 -- done")]
    [InlineData("SELECT $q$; no ORDER$q$ FROM t ORDER BY \"id\"")]
    public void One_query_with_an_order_is_a_source(string query) => SqlText.Objection(query).ShouldBeNull();

    [Theory]
    [InlineData("SELECT a FROM t", "an ORDER BY of the whole query")]
    [InlineData("SELECT a FROM (SELECT a FROM t ORDER BY id)", "an ORDER BY of the whole query")]
    [InlineData("SELECT a FROM t -- ORDER BY id", "an ORDER BY of the whole query")]
    [InlineData("SELECT 'ORDER BY id' FROM t", "an ORDER BY of the whole query")]
    [InlineData("SELECT a AS \"ORDER BY\" FROM t", "an ORDER BY of the whole query")]
    [InlineData("SELECT a FROM t ORDER BY id; DELETE FROM t", "one statement")]
    [InlineData("DELETE FROM t", "a query that reads rows (SELECT, WITH, VALUES or TABLE)")]
    [InlineData("-- nothing", "a query that reads rows (SELECT, WITH, VALUES or TABLE)")]
    public void What_could_give_rows_in_any_order_or_is_no_query_is_refused(string query, string wanted) => SqlText.Objection(query)!.Value.Wanted.ShouldBe(wanted);
}
