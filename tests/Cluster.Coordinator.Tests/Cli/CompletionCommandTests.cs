using System.Globalization;
using Cluster.Coordinator.Cli;

namespace Cluster.Coordinator.Tests.Cli;

public sealed class CompletionCommandTests
{
    [Fact]
    public async Task Every_verb_is_completed_with_its_flags()
    {
        using StringWriter said = new(CultureInfo.InvariantCulture);
        Terminal terminal = new(said, said, interactive: false);

        int code = await CommandLine.RunAsync(["completion", "bash"], terminal);

        code.ShouldBe(ExitCode.Success);
        string script = said.ToString();
        foreach (System.CommandLine.Command verb in CommandLine.Root(terminal).Subcommands) script.ShouldContain($"\"{verb.Name}\"|\"{verb.Name} \"*)");
        script.ShouldContain("    \"\") local verbs=\"");
        script.ShouldContain("\"privacy epsilon\"|\"privacy epsilon \"*) local verbs=\"\" flags=\"--");
        script.Split('\n').Single(line => line.Contains("\"report\"|", StringComparison.Ordinal)).ShouldContain("--out");
        script.ShouldNotContain("\r");
        script.ShouldContain("complete -o filenames -F _cluster cluster");
    }
}
