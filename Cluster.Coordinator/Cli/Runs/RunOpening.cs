using Cluster.Messages.Identifiers;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;

namespace Cluster.Coordinator.Cli.Runs;

/// <summary>Decides in which folder a run works and what it resumes from. It changes the folder, so it is called after all other checks of the job.</summary>
/// <param name="job">The job.</param>
internal sealed class RunOpening(AskedJob job)
{
    private const string Anew = "leave --resume out for a new run";

    /// <summary>Opens the folder for a run.</summary>
    /// <param name="place">Where.</param>
    /// <param name="resume">Go on with what was begun there, instead of beginning anew.</param>
    /// <exception cref="BadInputException">It cannot be written to, is in use, or holds an unfinished job that is not to be gone on with, or cannot be.</exception>
    public RunDirectory Open(RunPlace place, bool resume)
    {
        if (place.IsNumbered) return (resume ? GoOnNumbered(place.Path) : null) ?? Begin(NumberedRuns.Add(place.Path), place.Path);
        FileStream held = RunLock.Take(place.Path);
        try
        {
            return OpenIn(place.Path, resume, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private RunDirectory OpenIn(string home, bool resume, FileStream held)
    {
        string inner = Path.Combine(home, RunFiles.WorkFolder);
        if (RunFiles.IsWhole(inner) && RunFiles.IsEnded(inner)) RunFiles.Promote(inner, home);      // stopped while it took its place
        bool whole = RunFiles.IsWhole(home);
        string work = whole ? inner : home;
        bool unfinished = RunFiles.IsBegun(work) && !RunFiles.IsEnded(work);
        if (!resume && unfinished && RunFiles.Checkpoints(work).Length > 0)
            throw new BadInputException(home, null, null, "a folder without an unfinished job", "one that was interrupted",
                $"go on with it by --resume, name another --out, or drop it: remove {(whole ? work : Path.Combine(work, RunFiles.CheckpointFolder))}");
        if (resume && RunFiles.Checkpoints(work).Length > 0 && (!whole || Obstacle(work) is null)) return GoOn(home, work, null, held);
        if (resume && whole && RunFiles.IsBegun(home)) return AfterEnd(home, work, null, held);
        RunFiles.Clear(work);
        return Begin((home, held), null, work);
    }

    /// <summary>The newest unfinished run that this job can go on with, else the newest whole one; null if there is neither.</summary>
    private RunDirectory? GoOnNumbered(string root)
    {
        string[] begun = [.. NumberedRuns.Of(root).Where(RunFiles.IsBegun).Reverse()];
        string[] unfinished = [.. begun.Where(folder => !RunFiles.IsWhole(folder) && RunFiles.Checkpoints(folder).Length > 0)];
        if (unfinished.FirstOrDefault(folder => Obstacle(folder) is null) is { } next) return Hold(next, held => GoOn(next, next, root, held));
        if (begun.FirstOrDefault(RunFiles.IsWhole) is { } done)
            return Obstacle(done) is null || unfinished.Length == 0 ? Hold(done, held => AfterEnd(done, null, root, held)) : throw Obstacle(unfinished[0])!;
        return unfinished.Length > 0 ? throw Obstacle(unfinished[0])! : null;
    }

    private static RunDirectory Hold(string folder, Func<FileStream, RunDirectory> open)
    {
        FileStream held = RunLock.Take(folder);
        try
        {
            return open(held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private RunDirectory Begin((string Folder, FileStream Held) run, string? root, string? work = null)
    {
        string folder = work ?? run.Folder;
        RunFiles.Write(folder, RunFiles.JobFileName, job.Spec.Text);
        return new RunDirectory(run.Folder, folder, root, run.Held) { Job = new JobId(job.Spec.Name) };
    }

    private RunDirectory GoOn(string home, string work, string? root, FileStream held)
    {
        if (Obstacle(work) is { } obstacle) throw obstacle;
        string name = Begun(work).Name;
        File.Delete(Path.Combine(work, RunFiles.ResultFileName));       // of an end that this run replaces
        NoteJob(work, name);
        return new RunDirectory(home, work, root, held) { Job = new JobId(name) };
    }

    /// <summary>A run that has ended well is told again, or goes on to more epochs: in a copy, so that what it gave stays.</summary>
    private RunDirectory AfterEnd(string done, string? work, string? root, FileStream held)
    {
        if (Obstacle(done) is { } obstacle) throw obstacle;
        JobSpec begun = Begun(done);
        if (!JobChange.IsLonger(begun, job.Spec))
            return new RunDirectory(done, done, root, held) { Job = new JobId(begun.Name), Earlier = RunFiles.ReadResult(done) ?? [] };
        (string folder, FileStream own) = work is null ? NumberedRuns.Add(root!) : (done, held);
        string into = work ?? folder;
        if (RunFiles.Checkpoints(into).Length > 0) throw Obstacle(into)!;       // of another job that is unfinished
        RunFiles.Clear(into);
        NoteJob(into, begun.Name);
        RunFiles.CopyProgress(done, into);
        if (own != held) held.Dispose();
        return new RunDirectory(folder, into, root, own) { Job = new JobId(begun.Name), IsCopy = true };
    }

    /// <summary>The job goes on under the name that the journal knows it by.</summary>
    private void NoteJob(string folder, string name) => RunFiles.Write(
        folder, RunFiles.JobFileName, JobFile.Parse(job.Spec.Text, job.File, job.Spec.BaseDirectory, [$"name={name}"]).Text);

    private JobSpec Begun(string folder) =>
        JobFile.Parse(File.ReadAllText(Path.Combine(folder, RunFiles.JobFileName)), Path.Combine(folder, RunFiles.JobFileName), job.Spec.BaseDirectory);

    /// <summary>Why the job cannot go on from what was begun in a folder; null if it can.</summary>
    private BadInputException? Obstacle(string folder)
    {
        if (JobChange.OfThePast(Begun(folder), job.Spec) is not [var first, ..]) return null;
        (string file, int? line, int? column) = JobFile.PlaceOf(job.File, job.Overrides, first.Key);
        string reason = first.Reason is { } why ? $" ({why})" : "";
        return new BadInputException(
            file, line, column, $"{first.Key}: {first.Begun}, as the run in {folder} began{reason}", first.Now, $"put it back to go on, or {Anew}");
    }
}
