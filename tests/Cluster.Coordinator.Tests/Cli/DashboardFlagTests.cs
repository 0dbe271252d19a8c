using System.CommandLine;
using Cluster.Coordinator.Cli;
using Cluster.Coordinator.Local;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node;

namespace Cluster.Coordinator.Tests.Cli;

public sealed class DashboardFlagTests
{
    private static readonly SubmitJob s_job = new(new JobId("job"), "text", "/", "/run", null, 0);

    [Theory]
    [InlineData("job.yaml --dashboard", 0)]
    [InlineData("job.yaml --dashboard 4081", 4081)]
    [InlineData("--dashboard 4081 job.yaml", 4081)]
    public void It_listens_on_loopback_for_whoever_has_a_token_of_this_run(string line, int port)
    {
        LocalClusterOptions cluster = Read(line), other = Read(line);

        cluster.Http.ShouldBe(new NodeAddress("127.0.0.1", port));
        cluster.Token!.Length.ShouldBe(27);
        $"dashboard: http://127.0.0.1:65535/dashboard#token={cluster.Token}".Length.ShouldBeLessThanOrEqualTo(80);
        cluster.Token.ShouldNotBe(other.Token);
        cluster.Watched.ShouldBe(s_job);
    }

    [Fact]
    public void Without_it_nothing_listens()
    {
        LocalClusterOptions cluster = Read("job.yaml");

        (cluster.Http, cluster.Token, cluster.Watched).ShouldBe((null, null, null));
    }

    [Theory]
    [InlineData("--dashboard job.yaml", "put the job file in front of --dashboard")]
    [InlineData("job.yaml --dashboard 65536", "wanted a port, 0 to 65535, or nothing, got '65536'")]
    public void What_is_no_port_is_refused(string line, string message)
    {
        (DashboardFlag _, ParseResult parsed) = Parse(line);

        parsed.Errors.ShouldContain(error => error.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_running_cluster_has_its_own()
    {
        (DashboardFlag flag, ParseResult parsed) = Parse("job.yaml --dashboard");

        Should.Throw<CommandFailedException>(() => flag.RequireAbsence(parsed)).Message.ShouldContain("/dashboard of its address");
    }

    private static LocalClusterOptions Read(string line)
    {
        (DashboardFlag flag, ParseResult parsed) = Parse(line);
        parsed.Errors.ShouldBeEmpty();
        return flag.Of(parsed, new LocalClusterOptions(1, 1, "/run"), s_job);
    }

    private static (DashboardFlag Flag, ParseResult Parsed) Parse(string line)
    {
        DashboardFlag flag = new();
        RootCommand command = new("train") { new Argument<string>("JOB"), flag.Option };
        return (flag, command.Parse(line));
    }
}
