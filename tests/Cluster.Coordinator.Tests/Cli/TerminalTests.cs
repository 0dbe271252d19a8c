using System.Globalization;
using Cluster.Coordinator.Cli;

namespace Cluster.Coordinator.Tests.Cli;

public sealed class TerminalTests : IDisposable
{
    private const int Width = 80;
    private static readonly string s_address = $"http://127.0.0.1:4080/dashboard#{new string('a', 2 * Width)}";

    private readonly StringWriter _messages = new(CultureInfo.InvariantCulture);
    private readonly Terminal _terminal;

    public TerminalTests()
    {
        _terminal = new Terminal(TextWriter.Null, _messages, interactive: true);
        (_terminal.Messages.Profile.Width, _terminal.Messages.Profile.Capabilities.Ansi) = (Width, false);
    }

    private string[] Lines => _messages.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    public void Dispose() => _messages.Dispose();

    [Fact]
    public void An_address_that_is_wider_than_the_terminal_stays_whole()
    {
        _terminal.Say($"the dashboard: {s_address} (Ctrl-C ends it)");

        Lines.ShouldBe(["the dashboard:", s_address, "(Ctrl-C ends it)"]);
    }

    [Fact]
    public void So_it_does_in_an_error()
    {
        _terminal.Fail(ExitCode.BadInput, $"{s_address}: wanted a file").ShouldBe(ExitCode.BadInput);

        Lines.ShouldBe([$"{s_address}:", "wanted a file"]);
    }

    [Fact]
    public void Lines_are_broken_between_words_and_columns_stay()
    {
        string words = string.Join(' ', Enumerable.Repeat("word", 16));      // 79 columns

        _terminal.Say($"{words} word");
        _terminal.Say($"{words}s");
        _terminal.Say("  name   value");

        Lines.ShouldBe([words, "word", $"{words}s", "  name   value"]);
    }
}
