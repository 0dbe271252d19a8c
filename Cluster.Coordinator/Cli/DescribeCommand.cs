using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Columns;
using Cluster.Ml.Export;
using Cluster.Ml.Jobs;

namespace Cluster.Coordinator.Cli;

/// <summary>`describe SOURCE`: what the columns of a table are, and a draft of the job that would train on it.</summary>
internal sealed class DescribeCommand
{
    private const int WidthDefault = 80, NameWidthMax = 20, ValuesShown = 5, ValueWidthMax = 20, JsonValuesMax = 100;

    private readonly Argument<string> _source = new("SOURCE") { Description = "A table: CSV or TSV, also packed with gzip, Parquet, or arrays of NumPy (.npy, .npz)." };
    private readonly Option<string?> _target = new("--target") { Description = "The column to learn (default: one called target, label, class or y, else the last)." };
    private readonly Option<string?> _separator = new("--separator") { Description = "What parts the columns: comma, semicolon, tab or pipe (default: what the file shows)." };
    private readonly Option<string?> _job = new("--job") { Description = "Writes the draft of a job to this file." };
    private readonly Option<bool> _json = new("--json") { Description = "Prints one JSON object as the last line of standard output." };

    public static Command Create(Terminal terminal)
    {
        DescribeCommand describe = new();
        describe._separator.AcceptOnlyFromAmong("auto", "comma", "semicolon", "tab", "pipe");
        Command command = new("describe", "Describes the columns of a table, and drafts a job that would train on it.")
        {
            describe._source, describe._target, describe._separator, describe._job, describe._json,
        };
        command.SetAction(parsed => describe.Run(terminal, parsed));
        return command;
    }

