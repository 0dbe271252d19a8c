using Cluster.Messages.Node;
using Cluster.Messages.Wire;

namespace Cluster.Messages.Tests.Node;

public sealed class NodeArgumentsTests
{
    [Fact]
    public void Every_flag_reaches_its_option()
    {
        NodeOptions options = NodeArguments.Parse(
            ["--listen", "10.0.0.5:4053", "--seeds", "a:4053,b:4054", "--name", "w1", "--threads", "3"], NodeRoles.Worker);

        options.Address.ShouldBe(new NodeAddress("10.0.0.5", 4053));
        options.Seeds.ShouldBe([new NodeAddress("a", 4053), new NodeAddress("b", 4054)]);
        options.Name.ShouldBe("w1");
        options.ComputeThreads.ShouldBe(3);
        options.Roles.ShouldBe([NodeRoles.Worker]);
    }

    [Theory]
    [InlineData("--threads: wanted a whole number, got 'many'", "--threads", "many")]
    [InlineData("--port: wanted --listen, --seeds, --name or --threads", "--port", "1")]
    [InlineData("--listen: wanted HOST:PORT, got 'here'", "--listen", "here")]
    [InlineData("--name: wanted a value behind it, got nothing", "--name")]
    public void A_wrong_flag_is_named_with_what_was_wanted(string fault, params string[] arguments) =>
        Should.Throw<BadNodeOptionsException>(() => NodeArguments.Parse(arguments, NodeRoles.Seed)).Message.ShouldContain(fault);

    [Fact]
    public async Task A_program_with_wrong_flags_shows_the_right_ones_and_ends_with_2()
    {
        StringWriter output = new();

        int code = await NodeProgram.RunAsync(["--threads", "0"], NodeRoles.Worker, MessageCodecs.ForMessages(), _ => { }, output);

        code.ShouldBe(NodeProgram.UsageFault);
        output.ToString().ShouldContain("--seeds");
    }
}
