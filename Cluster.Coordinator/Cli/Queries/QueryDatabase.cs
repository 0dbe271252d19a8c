using System.Data;
using System.Data.Common;
using Cluster.Ml.Data;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Cluster.Coordinator.Cli.Queries;

/// <summary>A database whose rows a job asks for, opened to read alone.</summary>
/// <remarks>
/// Range  a SQLite file (.sqlite, .sqlite3, .db); or a file that ends with .postgres and holds Npgsql's connection string. A password is best left out of it:
///        Npgsql then takes it from the variable PGPASSWORD, or from a password file (PGPASSFILE). Nothing of the connection string is told in an error
/// </remarks>
internal static class QueryDatabase
{
    /// <summary>Ending of the file that says where a PostgreSQL database is.</summary>
    public const string PostgresEnding = ".postgres";

    private const int AnswerSecondsMax = 3600, ConnectSecondsMax = 30, SettingsBytesMax = 1 << 16;

    /// <summary>Asks for the rows.</summary>
    /// <param name="source">The file.</param>
    /// <param name="query">The query.</param>
    /// <param name="take">Takes the rows.</param>
    /// <exception cref="BadInputException">The database or the query is none, or the database refuses.</exception>
    public static T Ask<T>(string source, string query, Func<DbDataReader, T> take)
    {
        if (!File.Exists(source)) throw new BadInputException(source, null, null, "a database, or a file that says where one is", "no such file", "check data.source; a relative path starts at the job file");
        try
        {
            using DbConnection connection = source.EndsWith(PostgresEnding, StringComparison.OrdinalIgnoreCase) ? Postgres(source) : Sqlite(source);
            connection.Open();
            using DbTransaction transaction = connection.BeginTransaction(connection is NpgsqlConnection ? IsolationLevel.RepeatableRead : IsolationLevel.Unspecified);
            if (connection is NpgsqlConnection) Run(connection, transaction, "SET TRANSACTION READ ONLY");
            using DbCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The query is the person's own, and the database is opened to read alone.
            (command.CommandText, command.Transaction, command.CommandTimeout) = (query, transaction, AnswerSecondsMax);
#pragma warning restore CA2100
            using DbDataReader reader = command.ExecuteReader();
            return take(reader);
        }
        catch (Exception refused) when (refused is DbException or InvalidOperationException or TimeoutException or InvalidCastException or OverflowException)
        {
            throw new BadInputException(source, null, null, "rows in answer to data.query", $"'{refused.Message.TrimEnd('.')}'", "correct the query, or look whether the database can be reached");
        }
    }

    private static SqliteConnection Sqlite(string file) =>
        new(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);

    private static NpgsqlConnection Postgres(string file)
    {
        using FileStream stream = RegularFile.Open(file);
        if (stream.Length > SettingsBytesMax) throw NoSettings(file);
        using StreamReader text = new(stream);
        try
        {
            NpgsqlConnectionStringBuilder settings = new(text.ReadToEnd().Trim()) { Pooling = false, Enlist = false, TcpKeepAlive = true };
            settings.Timeout = Math.Clamp(settings.Timeout, 1, ConnectSecondsMax);
            settings.ApplicationName ??= "cluster query";
            return new NpgsqlConnection(settings.ConnectionString);
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            throw NoSettings(file);      // its text may hold a password, and so may the message of whatever read it
        }
    }

    private static BadInputException NoSettings(string file) => new(
        file, null, null, "a connection string that Npgsql reads (Host=...;Database=...;Username=...)", "another text", "check the keywords, and put a value that holds ';' or quotes in quotes");

    private static void Run(DbConnection connection, DbTransaction transaction, string statement)
    {
        using DbCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // A constant.
        (command.CommandText, command.Transaction) = (statement, transaction);
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
