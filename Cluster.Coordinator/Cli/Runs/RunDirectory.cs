using System.Text.Json.Nodes;
using Cluster.Coordinator.Checkpoints;
using Cluster.Coordinator.Jobs;
using Cluster.Messages;
using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.Cli.Runs;

/// <summary>
/// The folder of one run: the journal, the checkpoints, the model and the result. Only one process uses it at a time. Where an
/// earlier result lies there, the run works in a folder within until it is whole, and then takes its place.
/// </summary>
internal sealed class RunDirectory : IDisposable
{
    private readonly FileStream _held;
    private readonly string? _root;

    internal RunDirectory(string home, string work, string? root, FileStream held) => (Home, FullPath, _root, _held) = (home, work, root, held);

    /// <summary>Where the run works.</summary>
    public string FullPath { get; }

    /// <summary>Where its result is in the end.</summary>
    public string Home { get; }

    /// <summary>What the journal calls the job: the name that it was begun with.</summary>
    public JobId Job { get; internal init; }

    /// <summary>Whether all that lies here is a copy of an earlier run, which this one is to go on from.</summary>
    public bool IsCopy { get; internal init; }

    /// <summary>What this very job has given before, if nothing is left to do; else null.</summary>
    public JsonObject? Earlier { get; internal init; }

    /// <summary>The images of a model that makes some, in the end; null if there are none.</summary>
    public string? ImagesPath =>
        File.Exists(Path.Combine(FullPath, FileModelStore.ImagesFileName)) ? Path.Combine(Home, FileModelStore.ImagesFileName) : null;

    /// <summary>Whether there is anything that a resumed job could go on from.</summary>
    public bool HasCheckpoint => RunFiles.Checkpoints(FullPath).Length > 0;

    /// <summary>The model's file in the end.</summary>
    public string ModelPath => Path.Combine(Home, FileModelStore.FileName);

    /// <summary>Notes how the job ended. A result that is whole takes the place of an earlier one.</summary>
    /// <param name="finished">How.</param>
    /// <param name="result">What it gave.</param>
    /// <exception cref="CommandFailedException">There is no room for that.</exception>
    public void Conclude(JobFinished finished, JsonObject result)
    {
        try
        {
            if (RunFiles.IsGood(result)) Finish(result);
            else if (IsCopy && finished is { Status: JobStatus.Failed, FailureKind: FailureKind.BadInput }) Abandon();
            else if (IsOver(finished)) Note(result);
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            string text = result.ToJsonString();
            throw new CommandFailedException(
                ExitCode.TrainingFailed, StorageException.ForWriting(Path.Combine(FullPath, RunFiles.ResultFileName), text.Length, full).Message);
        }
    }

    /// <summary>Takes away what was made for a run that never began.</summary>
    public void Abandon()
    {
        if (_root is null && FullPath == Home) return;
        _held.Dispose();
        Directory.Delete(FullPath, recursive: true);
    }

    public void Dispose() => _held.Dispose();

    /// <summary>Whether a job that failed has nothing that it could go on from, or would only fail again.</summary>
    private bool IsOver(JobFinished finished) =>
        finished.Status == JobStatus.Failed && (!HasCheckpoint || finished.FailureKind == FailureKind.Diverged);

    private void Finish(JsonObject result)
    {
        RunFiles.Write(FullPath, RunFiles.ResultFileName, result.ToJsonString());
        if (FullPath != Home) RunFiles.Promote(FullPath, Home);
        if (_root is not null) NumberedRuns.PointLatest(_root, Home);
    }

    /// <summary>A failure that cannot be written to the folder is still reported.</summary>
    private void Note(JsonObject result)
    {
        try
        {
            RunFiles.Write(FullPath, RunFiles.ResultFileName, result.ToJsonString());
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
        }
    }
}
