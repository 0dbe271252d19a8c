using System.Text.Json.Nodes;
using Cluster.Coordinator.Jobs;
using Cluster.Ml.Data;

namespace Cluster.Coordinator.Cli.Runs;

/// <summary>
/// The folder that a model is fetched into from a running cluster. That it can be written to is seen before the job begins; what
/// lies there is replaced when the model is whole, and a numbered folder is made only then.
/// </summary>
internal sealed class FetchedRun : IDisposable
{
    private readonly RunPlace _place;
    private readonly FileStream _held;
    private (string Folder, FileStream Held)? _numbered;

    private FetchedRun(RunPlace place, FileStream held) => (_place, _held) = (place, held);

    /// <summary>Where the model comes to at first.</summary>
    public string WorkFolder => _place.IsNumbered ? Numbered : Path.Combine(_place.Path, RunFiles.WorkFolder);

    /// <summary>Where it is in the end.</summary>
    public string ModelPath => Path.Combine(Home, FileModelStore.FileName);

    private string Home => _place.IsNumbered ? Numbered : _place.Path;

    private string Numbered => (_numbered ??= NumberedRuns.Add(_place.Path)).Folder;

    /// <summary>Looks at the folder, and keeps others out of it.</summary>
    /// <exception cref="BadInputException">It cannot be written to, is in use, or holds an unfinished run of this machine.</exception>
    public static FetchedRun Open(RunPlace place)
    {
        FileStream held = RunLock.Take(place.Path);
        bool unfinished = !place.IsNumbered && RunFiles.IsBegun(place.Path) && !RunFiles.IsEnded(place.Path);
        if (!unfinished) return new FetchedRun(place, held);
        held.Dispose();
        throw new BadInputException(place.Path, null, null, "a folder without an unfinished job", "one that was interrupted", "go on with it by --resume without --connect, or name another --out");
    }

    /// <summary>The model is there and sound.</summary>
    public void Finish(string jobText, JsonObject result)
    {
        RunFiles.Write(WorkFolder, RunFiles.JobFileName, jobText);
        RunFiles.Write(WorkFolder, RunFiles.ResultFileName, result.ToJsonString());
        if (_place.IsNumbered) NumberedRuns.PointLatest(_place.Path, Numbered);
        else RunFiles.Promote(WorkFolder, Home);
    }

    public void Dispose()
    {
        _numbered?.Held.Dispose();
        _held.Dispose();
    }
}
