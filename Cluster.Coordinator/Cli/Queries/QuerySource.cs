using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli.Runs;
using Cluster.Ml.Data;
using Cluster.Ml.Export;
using Cluster.Ml.Jobs;

namespace Cluster.Coordinator.Cli.Queries;

/// <summary>The rows of a query, written once as a file that all else reads: what a job with data.query is trained on.</summary>
/// <param name="Source">The database's file.</param>
/// <param name="RowsFile">The rows, named by their SHA-256: the same rows are the same file.</param>
/// <param name="Rows">How many.</param>
/// <param name="Sha256">Of the file's bytes, in hexadecimal.</param>
internal sealed record QuerySource(string Source, string RowsFile, long Rows, string Sha256)
{
    private const int NameDigits = 16;

    /// <summary>Reads a job; where it asks a database, its rows are written below <paramref name="folder"/>, and the job goes on as one of that file.</summary>
    /// <param name="path">The job file.</param>
    /// <param name="overrides">Settings of the form key.path=value.</param>
    /// <param name="folder">The folder of the rows; null for runs/NAME/rows in the working directory.</param>
    /// <exception cref="BadInputException">The job is wrong, or the database does not give rows.</exception>
    public static AskedJob ReadJob(string path, IReadOnlyList<string> overrides, string? folder = null)
    {
        if (JobFile.QueryOf(path, overrides) is not { } asked) return new AskedJob(JobFile.Read(path, overrides), path, overrides);
        if (SqlText.Objection(asked.Query) is { } objection)
        {
            (string file, int? line, int? column) = JobFile.PlaceOf(path, overrides, "data.query");
            throw new BadInputException(file, line, column, $"data.query to be {objection.Wanted}", objection.Got, objection.Advice);
        }
        QuerySource source = Write(asked.Source, asked.Query, folder ?? Path.GetFullPath(Path.Combine("runs", asked.Name, "rows")));
        string[] settings = [.. overrides, "data.query=null", $"data.source='{source.RowsFile.Replace("'", "''", StringComparison.Ordinal)}'", "data.separator=comma"];
        return new AskedJob(JobFile.Read(path, settings), path, settings) { Query = source };
    }

    /// <summary>Tells a person what was read.</summary>
    public void Tell(Terminal terminal) => terminal.Say(string.Create(CultureInfo.InvariantCulture, $"data.query: {Rows} rows of {Source} are in {RowsFile}."));

    /// <summary>As it stands in a result.</summary>
    public JsonObject ToJson() => new() { ["source"] = Source, ["file"] = RowsFile, ["rows"] = Rows, ["sha256"] = Sha256 };

    private static QuerySource Write(string source, string query, string folder)
    {
        Directory.CreateDirectory(folder);
        string part = Path.Combine(folder, $".{Path.GetRandomFileName()}");
        try
        {
            (long rows, string sha256) = QueryDatabase.Ask(source, query, reader =>
            {
                using FileStream to = new(part, FileMode.CreateNew);
                return QueryTable.Write(reader, to, source);
            });
            string file = Path.Combine(folder, $"{sha256[..NameDigits]}.csv");
            AtomicFile.Move(part, file);
            string about = string.Create(CultureInfo.InvariantCulture, $"source: {source}\nquery: {query}\nrows: {rows}\nsha256: {sha256}\n");
            AtomicFile.Write(Path.ChangeExtension(file, ".query"), stream => stream.Write(Encoding.UTF8.GetBytes(about)));
            return new QuerySource(source, file, rows, sha256);
        }
        finally
        {
            File.Delete(part);
        }
    }
}
