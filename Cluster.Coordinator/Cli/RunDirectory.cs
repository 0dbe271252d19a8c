using System.Text.Json.Nodes;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;

namespace Cluster.Coordinator.Cli;

/// <summary>The folder of one run: the journal, the checkpoints, the model and the result. Only one process uses it at a time.</summary>
internal sealed class RunDirectory : IDisposable
{
    /// <summary>The job, every default filled in, and what training gave.</summary>
    public const string JobFileName = "job.yaml", ResultFileName = "result.json";

    private const string LockFileName = "run.lock", ModelFileName = Jobs.FileModelStore.FileName;
    private const string CheckpointFolder = "checkpoints";
    private readonly FileStream _lock;

    private RunDirectory(string path, FileStream held)
    {
        FullPath = path;
        _lock = held;
    }

    public string FullPath { get; }

    /// <summary>Whether there is anything that a resumed job could go on from.</summary>
    public bool HasCheckpoint => Checkpoints().Length > 0;

    /// <summary>Opens the folder for a run.</summary>
    /// <param name="path">The folder; made if need be.</param>
    /// <param name="spec">The job.</param>
    /// <param name="resume">Go on with an unfinished job of the same text, instead of refusing it.</param>
    /// <exception cref="BadInputException">It holds an unfinished job, or another one, or is in use.</exception>
    public static RunDirectory Open(string path, JobSpec spec, bool resume)
    {
        Directory.CreateDirectory(path);
        RunDirectory run = new(path, Lock(path));
        try
        {
            run.Prepare(spec, resume);
            return run;
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }

    /// <summary>Notes that the job ended with this result; the folder may then be used for another run.</summary>
    public void Finish(JsonObject result) => WriteAtomically(ResultFileName, result.ToJsonString());

    public void Dispose() => _lock.Dispose();

    /// <summary>Keeps other processes out of a folder until it is disposed.</summary>
    /// <exception cref="BadInputException">Another process uses it.</exception>
    public static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(Path.Combine(path, LockFileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new BadInputException(path, null, null, "a folder that no other process uses", "one that is locked",
                "wait for the other run to end, or name another --out");
        }
    }

    private void Prepare(JobSpec spec, bool resume)
    {
        string job = Path.Combine(FullPath, JobFileName);
        bool finished = File.Exists(Path.Combine(FullPath, ResultFileName));
        bool begun = File.Exists(job);
        if (begun && resume && File.ReadAllText(job) != spec.Text)
            throw new BadInputException(job, null, null, "the job that this run began with", "a job file with other contents",
                "resume with the same job file and overrides, or name another --out");
        if (begun && !finished && !resume)
            throw new BadInputException(FullPath, null, null, "a folder without an unfinished job", "one that was interrupted",
                "go on with it by --resume, or name another --out");
        if (begun && finished && !resume) Clear();
        WriteAtomically(JobFileName, spec.Text);
    }

    /// <summary>Removes what a finished run left, and nothing else that may lie there; the result last, so that a stop in between can be repeated.</summary>
    private void Clear()
    {
        foreach (string checkpoint in Checkpoints()) File.Delete(checkpoint);
        foreach (string journal in Directory.GetFiles(FullPath, "journal.db*")) File.Delete(journal);
        File.Delete(Path.Combine(FullPath, ModelFileName));
        File.Delete(Path.Combine(FullPath, Jobs.FileModelStore.PicturesFileName));
        File.Delete(Path.Combine(FullPath, Jobs.LearningCurve.FileName));
        File.Delete(Path.Combine(FullPath, Jobs.GradientCurve.FileName));
        File.Delete(Path.Combine(FullPath, ResultFileName));
    }

    private string[] Checkpoints()
    {
        string folder = Path.Combine(FullPath, CheckpointFolder);
        return Directory.Exists(folder) ? Directory.GetFiles(folder, "*.ckpt") : [];
    }

    private void WriteAtomically(string name, string text)
    {
        string final = Path.Combine(FullPath, name), temporary = final + ".new";
        File.WriteAllText(temporary, text);
        File.Move(temporary, final, overwrite: true);
    }
}
