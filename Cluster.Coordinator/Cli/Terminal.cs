using System.Text.Json.Nodes;
using Cluster.Ml.Data;
using Spectre.Console;

namespace Cluster.Coordinator.Cli;

/// <summary>Output of a command: results to standard output, everything else to standard error.</summary>
internal sealed class Terminal
{
    private readonly TextWriter _results, _messages;
    private readonly TextReader? _answers;
    private readonly bool _resultsAreShown;

    /// <param name="results">Standard output.</param>
    /// <param name="messages">Standard error.</param>
    /// <param name="interactive">Whether a person is watching standard error.</param>
    /// <param name="resultsAreShown">Whether a person is watching standard output.</param>
    /// <param name="width">Columns of the terminal that shows standard output; null if none does.</param>
    /// <param name="answers">Standard input of a person; null if nobody can be asked.</param>
    public Terminal(TextWriter results, TextWriter messages, bool interactive, bool resultsAreShown = false, int? width = null, TextReader? answers = null)
    {
        _answers = answers;
        _results = results;
        _messages = messages;
        _resultsAreShown = resultsAreShown;
        Interactive = interactive;
        Width = resultsAreShown && width > 0 ? width : null;
        Messages = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(messages),
            Ansi = interactive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = interactive ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = interactive ? InteractionSupport.Detect : InteractionSupport.No,
        });
    }

    /// <summary>Whether a person is watching standard error.</summary>
    public bool Interactive { get; }

    /// <summary>Columns of the terminal that shows the results; null if a program reads them.</summary>
    public int? Width { get; }

    /// <summary>Whether a person wants to be told more.</summary>
    public bool Verbose { get; set; }

    /// <summary>Standard error, for progress and messages.</summary>
    public IAnsiConsole Messages { get; }

    /// <summary>The process's own standard streams.</summary>
    public static Terminal OfProcess() => new(
        Console.Out, Console.Error, !Console.IsErrorRedirected, !Console.IsOutputRedirected, Console.IsOutputRedirected ? null : Console.WindowWidth,
        Console.IsInputRedirected || Console.IsErrorRedirected ? null : Console.In);

    /// <summary>Whether somebody can be asked.</summary>
    public bool CanAsk => _answers is not null;

    /// <summary>Asks for a line; an empty one is the usual answer.</summary>
    /// <param name="question">Without a question mark.</param>
    /// <param name="usual">What an empty line means; null if there must be one.</param>
    /// <returns>Null at the end of input.</returns>
    public string? Ask(string question, string? usual)
    {
        _messages.Write(VisibleText.InLine(usual is null ? $"{question}: " : $"{question} [{usual}]: "));
        _messages.Flush();
        string? line = _answers?.ReadLine()?.Trim();
        return line is { Length: 0 } ? usual : line;
    }

    /// <summary>One line of results.</summary>
    public void Result(string line) => _results.WriteLine(VisibleText.Of(line));

    /// <summary>Results for programs, unchanged; on a terminal, control characters are made visible.</summary>
    public void Data(string text) => _results.Write(_resultsAreShown ? VisibleText.Of(text.ReplaceLineEndings()) : text);

    /// <summary>The JSON object that ends the output of a command with --json.</summary>
    public void Json(JsonObject value) => _results.WriteLine(value.ToJsonString());

    /// <summary>One line for a person, on standard error; wrapped between words on a terminal, never for a program.</summary>
    public void Say(string line)
    {
        if (Interactive) Messages.Write(new WholeWords(VisibleText.Of(line)));
        else _messages.WriteLine(VisibleText.Of(line));
    }

    /// <summary>Gives a person back what a live display has taken.</summary>
    public void Restore()
    {
        if (Interactive) Messages.Cursor.Show();
    }

    /// <summary>An error, and what the process is to end with.</summary>
    public int Fail(int code, string message)
    {
        if (Interactive) Messages.Write(new WholeWords(VisibleText.Of(message), new Style(Color.Red)));
        else _messages.WriteLine(VisibleText.Of(message));
        return code;
    }
}
