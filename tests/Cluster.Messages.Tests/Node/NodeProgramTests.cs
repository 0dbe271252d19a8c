using Cluster.Messages.Node;
using Cluster.Messages.Node.Settings;

namespace Cluster.Messages.Tests.Node;

public sealed class NodeProgramTests
{
    [Fact]
    public async Task A_program_with_wrong_settings_names_them_all_and_ends_with_2()
    {
        StringWriter output = new();

        int code = await new IdleProgram().RunAsync(["--threads", "0", "--colour", "red"], output);

        code.ShouldBe(NodeExitCode.Usage);
        output.ToString().ShouldContain("--threads: threads: wanted 1 to 1024, got 0");
        output.ToString().ShouldContain("--colour");
        output.ToString().ShouldContain("idle --help");
    }

    [Fact]
    public async Task The_help_is_shown_whatever_else_is_asked()
    {
        StringWriter output = new();

        int code = await new IdleProgram().RunAsync(["--threads", "0", "--help"], output);

        code.ShouldBe(NodeExitCode.Success);
        output.ToString().ShouldContain("CLUSTER_THREADS");
    }

    private sealed class IdleProgram : NodeProgram<ProgramOptions>
    {
        public override string Name => "idle";

        public override string Summary => "Does nothing.";

        public override SettingList<ProgramOptions> Settings { get; } = new SettingList<ProgramOptions>(new()).AddNode();

        protected override string WorkPath => "/user/idle";

        protected override void AddRole(AkkaConfigurationBuilder builder, ProgramOptions options) =>
            throw new InvalidOperationException("Wanted the program to end before it starts a node.");

        protected override Task<string> DutyAsync(ClusterNode node, TimeSpan deadline) => Task.FromResult("idle");
    }
}
