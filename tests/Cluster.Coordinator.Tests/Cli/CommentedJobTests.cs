using Cluster.Coordinator.Cli;

namespace Cluster.Coordinator.Tests.Cli;

public sealed class CommentedJobTests
{
    [Fact]
    public void Each_key_has_its_meaning_above_and_lines_stay_as_they_are()
    {
        const string job = "# mine\nname: flowers\ndata:\n  # why\n  scale: standard\nmodel:\n  kind: ridge\n";

        string text = CommentedJob.Of(job);

        text.ShouldContain("\n  # why\n  # ");
        string[] added = [.. text.Split('\n').Where(line => line.Length > 0 && !job.Contains(line, StringComparison.Ordinal))];
        added.Length.ShouldBeGreaterThanOrEqualTo(3);
        added.ShouldAllBe(line => line.TrimStart().StartsWith("# ", StringComparison.Ordinal));
        string.Join('\n', text.Split('\n').Where(line => !added.Contains(line))).ShouldBe(job);
    }
}
