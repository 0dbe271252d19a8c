using System.Text;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Jobs;

/// <summary>Reads jobs from YAML. Every error that can be found is told at once, each with file, line and column.</summary>
/// <remarks>
/// Range     at most 64 KiB of UTF-8; no anchors, aliases or tags; unknown and repeated keys are errors
/// Differs   from a deserializer in that defaults depend on other keys and that reading goes on after an error
/// </remarks>
public static class JobFile
{
    /// <summary>Reads a job file and applies overrides. Where it leaves out model.task, the target of its table says it: <see cref="JobSpec.TaskFound"/>.</summary>
    /// <param name="path">The file; its folder is what data.source is relative to.</param>
    /// <param name="overrides">Settings of the form key.path=value, applied in order. The value null removes a key.</param>
    /// <exception cref="BadInputException">The file cannot be read, it or an override is wrong, or the target does not say what is to be learned.</exception>
    public static JobSpec Read(string path, IReadOnlyList<string> overrides)
    {
        string text = ReadText(path, Path.GetFullPath(path));
        (JobSpec? ofClasses, BadInputException? error) = Try(text, path, overrides);
        if (Says(text, path, overrides)) return ofClasses ?? throw error!;
        IReadOnlyList<string> changed = [.. overrides, $"{TaskKey.Path}={TaskKey.Regression}"];
        JobSpec? ofNumbers = ofClasses is null || HasTask(ofClasses) ? Try(text, path, changed).Spec : null;
        if (ofNumbers is null) return ofClasses ?? throw error!;
        TargetTask? found = TargetTask.Of(ofNumbers.Data);
        if (found is null)
            return ofClasses is null ? throw error! : !ofClasses.Data.IsTable ? ofClasses
                : ofClasses with { TaskFound = $"{TaskKey.Classification}, as the target cannot be looked at here" };
        if (found.Kind == TargetKind.None) throw Unclear(path, overrides, found);
        JobSpec chosen = found.Kind == TargetKind.Number ? ofNumbers : ofClasses ?? throw error!;
        return chosen with { TaskFound = $"{TaskOf(chosen)}, as {found.Reason}" };
    }

    /// <summary>Reads a job file that a run wrote, which says everything.</summary>
    /// <param name="path">The file; its folder is what data.source is relative to.</param>
    /// <exception cref="BadInputException">The file cannot be read, or is wrong.</exception>
    public static JobSpec ReadWritten(string path)
    {
        string full = Path.GetFullPath(path);
        return Parse(ReadText(path, full), path, Path.GetDirectoryName(full)!);
    }

    /// <summary>What a job asks a database for; null where it names a file of rows.</summary>
    /// <param name="path">The job file.</param>
    /// <param name="overrides">Settings of the form key.path=value.</param>
    /// <exception cref="BadInputException">The file cannot be read, or it or an override is wrong.</exception>
    public static (string Name, string Source, string Query)? QueryOf(string path, IReadOnlyList<string> overrides)
    {
        string text = ReadText(path, Path.GetFullPath(path));
        if (Find(text, path, overrides, "data", "query") is null) return null;
        (JobSpec? ofClasses, BadInputException? error) = Try(text, path, overrides);
        JobSpec read = ofClasses ?? Try(text, path, [.. overrides, $"{TaskKey.Path}={TaskKey.Regression}"]).Spec ?? throw error!;
        return read.Data.Query is { } query ? (read.Name, read.Data.Source, query) : null;
    }

    /// <summary>What is learned, classification or regression, where the kind of model learns either; null where the kind alone says it.</summary>
    public static string? TaskOf(JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return !HasTask(spec) ? null : PreparedData.TargetOf(spec.Model) == TargetKind.Number ? TaskKey.Regression : TaskKey.Classification;
    }

    /// <summary>Reads a job from text, such as the <see cref="JobSpec.Text"/> that came in a message.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="fileName">Named in errors, and gives the job its name if the text does not.</param>
    /// <param name="baseDirectory">What data.source is relative to.</param>
    /// <exception cref="BadInputException">The text is wrong.</exception>
    public static JobSpec Parse(string text, string fileName, string baseDirectory) => Parse(text, fileName, baseDirectory, []);

