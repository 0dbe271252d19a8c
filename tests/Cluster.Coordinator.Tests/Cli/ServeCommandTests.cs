using System.Globalization;
using Cluster.Coordinator.Cli;

namespace Cluster.Coordinator.Tests.Cli;

/// <summary>What `serve` refuses before it listens.</summary>
public sealed class ServeCommandTests
{
    [Theory]
    [InlineData(ExitCode.Usage, "wanted a token for 0.0.0.0", "m", "--address", "0.0.0.0")]
    [InlineData(ExitCode.Usage, "wanted an IPv4 address", "m", "--address", "::1")]
    [InlineData(ExitCode.Usage, "--port: wanted a whole number, 0 to 65535", "m", "--port", "70000")]
    [InlineData(ExitCode.Usage, "--batch: wanted a whole number, 1 to", "m", "--batch", "0")]
    [InlineData(ExitCode.Usage, "MODEL", "--port", "0")]
    [InlineData(ExitCode.BadInput, "wanted a token file that can be read", "m", "--token-file", "/nowhere/token")]
    [InlineData(ExitCode.Usage, "--certificate and --certificate-key: wanted both or none", "m", "--certificate", "c.pem")]
    [InlineData(ExitCode.BadInput, "--certificate or --certificate-key: wanted files that can be used, got /nowhere/c.pem", "m", "--certificate", "/nowhere/c.pem", "--certificate-key", "/nowhere/c.key")]
    [InlineData(ExitCode.BadInput, "wanted a model file that can be read", "/nowhere/model.cluster", "--port", "0")]
    public async Task A_mistake_is_told_with_its_flag(int code, string message, params string[] arguments)
    {
        using StringWriter results = new(CultureInfo.InvariantCulture), messages = new(CultureInfo.InvariantCulture);

        (await CommandLine.RunAsync(["serve", .. arguments], new Terminal(results, messages, interactive: false))).ShouldBe(code, messages.ToString());

        messages.ToString().ReplaceLineEndings(" ").ShouldContain(message);
        results.ToString().ShouldBeEmpty();
    }
}
