using Cluster.Ml.Data;

namespace Cluster.Ml.Tests.Data;

public class VisibleTextTests
{
    [Theory]
    [InlineData("plain ä 漢 🙂\tand\nlines", "plain ä 漢 🙂\tand\nlines")]
    [InlineData("\u001b[31mred\u001b[0m", "\\x1b[31mred\\x1b[0m")]
    [InlineData("\u009b2J\u0007\b\u007f", "\\x9b2J\\x07\\x08\\x7f")]
    [InlineData("file\u202egnp.exe", "file\\u202egnp.exe")]
    [InlineData("over\rwritten\u2028", "over\\rwritten\\u2028")]
    public void What_a_terminal_would_obey_is_shown(string text, string visible) => VisibleText.Of(text).ShouldBe(visible);

    [Fact]
    public void Half_a_pair_is_shown() => VisibleText.Of($"half {'\ud83d'} of {'\udca9'} a pair").ShouldBe("half \\ud83d of \\udca9 a pair");

    [Fact]
    public void In_one_line_line_ends_are_shown_too() => VisibleText.InLine("a\nb\tc").ShouldBe("a\\nb\\tc");

    [Fact]
    public void A_fault_shows_what_files_hold_and_stays_in_its_line()
    {
        BadInputException error = new("rows\u001b.csv", 1, 2, "a number", "'\u001b]0;owned\u0007\nexit 0'", "correct it");

        error.Message.ShouldBe("rows\\x1b.csv:1:2: wanted a number, got '\\x1b]0;owned\\x07\\nexit 0'; correct it.");
        error.File.ShouldBe("rows\u001b.csv");
    }

    [Fact]
    public async Task A_log_shows_it_however_it_is_written()
    {
        using StringWriter log = new();
        using VisibleWriter writer = new(log);

        writer.Write('\u001b');
        writer.Write("\u001b[2J");
        writer.WriteLine("\u0007");
        await writer.WriteLineAsync("\u009b");

        log.ToString().ShouldBe($"\\x1b\\x1b[2J\\x07{Environment.NewLine}\\x9b{Environment.NewLine}");
    }
}
