using Polly;
using Polly.Retry;

namespace Cluster.Coordinator.Database;

/// <summary>How a request is made again of a database that does not answer: after pauses that double, each drawn at random around its length.</summary>
/// <remarks>The randomness keeps nodes that lost their database together from coming back to it together.</remarks>
internal static class DatabaseRetries
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(1);

    /// <summary>Retries what fails by a passing outage.</summary>
    /// <param name="isPassing">Whether the same request may well succeed a little later.</param>
    /// <param name="attempts">How often it is made at most.</param>
    public static ResiliencePipeline For(Func<Exception, bool> isPassing, int attempts = int.MaxValue) => new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = tried => ValueTask.FromResult(tried.Outcome.Exception is { } error && isPassing(error)),
            MaxRetryAttempts = attempts == int.MaxValue ? attempts : attempts - 1,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = s_shortest,
            MaxDelay = s_longest,
        })
        .Build();
}