    /// <summary>Reads a job from text and applies overrides.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="fileName">Named in errors, and gives the job its name if the text does not.</param>
    /// <param name="baseDirectory">What data.source is relative to.</param>
    /// <param name="overrides">Settings of the form key.path=value, applied in order. The value null removes a key.</param>
    /// <exception cref="BadInputException">The text or an override is wrong.</exception>
    public static JobSpec Parse(string text, string fileName, string baseDirectory, IReadOnlyList<string> overrides)
    {
        JobErrors errors = new();
        if (Encoding.UTF8.GetByteCount(text) > JobDefaults.TextBytesMax) throw TooLarge(fileName);
        JobNode? root = JobTree.Read(text, fileName, flag: false, errors);
        if (root is not null and not JobNode.Mapping)
            errors.Add(root.Place, "a mapping of keys such as data and model", root.Describe(), "write key: value on each line");
        if (root is not JobNode.Mapping job)
        {
            errors.ThrowIfAny();
            throw new BadInputException(fileName, null, null, "a job", "nothing", "write at least the keys data and model");
        }
        foreach (string setting in overrides) JobOverrides.Apply(job, setting, errors);
        JobSpec spec = JobSchema.Read(job, fileName, Path.GetFullPath(baseDirectory), errors);
        errors.ThrowIfAny();
        return spec with { Text = JobText.Write(spec) };
    }

    /// <summary>Where a key was written that was read by <see cref="Read"/>: a place in the file, an override, or the file as a whole for a default.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides">The settings that were applied.</param>
    /// <param name="key">The key's path, such as training.batch.</param>
    public static (string File, int? Line, int? Column) PlaceOf(string path, IReadOnlyList<string> overrides, string key)
    {
        JobErrors errors = new();
        if (JobTree.Read(ReadText(path, Path.GetFullPath(path)), path, flag: false, errors) is not JobNode.Mapping job) return (path, null, null);
        foreach (string setting in overrides) JobOverrides.Apply(job, setting, errors);
        JobPlace place = JobValues.PlaceOf(job, key) ?? new JobPlace(path, null, null);
        return (place.File, place.Line, place.Column);
    }

    private static bool HasTask(JobSpec spec) => spec.Learner.Keys.Any(key => key.Name == TaskKey.Name);

    private static bool Says(string text, string path, IReadOnlyList<string> overrides) => Find(text, path, overrides, "model", TaskKey.Name) is not null;

    /// <summary>The value of a section's key, as it is written; null for none.</summary>
    private static JobNode? Find(string text, string path, IReadOnlyList<string> overrides, string section, string key)
    {
        JobErrors errors = new();
        if (JobTree.Read(text, path, flag: false, errors) is not JobNode.Mapping job) return null;
        foreach (string setting in overrides) JobOverrides.Apply(job, setting, errors);
        return (job.Find(section)?.Value as JobNode.Mapping)?.Find(key)?.Value is { } value and not JobNode.Scalar { IsNull: true } ? value : null;
    }

    private static (JobSpec? Spec, BadInputException? Error) Try(string text, string path, IReadOnlyList<string> settings)
    {
        try
        {
            return (Parse(text, path, Path.GetDirectoryName(Path.GetFullPath(path))!, settings), null);
        }
        catch (BadInputException wrong)
        {
            return (null, wrong);
        }
    }

    private static BadInputException Unclear(string path, IReadOnlyList<string> overrides, TargetTask found)
    {
        (string file, int? line, int? column) = PlaceOf(path, overrides, TaskKey.Path);
        return new BadInputException(
            file, line, column, $"{TaskKey.Path} to be {TaskKey.Classification} or {TaskKey.Regression}", $"none, with {found.Reason}",
            $"write task: {TaskKey.Classification} under model where they name classes, task: {TaskKey.Regression} where they are quantities");
    }

    private static string ReadText(string path, string full)
    {
        try
        {
            using FileStream file = new(full, FileMode.Open, FileAccess.Read, FileShare.Read);
            byte[] bytes = new byte[JobDefaults.TextBytesMax + 1];
            int read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (read > JobDefaults.TextBytesMax) throw TooLarge(path);
            using StreamReader text = new(new MemoryStream(bytes, 0, read), new UTF8Encoding(false, throwOnInvalidBytes: true));
            return text.ReadToEnd();
        }
        catch (DecoderFallbackException)
        {
            throw new BadInputException(path, null, null, "UTF-8 text", "bytes that are not", "save the file as UTF-8");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            string got = error is FileNotFoundException or DirectoryNotFoundException ? "no such file"
                : Directory.Exists(full) ? "a folder" : error.Message.TrimEnd('.');
            throw new BadInputException(path, null, null, "a job file that can be read", got, "check the path and its permissions");
        }
    }

    private static BadInputException TooLarge(string file) => new(
        file, null, null, $"at most {JobDefaults.TextBytesMax / 1024} KiB", "more", "a job file holds settings; name data with data.source");
}
