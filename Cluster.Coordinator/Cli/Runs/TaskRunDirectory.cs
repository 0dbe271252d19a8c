using Cluster.Coordinator.Jobs;
using Cluster.Messages;
using Cluster.Ml.Data;
using Cluster.Ml.Export;

namespace Cluster.Coordinator.Cli.Runs;

/// <summary>
/// The folder of a job of tasks. While it runs, its journal lies in a folder within, which is what --resume goes on from; in the end
/// the results take the place of earlier ones, and that folder is gone. Only one process uses it at a time.
/// </summary>
internal sealed class TaskRunDirectory : IDisposable
{
    private static readonly string[] s_promoted = [FileModelStore.FileName, FileModelStore.ImagesFileName, LearningCurve.FileName, GradientCurve.FileName];

    private readonly FileStream _held;

    private TaskRunDirectory(string home, string work, FileStream held) => (Home, Work, _held) = (home, work, held);

    /// <summary>Where the results are in the end.</summary>
    public string Home { get; }

    /// <summary>Where the job works.</summary>
    public string Work { get; }

    /// <summary>The folder in which a verb's jobs work.</summary>
    public static string WorkOf(string home, string verb) => Path.Combine(home, $".{verb}");

    /// <summary>Opens the folder.</summary>
    /// <param name="home">Which.</param>
    /// <param name="verb">What the job is for: crossval, tune or attack.</param>
    /// <param name="order">The job and what is asked of it: equal if one run may resume the other.</param>
    /// <param name="resume">Go on with what was begun there, instead of beginning anew.</param>
    /// <exception cref="BadInputException">It cannot be written to, is in use, or holds an unfinished job that is not to be gone on with, or cannot be.</exception>
    public static TaskRunDirectory Open(string home, string verb, string order, bool resume)
    {
        FileStream held = RunLock.Take(home);
        try
        {
            TaskRunDirectory run = new(home, WorkOf(home, verb), held);
            run.Prepare(order, resume);
            return run;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Puts the results of a job that has ended well in their place.</summary>
    /// <param name="results">Name and text of each, the one that says that all is there last.</param>
    public void Conclude(params IReadOnlyList<KeyValuePair<string, string>> results)
    {
        foreach (string name in s_promoted.Where(name => File.Exists(Path.Combine(Work, name)))) AtomicFile.Move(Path.Combine(Work, name), Path.Combine(Home, name));
        foreach ((string name, string text) in results) RunFiles.Write(Home, name, text);
        Directory.Delete(Work, recursive: true);
    }

    /// <summary>Forgets a job that would only fail again: there is nothing that it could go on from.</summary>
    public void OnFailed(FailureKind kind)
    {
        if (kind is FailureKind.BadInput or FailureKind.Diverged) Directory.Delete(Work, recursive: true);
    }

    public void Dispose() => _held.Dispose();

    private void Prepare(string order, bool resume)
    {
        string path = Path.Combine(Work, RunFiles.JobFileName);
        bool begun = File.Exists(path) && RunFiles.Journal(Work).Length > 0;
        if (begun && !resume)
            throw new BadInputException(Home, null, null, "a folder without an unfinished job", "one that was interrupted",
                $"go on with it by --resume, name another --out, or drop it: remove {Work}");
        if (begun)
        {
            Require(File.ReadAllText(path), order);
            return;
        }
        if (Directory.Exists(Work)) Directory.Delete(Work, recursive: true);
        PrivateFiles.CreateFolder(Work);
        RunFiles.Write(Work, RunFiles.JobFileName, order);
    }

    private void Require(string begun, string now)
    {
        if (begun == now) return;
        string[] before = begun.Split('\n'), after = now.Split('\n');
        int line = Enumerable.Range(0, Math.Min(before.Length, after.Length)).FirstOrDefault(i => before[i] != after[i]);
        throw new BadInputException(Home, null, null, $"the job as it was begun ({before[line].Trim()})", after[line].Trim(), "put it back to go on, or leave --resume out and name another --out");
    }
}
