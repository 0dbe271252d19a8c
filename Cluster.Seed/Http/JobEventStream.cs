using System.Text.Json;
using Cluster.Messages;
using Cluster.Messages.Api;
using Cluster.Messages.Identifiers;
using Microsoft.AspNetCore.Http;

namespace Cluster.Seed.Http;

/// <summary>Writes what is heard of a job as server-sent events, until it has ended or nobody reads any more.</summary>
internal static class JobEventStream
{
    private const int LinesBetween = 4;      // the job manager is asked twice a second; every other second somebody hears of it

    public static async Task WriteAsync(ClusterClient cluster, JobId job, HttpContext context, CancellationToken stopping)
    {
        JobDescribed described = await cluster.DescribeAsync(job);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        using JobWatch watch = cluster.Watch(job, described.Line.Run);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await foreach (object heard in Thinned(watch, end.Token))
            {
                await WriteAsync(context, heard, end.Token);
                if (heard is JobFinished or JobRefused) return;
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody reads any more, or the seed ends: the reader finds the stream without its last event, and asks again.
        }
    }

    /// <summary>All that is heard, but of a job that stands still only every so often.</summary>
    private static async IAsyncEnumerable<object> Thinned(
        JobWatch watch, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken end)
    {
        JobLine? last = null;
        int same = 0;
        await foreach (object heard in watch.Heard.ReadAllAsync(end))
        {
            if (heard is JobLine line)
            {
                same = line == last ? same + 1 : 0;
                last = line;
                if (same % LinesBetween != 0) continue;
            }
            yield return heard;
        }
    }

    private static async Task WriteAsync(HttpContext context, object heard, CancellationToken end)
    {
        (string name, string json) = heard switch
        {
            StepsProgressed steps => (ApiEvents.Steps, JsonSerializer.Serialize(steps, ApiJson.Default.StepsProgressed)),
            EpochProgressed epoch => (ApiEvents.Epoch, JsonSerializer.Serialize(epoch, ApiJson.Default.EpochProgressed)),
            JobFinished finished => (ApiEvents.Finished, JsonSerializer.Serialize(finished, ApiJson.Default.JobFinished)),
            JobLine line => (ApiEvents.Line, JsonSerializer.Serialize(line, ApiJson.Default.JobLine)),
            _ => ("", ""),
        };
        if (name.Length == 0) return;
        await context.Response.WriteAsync($"event: {name}\ndata: {json}\n\n", end);
        await context.Response.Body.FlushAsync(end);
    }
}
