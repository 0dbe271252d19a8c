using System.Text.Json.Nodes;
using Spectre.Console;

namespace Cluster.Coordinator.Cli;

/// <summary>Where a command writes: results to standard output, everything else to standard error.</summary>
internal sealed class Terminal
{
    private readonly TextWriter _results, _messages;

    public Terminal(TextWriter results, TextWriter messages, bool interactive)
    {
        _results = results;
        _messages = messages;
        Interactive = interactive;
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

    /// <summary>Standard error, for progress and messages.</summary>
    public IAnsiConsole Messages { get; }

    /// <summary>The process's own standard streams.</summary>
    public static Terminal OfProcess() => new(Console.Out, Console.Error, !Console.IsErrorRedirected);

    /// <summary>One line of results.</summary>
    public void Result(string line) => _results.WriteLine(line);

    /// <summary>The JSON object that ends the output of a command with --json.</summary>
    public void Json(JsonObject value) => _results.WriteLine(value.ToJsonString());

    /// <summary>One line for a person, beside the results; never wrapped where a program reads it.</summary>
    public void Say(string line)
    {
        if (Interactive) Messages.WriteLine(line);
        else _messages.WriteLine(line);
    }

    /// <summary>An error, and what the process is to end with.</summary>
    public int Fail(int code, string message)
    {
        if (Interactive) Messages.WriteLine(message, new Style(Color.Red));
        else _messages.WriteLine(message);
        return code;
    }
}
