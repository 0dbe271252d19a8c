namespace Cluster.Ml.Jobs;

/// <summary>What differs between a job that was begun and the one that is to go on with it.</summary>
/// <remarks>
/// Free      name, checkpoint, early stopping's patience, speculation, the search of tune, and the number of epochs if no step depends on it:
///           what was trained is the same, so a run may go on with others
/// Depends   on the number of epochs: a cosine schedule, word vectors, domain adaptation, noise calibrated from target-epsilon
/// </remarks>
public static class JobChange
{
    private const string Epochs = "training.epochs";
    private static readonly string[] s_free = ["name", Epochs, "training.early-stopping.patience", "training.speculation", "checkpoint", "tune"];

    /// <summary>The keys whose values differ, defaults written out, in the order of the job's text.</summary>
    public static IReadOnlyList<JobDifference> Between(JobSpec begun, JobSpec now)
    {
        Dictionary<string, string> before = JobValues.Of(begun.Text), after = JobValues.Of(now.Text);
        return [.. before.Keys.Union(after.Keys)
            .Select(key => new JobDifference(key, before.GetValueOrDefault(key, JobDifference.Absent), after.GetValueOrDefault(key, JobDifference.Absent)))
            .Where(difference => difference.Begun != difference.Now)];
    }

    /// <summary>The differences that would have led to other steps than those that were done; none if the run may go on.</summary>
    public static IReadOnlyList<JobDifference> OfThePast(JobSpec begun, JobSpec now)
    {
        string? reason = EpochsMatterTo(begun) ?? EpochsMatterTo(now);
        return [.. Between(begun, now)
            .Where(difference => !IsFree(difference.Key) || (difference.Key == Epochs && reason is not null))
            .Select(difference => difference.Key == Epochs ? difference with { Reason = reason } : difference)];
    }

    /// <summary>Whether going on with the job may add something to what the other has finished: more epochs, or more patience.</summary>
    public static bool IsLonger(JobSpec begun, JobSpec now) => now.Training.Epochs > begun.Training.Epochs
        || now.Training.EarlyStopping?.Patience > begun.Training.EarlyStopping?.Patience;

    /// <summary>All that the steps of a job depend on, as text: equal if a run of the one may go on with the other.</summary>
    public static string PastOf(JobSpec spec) => JobText.Write(spec with
    {
        Name = "",
        Tune = null,
        Checkpoint = new CheckpointSpec(0, 0),
        Training = spec.Training with
        {
            Epochs = EpochsMatterTo(spec) is null ? 0 : spec.Training.Epochs,
            EarlyStopping = spec.Training.EarlyStopping is { } early ? early with { Patience = 0 } : null,
            Speculation = null,
        },
    });

    /// <summary>What makes the steps depend on how many epochs there are; null if nothing does.</summary>
    private static string? EpochsMatterTo(JobSpec spec) =>
        spec.Training.Schedule?.EpochsMatter ?? spec.Model.Options.EpochsMatter
        ?? (spec.Privacy is { Noise: null } ? "privacy.target-epsilon is shared out over all epochs" : null);

    private static bool IsFree(string key) => Array.Exists(s_free, free => key == free || key.StartsWith(free + ".", StringComparison.Ordinal));
}

/// <summary>A key that two jobs give different values.</summary>
/// <param name="Key">Its path, such as training.batch.</param>
/// <param name="Begun">Its value in the job that was begun.</param>
/// <param name="Now">Its value in the other.</param>
public sealed record JobDifference(string Key, string Begun, string Now)
{
    /// <summary>The value of a key that a job does not have.</summary>
    public const string Absent = "none";

    /// <summary>Why it matters to what has been trained, if that is not plain; or null.</summary>
    public string? Reason { get; init; }
}
