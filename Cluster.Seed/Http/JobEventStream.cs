using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Cluster.Messages;
using Cluster.Messages.Api;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cluster.Seed.Http;

/// <summary>The reports of a job as server-sent events, until it has ended or the client is gone.</summary>
internal static class JobEventStream
{
    private const int LinesBetween = 4;      // the job manager is asked twice a second; every other second somebody hears of it

    /// <summary>The events of a run of a job.</summary>
    /// <param name="cluster">Where the job is.</param>
    /// <param name="job">Which job.</param>
    /// <param name="stopping">The seed ends: the reader finds the stream without its last event, and asks again.</param>
    /// <exception cref="ProblemException">There is no such job.</exception>
    public static async Task<ServerSentEventsResult<string>> OpenAsync(ClusterClient cluster, JobId job, CancellationToken stopping)
    {
        JobDescribed described = await cluster.DescribeAsync(job);
        return TypedResults.ServerSentEvents(EventsOf(cluster, job, described.Line.Run, stopping));
    }

    private static async IAsyncEnumerable<SseItem<string>> EventsOf(
        ClusterClient cluster, JobId job, int run, CancellationToken stopping, [EnumeratorCancellation] CancellationToken aborted = default)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(aborted, stopping);
        using JobWatch watch = cluster.Watch(job, run);
        JobLine? last = null;
        int same = 0;
        while (await MayReadAsync(watch.Heard, end.Token))
            while (watch.Heard.TryRead(out object? heard))
            {
                if (heard is JobLine line)
                {
                    same = line == last ? same + 1 : 0;
                    last = line;
                    if (same % LinesBetween != 0) continue;     // of a job that stands still only every so often
                }
                if (EventOf(heard) is { } item) yield return item;
                if (heard is JobFinished or JobRefused) yield break;
            }
    }

    private static SseItem<string>? EventOf(object heard) => heard switch
    {
        StepsProgressed steps => new(JsonSerializer.Serialize(steps, ApiJson.Default.StepsProgressed), ApiEvents.Steps),
        EpochProgressed epoch => new(JsonSerializer.Serialize(epoch, ApiJson.Default.EpochProgressed), ApiEvents.Epoch),
        TaskProgressed task => new(JsonSerializer.Serialize(task, ApiJson.Default.TaskProgressed), ApiEvents.Task),
        JobFinished finished => new(JsonSerializer.Serialize(finished, ApiJson.Default.JobFinished), ApiEvents.Finished),
        JobLine line => new(JsonSerializer.Serialize(line, ApiJson.Default.JobLine), ApiEvents.Line),
        _ => null,
    };

    /// <summary>Waits for the next report; false after the last, or if the client is gone.</summary>
    private static async Task<bool> MayReadAsync(ChannelReader<object> heard, CancellationToken end)
    {
        try
        {
            return await heard.WaitToReadAsync(end);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
