using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Columns;
using Cluster.Ml.Export;
using Cluster.Ml.Jobs;

namespace Cluster.Coordinator.Cli;

/// <summary>`init [CSV]`: from a table to a job file with comments, by flags or by asking.</summary>
internal sealed class InitCommand
{
    private const string SplitOfClasses = "  split: { train: 0.7, validation: 0.15, test: 0.15, stratify: true }", SplitOfNumbers = "  split: { train: 0.7, validation: 0.15, test: 0.15 }";

    private readonly Argument<string?> _source = new("CSV")
    {
        Description = "A table: CSV or TSV, also packed with gzip, Parquet, or arrays of NumPy (.npy, .npz). Without it the command asks.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _target = new("--target") { Description = "The column to learn (default: one called target, label, class or y, else the last)." };
    private readonly Option<string?> _separator = new("--separator") { Description = "What parts the columns: comma, semicolon, tab or pipe (default: what the file shows)." };
    private readonly Option<string?> _out = new("--out") { Description = "The job file to write (default: the table's name with .yaml, in this folder). A file that is there already is never replaced." };
    private readonly Option<bool> _json = new("--json") { Description = "Prints one JSON object as the last line of standard output." };

    public static Command Create(Terminal terminal)
    {
        InitCommand init = new();
        init._separator.AcceptOnlyFromAmong("auto", "comma", "semicolon", "tab", "pipe");
        Command command = new("init", "Writes a job file for a table, with a comment on each key.") { init._source, init._target, init._separator, init._out, init._json };
        command.SetAction(parsed => init.Run(terminal, parsed));
        return command;
    }

    private int Run(Terminal terminal, ParseResult parsed)
    {
        string? named = parsed.GetValue(_source), target = parsed.GetValue(_target), output = parsed.GetValue(_out);
        if (named is null && !terminal.CanAsk)
            throw new CommandFailedException(ExitCode.Usage, "init: wanted a table, got none, and nobody can be asked; name one, as in `cluster init flowers.csv`.");
        bool asks = named is null;
        string source = Path.GetFullPath(named ?? Answer(terminal.Ask("The table, such as flowers.csv", null)));
        TableProfile table = TableProfile.Find(source, TableDialect.SeparatorOfWord(parsed.GetValue(_separator)));
        JobDraft draft = new(table, target);
        if (asks && target is null) draft = Asked(terminal, table, draft);
        string usual = Path.Combine(Environment.CurrentDirectory, $"{NameOf(source)}.yaml");
        string job = Path.GetFullPath(output ?? (asks ? Answer(terminal.Ask("The job file", Path.GetFileName(usual))) : usual));
        RequireFree(job, source);
        string text = CommentedJob.Of(TextOf(draft, Path.GetRelativePath(Path.GetDirectoryName(job)!, source)));
        JobFile.Parse(text, job, Path.GetDirectoryName(job)!);
        AtomicFile.Write(job, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
        Tell(terminal, draft, job, parsed.GetValue(_json));
        return ExitCode.Success;
    }

    /// <summary>Shows the columns and asks for the one to learn.</summary>
    private static JobDraft Asked(Terminal terminal, TableProfile table, JobDraft draft)
    {
        terminal.Say($"{Counted.Of(table.Rows, "row")}; columns: {string.Join(", ", table.Columns.Select(column => VisibleText.InLine(column.Name)))}");
        string answer = Answer(terminal.Ask("The column to learn", draft.Target.Name));
        return answer == draft.Target.Name ? draft : new JobDraft(table, answer);
    }

    private static string Answer(string? line) => line ?? throw new CommandFailedException(ExitCode.Usage, "init: wanted an answer, got none; nothing is written.");

    /// <summary>The draft with rows held out, so that what is learned can be judged.</summary>
    private static string TextOf(JobDraft draft, string source)
    {
        string split = draft.IsOfClasses && !HasRareClasses(draft) ? SplitOfClasses : SplitOfNumbers;
        string text = draft.Write(source).Replace("Drafted by `cluster describe`", "Written by `cluster init`", StringComparison.Ordinal);
        return text.Replace("\n  scale: ", $"\n{split}\n  scale: ", StringComparison.Ordinal);
    }

    /// <summary>Of fewer rows than parts no share of each can be held out.</summary>
    private static bool HasRareClasses(JobDraft draft) => draft.Target.HasMore || draft.Target.Values.Any(value => value.Value < 3);

    /// <summary>The table's name up to its first point.</summary>
    private static string NameOf(string source)
    {
        string name = Path.GetFileName(source);
        int end = name.IndexOf('.', 1);
        return end > 0 ? name[..end] : name;
    }

    private static void RequireFree(string job, string source)
    {
        OutputFile.Require(job, "--out", source);
        if (File.Exists(job)) throw new BadInputException(job, null, null, "a file that is not there yet", "one that is", "name another with --out, or remove this one; init replaces no file");
        if (!Directory.Exists(Path.GetDirectoryName(job))) throw new BadInputException(job, null, null, "a folder to write into", "none", "make the folder first, or name another file with --out");
    }

    private static void Tell(Terminal terminal, JobDraft draft, string job, bool json)
    {
        if (json)
        {
            terminal.Json(new JsonObject { ["job"] = job, ["target"] = draft.Target.Name, ["task"] = draft.IsOfClasses ? "classes" : "number", ["ignored"] = new JsonArray([.. draft.Ignored.Select(column => (JsonNode)JsonValue.Create(column.Key))]) });
            return;
        }
        terminal.Result($"job        {job}");
        terminal.Result($"learns     {draft.Target.Name}, {(draft.IsOfClasses ? "classes" : "a number")}");
        foreach ((string name, string why) in draft.Ignored) terminal.Result($"leaves out {(name.Length == 0 ? "columns without a name" : name)}: {why}");
        terminal.Result($"next       cluster train {Reports.ShellText.Quote(Path.GetRelativePath(Environment.CurrentDirectory, job))}");
    }
}
