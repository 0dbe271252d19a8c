using Cluster.Messages.Identifiers;

namespace Cluster.Seed.Dashboard;

/// <summary>What a dashboard is told by the program that serves it.</summary>
public sealed record DashboardOptions
{
    /// <summary>Whether jobs are submitted here, or the one job of this process is watched.</summary>
    public bool MaySubmit { get; init; } = true;

    /// <summary>Says what a job's text means, key by key; null if this program cannot.</summary>
    public Func<string, ImmutableArray<ConfigurationLine>>? Explain { get; init; }

    /// <summary>Jobs whose text is known before any is submitted here.</summary>
    public ImmutableArray<(JobId Job, string Text)> Known { get; init; } = [];
}

/// <summary>A key of a job.</summary>
/// <param name="Key">Its path, such as training.batch.</param>
/// <param name="Value">Its value.</param>
/// <param name="Default">Its value in a job without the key; empty if it must be given.</param>
/// <param name="Differs">Whether the job has another value.</param>
public sealed record ConfigurationLine(string Key, string Value, string Default, bool Differs);
