using Cluster.Benchmarks;

namespace Cluster.EndToEnd.Tests.Benchmarks;

/// <summary>The soak of the server of predictions, in small.</summary>
public sealed class SoakTests
{
    /// <summary>Each of the eight malformed requests comes once; every answer is as it should be, else the exit code is 1.</summary>
    [Fact]
    public async Task Good_requests_are_answered_and_malformed_ones_refused() =>
        (await Subcommands.RunAsync(["soak", "--requests", "800", "--clients", "2"])).ShouldBe(0);
}
