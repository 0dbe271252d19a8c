using System.Text;
using Cluster.Ml.Data;

namespace Cluster.Ml.Jobs;

/// <summary>Reads jobs from YAML. Every error that can be found is told at once, each with file, line and column.</summary>
/// <remarks>
/// Range     at most 64 KiB of UTF-8; no anchors, aliases or tags; unknown and repeated keys are errors
/// Differs   from a deserializer in that defaults depend on other keys and that reading goes on after an error
/// </remarks>
public static class JobFile
{
    /// <summary>Reads a job file and applies overrides.</summary>
    /// <param name="path">The file; its folder is what data.source is relative to.</param>
    /// <param name="overrides">Settings of the form key.path=value, applied in order. The value null removes a key.</param>
    /// <exception cref="BadInputException">The file cannot be read, or it or an override is wrong.</exception>
    public static JobSpec Read(string path, IReadOnlyList<string> overrides)
    {
        string full = Path.GetFullPath(path);
        return Parse(ReadText(path, full), path, Path.GetDirectoryName(full)!, overrides);
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
