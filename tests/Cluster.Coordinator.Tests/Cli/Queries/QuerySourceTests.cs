using System.Data.Common;
using Cluster.Coordinator.Cli.Queries;
using Cluster.Coordinator.Cli.Runs;
using Cluster.Coordinator.Tests.Database;
using Cluster.Ml.Data;
using Cluster.Ml.Learning;
using Cluster.Tests.Shared;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Cluster.Coordinator.Tests.Cli.Queries;

[Collection(PostgreSqlTests.Name)]
public sealed class QuerySourceTests(PostgreSqlServer server) : IDisposable
{
    private const string Rows = "(3, 1.5, 'red', 1), (1, NULL, 'blue, \"or so\"', 2), (2, -0.25, NULL, 1), (4, 8, 'red', 2)";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-query-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Rows_of_a_query_are_a_file_named_by_what_it_holds_and_the_job_goes_on_with_it()
    {
        AskedJob job = Ask(Sqlite());
        QuerySource query = job.Query!;

        File.ReadAllText(query.RowsFile).ShouldBe("\"id\",\"size\",\"colour\",\"y\"\n1,,\"blue, \"\"or so\"\"\",2\n2,-0.25,,1\n3,1.5,\"red\",1\n4,8,\"red\",2\n");
        Path.GetFileName(query.RowsFile).ShouldBe($"{query.Sha256[..16]}.csv");
        (query.Rows, job.Spec.Data.Source, job.Spec.Data.Query).ShouldBe((4L, query.RowsFile, null));
        job.Spec.TaskFound.ShouldNotBeNull().ShouldStartWith("classification");
        PreparedData.Load(job.Spec, Learners.NumbersFor(job.Spec)).Training.Count.ShouldBe(4);
    }

    [Fact]
    public void The_same_rows_are_the_same_job_and_other_rows_another()
    {
        string database = Sqlite();
        AskedJob first = Ask(database), second = Ask(database);
        Run(new SqliteConnection($"Data Source={database};Pooling=false"), "UPDATE t SET size = 9 WHERE id = 4");

        AskedJob third = Ask(database);

        (second.Spec.Text, second.Query).ShouldBe((first.Spec.Text, first.Query));
        third.Query!.Sha256.ShouldNotBe(first.Query!.Sha256);
        File.Exists(first.Query.RowsFile).ShouldBeTrue();
    }

    [SkippableFact]
    public void A_server_gives_the_bytes_of_the_file_and_its_password_is_told_nowhere()
    {
        string settings = server.NewDatabase();
        Run(new NpgsqlConnection(settings), $"CREATE TABLE t (id INT, size DOUBLE PRECISION, colour TEXT, y INT); INSERT INTO t VALUES {Rows}");
        string source = Write("shop.postgres", settings);

        AskedJob job = Ask(source);

        job.Query!.Sha256.ShouldBe(Ask(Sqlite()).Query!.Sha256);
        IEnumerable<string> written = Directory.GetFiles(Path.Combine(_folder.FullName, "rows")).Select(File.ReadAllText);
        foreach (string text in written.Concat([job.Spec.Text, job.Query.ToJson().ToJsonString()])) text.ShouldNotContain(PostgreSqlServer.Password);
    }

    [SkippableFact]
    public void A_server_that_refuses_is_told_without_the_password()
    {
        NpgsqlConnectionStringBuilder wrong = new(server.NewDatabase()) { Database = "none" };
        string source = Write("shop.postgres", wrong.ConnectionString);

        BadInputException error = Should.Throw<BadInputException>(() => Ask(source));

        error.Wanted.ShouldBe("rows in answer to data.query");
        error.ToString().ShouldNotContain(PostgreSqlServer.Password);
    }

    [Fact]
    public void Nothing_can_be_written_by_a_query()
    {
        string database = Sqlite();

        Should.Throw<BadInputException>(() => Ask(database, "WITH u AS (SELECT 1) INSERT INTO t SELECT 9, 1, 'a', 1 FROM u ORDER BY 1")).Got.ShouldContain("readonly");
    }

    [Theory]
    [InlineData("SELECT id FROM t", "data.query to be an ORDER BY of the whole query")]
    [InlineData("SELECT nothing FROM t ORDER BY id", "rows in answer to data.query")]
    [InlineData("SELECT id, x'00' AS raw, y FROM t ORDER BY id", "numbers, texts, times or booleans in column 'raw' of data.query")]
    public void A_query_that_cannot_be_a_table_is_refused(string query, string wanted) =>
        Should.Throw<BadInputException>(() => Ask(Sqlite(), query)).Wanted.ShouldBe(wanted);

    [Theory]
    [InlineData("Host=db;Passwort=geheim")]
    [InlineData("geheim")]
    public void A_connection_string_that_cannot_be_read_is_not_told(string settings) =>
        Should.Throw<BadInputException>(() => Ask(Write("shop.postgres", settings))).ToString().ShouldNotContain("geheim");

    [Fact]
    public void A_database_without_a_query_and_a_query_without_a_database_are_refused()
    {
        Should.Throw<BadInputException>(() => QuerySource.ReadJob(Write("job.yaml", "data: { source: a.db, target: y }\nmodel: { kind: ridge }\n"), [])).Wanted.ShouldContain("data.query");
        Should.Throw<BadInputException>(() => QuerySource.ReadJob(Write("job.yaml", "data: { source: a.csv, query: SELECT 1 ORDER BY 1 }\nmodel: { kind: ridge }\n"), []))
            .Message.ShouldContain("without a database");
    }

    private AskedJob Ask(string source, string query = "SELECT id, size, colour, y FROM t ORDER BY id")
    {
        string job = Write("job.yaml", $"data: {{ source: '{source}', query: \"{query}\", target: y, missing: mean, encode: auto, split: {{ train: 1.0 }} }}\nmodel: {{ kind: tree }}\n");
        return QuerySource.ReadJob(job, [], Path.Combine(_folder.FullName, "rows"));
    }

    private string Sqlite()
    {
        string file = Path.Combine(_folder.FullName, "shop.sqlite");
        if (!File.Exists(file)) Run(new SqliteConnection($"Data Source={file};Pooling=false"), $"CREATE TABLE t (id INTEGER, size REAL, colour TEXT, y INTEGER); INSERT INTO t VALUES {Rows}");
        return file;
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static void Run(DbConnection connection, string statements)
    {
        using (connection)
        {
            connection.Open();
            using DbCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are constants.
            command.CommandText = statements;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }
    }
}
