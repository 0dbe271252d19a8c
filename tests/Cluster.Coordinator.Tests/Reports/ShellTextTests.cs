using Cluster.Coordinator.Reports;

namespace Cluster.Coordinator.Tests.Reports;

public sealed class ShellTextTests
{
    [Theory]
    [InlineData("/srv/runs/digits-mlp/0001/job.yaml", "/srv/runs/digits-mlp/0001/job.yaml")]
    [InlineData("my job.yaml", "'my job.yaml'")]
    [InlineData("a'b; rm", "'a'\\''b; rm'")]
    [InlineData("", "''")]
    public void A_word_is_quoted_where_a_shell_would_take_it_apart(string word, string wanted) => ShellText.Quote(word).ShouldBe(wanted);
}
