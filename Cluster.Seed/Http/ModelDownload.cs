using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Microsoft.AspNetCore.Http;

namespace Cluster.Seed.Http;

/// <summary>Hands out a model file, part after part, as the coordinator reads it.</summary>
internal static class ModelDownload
{
    public static async Task WriteAsync(ClusterClient cluster, JobId job, HttpContext context)
    {
        await cluster.DescribeAsync(job);
        ModelRead part = await ReadAsync(cluster, job, 0);
        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = part.Length;
        for (long written = 0; !part.Bytes.IsEmpty; part = await ReadAsync(cluster, job, written))
        {
            await context.Response.Body.WriteAsync(part.Bytes.AsMemory(), context.RequestAborted);
            written += part.Bytes.Length;
            if (written >= part.Length) return;
        }
    }

    private static Task<ModelRead> ReadAsync(ClusterClient cluster, JobId job, long offset) =>
        cluster.AskAsync<ModelRead>(new ReadModel(job, offset), StatusCodes.Status409Conflict);
}
