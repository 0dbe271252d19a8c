using System.Globalization;
using Cluster.Coordinator.Cli;
using Cluster.Ml.Data;

namespace Cluster.Coordinator.Tests.Cli;

/// <summary>Whatever fails, a person reads a sentence, and a script an exit code.</summary>
public class FailureTests
{
    public static TheoryData<Exception, int, string> Failures => new()
    {
        { new BadInputException("a.csv", 1, 2, "a number", "'x'", "correct it"), ExitCode.BadInput, "a.csv:1:2: wanted a number" },
        { new CommandFailedException(ExitCode.Unreachable, "nobody there"), ExitCode.Unreachable, "nobody there" },
        { new IOException("no space"), ExitCode.BadInput, "no space" },
        { new NotSupportedException("cannot seek"), ExitCode.TrainingFailed, "NotSupportedException: cannot seek; --verbose shows where" },
        { new ArgumentException("outer", new FormatException("inner.")), ExitCode.TrainingFailed, "outer <- FormatException: inner;" },
        { new AggregateException(new IOException("only one")), ExitCode.BadInput, "only one" },
        { new OutOfMemoryException(), ExitCode.TrainingFailed, "--data-memory" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void A_failure_is_said_without_a_trace(Exception thrown, int code, string text)
    {
        (int ended, string said) = Fail(Thrown(thrown));

        ended.ShouldBe(code);
        said.ShouldContain(text);
        said.ShouldNotContain("   at ");
        said.TrimEnd().ShouldNotContain('\n');
    }

    [Fact]
    public void What_a_terminal_would_obey_is_shown()
    {
        Fail(new CommandFailedException(1, "\u001b[2J")).Said.ShouldContain("\\x1b[2J");
        using StringWriter shown = new(CultureInfo.InvariantCulture), read = new(CultureInfo.InvariantCulture);
        new Terminal(shown, shown, interactive: false, resultsAreShown: true).Data("\u001b[2J,1\r\n");
        new Terminal(read, read, interactive: false).Data("\u001b[2J,1\r\n");
        shown.ToString().ShouldBe($"\\x1b[2J,1{Environment.NewLine}");
        read.ToString().ShouldBe("\u001b[2J,1\r\n");
    }

    [Fact]
    public async Task Where_it_was_is_shown_to_the_command_that_asks_and_to_none_after_it()
    {
        string absent = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

        (await RunAsync("inspect", absent, "--verbose")).ShouldContain("   at ");
        (await RunAsync("inspect", absent)).ShouldNotContain("   at ");
    }

    [Fact]
    public void Every_verb_knows_verbose()
    {
        Terminal terminal = new(TextWriter.Null, TextWriter.Null, interactive: false);
        System.CommandLine.RootCommand root = CommandLine.Root(terminal);

        foreach (System.CommandLine.Command verb in root.Subcommands)
            root.Parse([verb.Name, "--verbose"]).Errors.ShouldNotContain(error => error.Message.Contains("--verbose", StringComparison.Ordinal));
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        using StringWriter messages = new(CultureInfo.InvariantCulture);
        (await CommandLine.RunAsync(arguments, new Terminal(TextWriter.Null, messages, interactive: false))).ShouldBe(ExitCode.BadInput);
        return messages.ToString();
    }

    private static (int Code, string Said) Fail(Exception error)
    {
        using StringWriter messages = new(CultureInfo.InvariantCulture);
        int code = CommandLine.Failed(new Terminal(TextWriter.Null, messages, interactive: false), error);
        return (code, messages.ToString());
    }

    private static Exception Thrown(Exception error)
    {
        try
        {
            throw error;
        }
        catch (Exception caught)
        {
            return caught;      // with a trace of its own
        }
    }
}
