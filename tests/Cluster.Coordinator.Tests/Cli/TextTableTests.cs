using Cluster.Coordinator.Cli;

namespace Cluster.Coordinator.Tests.Cli;

public sealed class TextTableTests
{
    private static readonly string[] s_columns = ["run", "status", "epochs", "ended"];
    private static readonly string[][] s_rows = [["job/0001", "completed", "40", "2026-01-01 10:00"], ["job/0002", "failed", "", ""]];

    [Theory]
    [InlineData(null, "run       status     epochs  ended")]
    [InlineData(45, "run       status     epochs  ended")]
    [InlineData(44, "run       status     epochs")]
    [InlineData(26, "run       status")]
    [InlineData(5, "run       status")]
    public void Columns_that_have_no_room_are_left_out_the_least_needed_first(int? width, string header)
    {
        string[] lines = [.. TextTable.Lines(s_columns, s_rows, width, "ended", "epochs")];

        lines[0].ShouldBe(header);
        lines.Length.ShouldBe(3);
        lines[1].ShouldStartWith("job/0001  completed");
    }

    [Theory]
    [InlineData(null, "job: one 1 (before: 2), three 3")]
    [InlineData(31, "job: one 1 (before: 2), three 3")]
    [InlineData(20, "job: one 1 (before:|  2), three 3")]
    [InlineData(3, "job:|  one|  1|  (before:|  2),|  three|  3")]
    public void A_sentence_is_parted_between_words(int? width, string lines) =>
        string.Join('|', TextTable.Wrapped("job: one 1 (before: 2), three 3", width)).ShouldBe(lines);

    [Theory]
    [InlineData(0, "0 steps")]
    [InlineData(1, "1 step")]
    [InlineData(12345, "12345 steps")]
    public void One_is_not_many(long count, string text) => Counted.Of(count, "step").ShouldBe(text);
}
