using System.Text.Json;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Jobs;
using Cluster.Ml.Data;
using Cluster.Ml.Export;

namespace Cluster.Coordinator.Cli.Runs;

/// <summary>What lies in the folder of a run, and what it says of the run.</summary>
internal static class RunFiles
{
    /// <summary>The job, every default filled in, and what training gave.</summary>
    public const string JobFileName = "job.yaml", ResultFileName = "result.json";

    /// <summary>The folder in which a run works until it may take the place of the one before it.</summary>
    public const string WorkFolder = ".new";

    public const string CheckpointFolder = "checkpoints";
    private const string JournalPattern = "journal.db*";

    // The result comes last: if it is there, all else is.
    private static readonly string[] s_names =
    [
        FileModelStore.FileName, FileModelStore.ImagesFileName, LearningCurve.FileName, GradientCurve.FileName,
        "report.html", "report.json", JobFileName, ResultFileName,
    ];

    /// <summary>The files that a run and its model consist of; not what is made of them later.</summary>
    public static IEnumerable<string> NamesOf(string folder) =>
        s_names.Where(name => !name.StartsWith("report.", StringComparison.Ordinal)).Select(name => Path.Combine(folder, name));

    /// <summary>Whether a run was begun here.</summary>
    public static bool IsBegun(string folder) => File.Exists(Path.Combine(folder, JobFileName));

    /// <summary>Whether a whole model lies here: of a run that ended well, or one that was put here by other means.</summary>
    public static bool IsWhole(string folder) => File.Exists(Path.Combine(folder, FileModelStore.FileName))
        && (ReadResult(folder) is { } result ? IsGood(result) : !IsBegun(folder));

    /// <summary>Whether a run ended here, be it badly, and is not to be gone on with unless that is asked.</summary>
    public static bool IsEnded(string folder) => ReadResult(folder) is not null;

    /// <summary>Whether a result is that of a run that ended well.</summary>
    public static bool IsGood(JsonObject result) => (string?)result["status"] is "completed" or "stopped-early";

    /// <summary>What the run gave; null if it has not ended, or what is there cannot be read.</summary>
    public static JsonObject? ReadResult(string folder)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(Path.Combine(folder, ResultFileName)), documentOptions: ResultShape.Strict) is JsonObject result && ResultShape.Fits(result) ? result : null;
        }
        catch (Exception none) when (none is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public static string[] Checkpoints(string folder) => Find(Path.Combine(folder, CheckpointFolder), "*.ckpt");

    public static string[] Journal(string folder) => Find(folder, JournalPattern);

    /// <summary>Removes what a run left, and nothing else that may lie there; the result last, so that a stop in between can be repeated.</summary>
    public static void Clear(string folder)
    {
        foreach (string file in (string[])[.. Checkpoints(folder), .. Journal(folder)]) File.Delete(file);
        if (!Directory.Exists(folder)) return;
        foreach (string name in s_names) File.Delete(Path.Combine(folder, name));
    }

    /// <summary>Copies what a run goes on from: the journal, the checkpoints, and the model, which is that of the new run too if nothing is left to train.</summary>
    /// <exception cref="BadInputException">There is nothing to go on from.</exception>
    public static void CopyProgress(string from, string to)
    {
        if (Journal(from).Length == 0)
            throw new BadInputException(from, null, null, "a run whose journal and checkpoints are kept, to go on with it", "none",
                "train anew without --resume");
        Directory.CreateDirectory(Path.Combine(to, CheckpointFolder));
        foreach (string file in Journal(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        foreach (string file in Checkpoints(from)) File.Copy(file, Path.Combine(to, CheckpointFolder, Path.GetFileName(file)), overwrite: true);
        foreach (string name in s_names.Where(name => name is not (JobFileName or ResultFileName) && File.Exists(Path.Combine(from, name))))
            File.Copy(Path.Combine(from, name), Path.Combine(to, name), overwrite: true);
    }

    /// <summary>
    /// Puts a whole run in the place of the one before it. Stopped in between it can be repeated: the result, moved last, says that
    /// what is left is still to be moved, and a mark that what the new run lacks is removed already.
    /// </summary>
    public static void Promote(string work, string home)
    {
        string mark = Path.Combine(work, "promoting");
        if (!File.Exists(mark))
        {
            foreach (string name in s_names.Where(name => !File.Exists(Path.Combine(work, name)))) File.Delete(Path.Combine(home, name));
            foreach (string file in (string[])[.. Checkpoints(home), .. Journal(home)]) File.Delete(file);
            File.WriteAllText(mark, "");
        }
        foreach (string file in Checkpoints(work)) Move(file, Path.Combine(home, CheckpointFolder, Path.GetFileName(file)));
        foreach (string file in Journal(work)) Move(file, Path.Combine(home, Path.GetFileName(file)));
        foreach (string name in s_names.Where(name => File.Exists(Path.Combine(work, name)))) Move(Path.Combine(work, name), Path.Combine(home, name));
        Directory.Delete(work, recursive: true);
    }

    /// <summary>Replaces a file whole or not at all.</summary>
    public static void Write(string folder, string name, string text)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(text);
        AtomicFile.Write(Path.Combine(folder, name), file => file.Write(bytes));
    }

    private static void Move(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        AtomicFile.Move(from, to);
    }

    private static string[] Find(string folder, string pattern) => Directory.Exists(folder) ? Directory.GetFiles(folder, pattern) : [];
}
