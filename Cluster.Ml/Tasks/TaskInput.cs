using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Privacy;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Tasks;

/// <summary>All that the result of one task is a function of, but for the data.</summary>
/// <param name="Job">Names the job in messages.</param>
/// <param name="JobText">The job file, overrides applied.</param>
/// <param name="BaseDirectory">What its relative paths are relative to.</param>
/// <param name="Specification">Which task it is, as its kind reads it.</param>
/// <param name="Index">Which task it is, from 0.</param>
public sealed record TaskInput(string Job, string JobText, string BaseDirectory, string Specification, int Index)
{
    /// <summary>The folder to which the job's data was copied; null if it is read from its source.</summary>
    public string? Folder { get; init; }

    /// <summary>Of a private job, the task's secret; else null.</summary>
    public PrivacySecret? Secret { get; init; }

    /// <summary>The job, changed by some settings.</summary>
    /// <param name="settings">Of the form key.path=value.</param>
    /// <exception cref="BadInputException">The text or a setting is wrong.</exception>
    public JobSpec Spec(params IReadOnlyList<string> settings)
    {
        JobSpec spec = JobFile.Parse(JobText, $"{Job}.yaml", BaseDirectory, settings);
        return Folder is null ? spec : SourceFiles.Moved(spec, Folder);
    }

    /// <summary>The task's own seed, for kinds whose tasks differ by their random numbers alone.</summary>
    /// <remarks>Equation  the first 64 bits of the stream (seed of the job, purpose task, index)</remarks>
    public ulong Seed => RandomStream.At(Spec().Seed, RandomPurpose.Task, Index).NextUInt64();
}
