using Cluster.Messages.Identifiers;

namespace Cluster.Seed.Telemetry;

/// <summary>Every line that a seed logs. The number in front is never used for another line.</summary>
internal static class LogMessages
{
    public static void TooManySubscribers(this ILoggingAdapter log, JobId job, int atMost) => log.Warning(
        "S3001 Job {0}: wanted at most {1} subscribers to its progress, got one more, which is not served. Usual cause: a client that subscribes again instead of ending.",
        job, atMost);
}