    private int Run(Terminal terminal, ParseResult parsed)
    {
        string source = Path.GetFullPath(parsed.GetRequiredValue(_source));
        string? output = parsed.GetValue(_job);
        if (output is not null) OutputFile.Require(output, _job.Name, source);
        TableProfile table = TableProfile.Find(source, TableDialect.SeparatorOfWord(parsed.GetValue(_separator)));
        JobDraft draft = new(table, parsed.GetValue(_target));
        string folder = output is null ? Environment.CurrentDirectory : Path.GetDirectoryName(Path.GetFullPath(output))!;
        string job = draft.Write(Path.GetRelativePath(folder, source));
        if (output is not null) AtomicFile.Write(Path.GetFullPath(output), stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(job)));
        if (parsed.GetValue(_json)) terminal.Json(ToJson(table, draft, job));
        else Show(terminal, table, draft, job, output);
        return ExitCode.Success;
    }

    private static void Show(Terminal terminal, TableProfile table, JobDraft draft, string job, string? output)
    {
        int width = Math.Max(WidthDefault / 2, terminal.Width ?? WidthDefault);
        string lacking = table.IncompleteRows == 0 ? "no value is missing" : $"{Counted.Of(table.IncompleteRows, "row")} with missing values";
        string head = $"{Counted.Of(table.Rows, "row")}, {Counted.Of(table.Columns.Count, "column")}{(table.Separator is { } separator ? $" parted by {TableDialect.NameOf(separator)}" : "")}{(table.HasDecimalComma ? ", decimal commas" : "")}; {lacking}";
        Wrapped(head);
        foreach (string line in TextTable.Lines(["column", "is", "missing", "distinct", "values"], table.Columns.Select(column => Row(column, draft))))
            terminal.Result(Cut(line, width));
        Wrapped($"target: {VisibleText.InLine(draft.Target.Name)}, {(draft.IsOfClasses ? "classes" : "a number")} (--target names another)");
        if (output is not null) Wrapped($"a draft of a job is in {output}; begin with `cluster train {output}`");
        else terminal.Result($"a draft of a job (--job FILE writes it):\n{job.TrimEnd()}");

        void Wrapped(string text)
        {
            foreach (string line in TextTable.Wrapped(text, width)) terminal.Result(line);
        }
    }

    private static string[] Row(ColumnProfile column, JobDraft draft) =>
    [
        Cut(VisibleText.InLine(column.Name.Length == 0 ? "(no name)" : column.Name), NameWidthMax), TypeOf(column), Text(column.Missing),
        column.HasMore ? $">{ColumnProfile.DistinctMax}" : Text(column.Distinct), ValuesOf(column, draft),
    ];

    /// <summary>One word for what a column holds.</summary>
    private static string TypeOf(ColumnProfile column) => column.IsNested ? "nested" : column.Numbers + column.Texts == 0 ? "empty" : column.Kind switch
    {
        ColumnKind.Number => column.AreWhole ? "whole" : "number",
        ColumnKind.Date => "date",
        _ => "text",
    };

    private static string ValuesOf(ColumnProfile column, JobDraft draft)
    {
        if (column.Numbers + column.Texts == 0) return "";
        if (column.IsId) return "every row another: an id";
        if (column.NumbersRows) return string.Create(CultureInfo.InvariantCulture, $"{column.Least:G6} … {column.Most:G6}, numbers the rows");
        if (column.Kind == ColumnKind.Date) return string.Create(CultureInfo.InvariantCulture, $"{column.DateRange!.Value.First:yyyy-MM-dd} … {column.DateRange.Value.Last:yyyy-MM-dd}");
        bool balance = column == draft.Target && draft.IsOfClasses;
        if (column.Kind == ColumnKind.Number && !balance)
            return string.Create(CultureInfo.InvariantCulture, $"{column.Least:G6} … {column.Most:G6}, mean {column.Mean:G4}, deviation {column.Deviation:G4}")
                + (column.Texts > 0 ? $"; {Counted.Of(column.Texts, "text")}, such as {Cut(VisibleText.InLine(column.FrequentText!), ValueWidthMax)}" : "");
        double all = column.Numbers + column.Texts;
        IEnumerable<string> shown = column.Values.Take(ValuesShown).Select(value =>
            string.Create(CultureInfo.InvariantCulture, $"{Cut(VisibleText.InLine(value.Key), ValueWidthMax)} {100 * value.Value / all:F0} %"));
        return string.Join(", ", shown) + (column.Distinct > ValuesShown ? ", …" : "");
    }

    private static JsonObject ToJson(TableProfile table, JobDraft draft, string job) => new()
    {
        ["rows"] = table.Rows,
        ["incomplete_rows"] = table.IncompleteRows,
        ["separator"] = table.Separator?.ToString(),
        ["decimal"] = table.HasDecimalComma ? "comma" : "point",
        ["columns"] = new JsonArray([.. table.Columns.Select(column => (JsonNode)ToJson(column))]),
        ["target"] = draft.Target.Name,
        ["task"] = draft.IsOfClasses ? "classes" : "number",
        ["job"] = job,
    };

    private static JsonObject ToJson(ColumnProfile column)
    {
        JsonObject result = new()
        {
            ["name"] = column.Name,
            ["type"] = TypeOf(column),
            ["missing"] = column.Missing,
            ["distinct"] = column.Distinct,
            ["distinct_is_bound"] = column.HasMore,
        };
        if (column.Numbers > 0)
        {
            result["minimum"] = column.Least;
            result["maximum"] = column.Most;
            result["mean"] = ResultJson.Number(column.Mean);
            result["deviation"] = ResultJson.Number(column.Deviation);
        }
        if (column.Kind == ColumnKind.Date && column.DateRange is { } range)
        {
            result["first"] = range.First.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            result["last"] = range.Last.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        }
        if (!column.HasMore && column.Distinct <= JsonValuesMax)
            result["values"] = new JsonArray([.. column.Values.Select(value => (JsonNode)new JsonObject { ["value"] = value.Key, ["count"] = value.Value })]);
        return result;
    }

    private static string Cut(string text, int width) => text.Length <= width ? text : $"{text[..(width - 1)]}…";

    private static string Text(long count) => count.ToString(CultureInfo.InvariantCulture);
}
