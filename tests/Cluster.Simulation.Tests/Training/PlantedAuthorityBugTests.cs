using Cluster.Simulation.Tests.Processes;
using Xunit.Abstractions;

namespace Cluster.Simulation.Tests.Training;

public sealed class PlantedAuthorityBugTests(ITestOutputHelper output)
{
    private const int SeedsMax = 400;

    [Theory]
    [InlineData(nameof(AuthorityBug.RenewIgnoresNewGrants), "renewed alone")]
    [InlineData(nameof(AuthorityBug.AcquireIgnoresExpiry), "whose lease lasts")]
    [InlineData(nameof(AuthorityBug.NeverExpires), "wanted the job to end")]
    [InlineData(nameof(AuthorityBug.HandsTheTokenOn), "with a token after")]
    [InlineData(nameof(AuthorityBug.StartsWithoutLease), "whose lease lasts")]
    [InlineData(nameof(AuthorityBug.StoreIgnoresTokens), "wanted a write under token")]
    public void A_bug_in_the_authority_is_caught(string bug, string symptom)
    {
        SimulationReport caught = BugHunt.First(bug, Enumerable.Range(1, SeedsMax), report => report.Failure!.Contains(symptom, StringComparison.Ordinal));

        output.WriteLine(caught.Failure);
    }
}
