using Xunit.Abstractions;

namespace Cluster.Simulation.Tests.Embedded;

public sealed class PlantedAuthorityBugTests(ITestOutputHelper output)
{
    private const int SeedsMax = 400;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    [Theory]
    [InlineData(nameof(AuthorityBug.RenewIgnoresNewGrants), "renewed alone")]
    [InlineData(nameof(AuthorityBug.AcquireIgnoresExpiry), "whose lease lasts")]
    [InlineData(nameof(AuthorityBug.NeverExpires), "wanted the job to end")]
    [InlineData(nameof(AuthorityBug.HandsTheTokenOn), "with a token after")]
    [InlineData(nameof(AuthorityBug.StartsWithoutLease), "whose lease lasts")]
    [InlineData(nameof(AuthorityBug.StoreIgnoresTokens), "wanted a write under token")]
    public void A_bug_in_the_authority_is_caught(string bug, string symptom)
    {
        for (int seed = 1; seed <= SeedsMax; seed++)
        {
            SimulationOutcome outcome = TrainingSimulation.Run(seed, bug: Enum.Parse<AuthorityBug>(bug), limit: Limit);
            if (outcome.Fault is null || !outcome.Fault.Contains(symptom, StringComparison.Ordinal)) continue;
            output.WriteLine(outcome.Fault);
            TrainingSimulation.Run(seed).Fault.ShouldBeNull();
            return;
        }
        throw new InvalidOperationException($"wanted one of {SeedsMax} seeds to notice the bug, got none");
    }
}
