using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli;

namespace Cluster.Coordinator.Tests.Cli;

/// <summary>The verbs `privacy audit` and `privacy epsilon` with each accountant.</summary>
public sealed class AuditCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-audit-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task An_audit_sets_a_lower_bound_beside_the_upper_one()
    {
        string table = Path.Combine(_folder.FullName, "rows.csv"), job = Path.Combine(_folder.FullName, "job.yaml");
        await File.WriteAllTextAsync(table, "a,b,target\n" + string.Concat(Enumerable.Range(0, 200).Select(i => $"{i % 10},{i * i % 7},{(i % 10 > i * i % 7 ? "x" : "y")}\n")));
        await File.WriteAllTextAsync(job, $"data: {{ source: '{table}', classes: [ x, y ] }}\nmodel: {{ kind: softmax }}\ntraining: {{ epochs: 2 }}\nprivacy: {{ clip: 1, noise: 2, delta: 1e-3 }}\n");

        JsonObject one = await RunAsync("audit", job, "--canaries", "40", "--guesses", "20", "--json"), again = await RunAsync("audit", job, "--canaries", "40", "--guesses", "20", "--json");

        one.ToJsonString().ShouldBe(again.ToJsonString());
        one["confidence"]!.GetValue<double>().ShouldBe(0.95);
        one["epsilon_lower"]!.GetValue<double>().ShouldBeLessThan(one["epsilon_upper"]!.GetValue<double>());
        (one["canaries"]!.GetValue<int>(), one["guesses"]!.GetValue<int>()).ShouldBe((40, 20));
    }

    // Opacus' tests of its accountants: prv, and gdp between 6.59 and 6.60.
    [Theory]
    [InlineData("prv", 6.777395712150674, 1e-3)]
    [InlineData("gdp", 6.595, 5e-3)]
    public async Task Each_accountant_tells_its_epsilon(string accountant, double epsilon, double tolerance)
    {
        JsonObject told = await RunAsync("epsilon", "--rate", "0.04", "--noise", "1.5", "--steps", "2249", "--delta", "1e-5", "--accountant", accountant, "--json");

        told["epsilon"]!.GetValue<double>().ShouldBe(epsilon, tolerance);
        told["order"].ShouldBeNull();
    }

    private static async Task<JsonObject> RunAsync(params string[] arguments)
    {
        using StringWriter results = new(CultureInfo.InvariantCulture), messages = new(CultureInfo.InvariantCulture);
        int code = await CommandLine.RunAsync(["privacy", .. arguments], new Terminal(results, messages, interactive: false));
        code.ShouldBe(ExitCode.Success, messages.ToString());
        return JsonNode.Parse(results.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n')[^1])!.AsObject();
    }
}
