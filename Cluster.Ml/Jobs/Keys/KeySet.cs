namespace Cluster.Ml.Jobs.Keys;

/// <summary>The keys of one mapping: each is declared once, and all that is read, written, refused and told of it derives from there.</summary>
internal abstract class KeySet
{
    /// <summary>In the order in which they are written back.</summary>
    public abstract IReadOnlyList<JobKey> Keys { get; }

    /// <summary>The options that a mapping writes, every default filled in; wrong values are noted as errors.</summary>
    /// <param name="map">The mapping.</param>
    /// <param name="baseDirectory">What relative paths are relative to.</param>
    /// <param name="defaults">Options that stand for what is left out; null for the set's own.</param>
    public abstract object Read(JobMap map, string baseDirectory, object? defaults = null);

    /// <summary>The keys with their values, which read back as the same options; a value on several lines is a mapping.</summary>
    public abstract IEnumerable<KeyValuePair<string, string>> Write(object options);

    /// <summary>The files that the options name, each with its key.</summary>
    public abstract IEnumerable<KeyValuePair<string, string>> FilesOf(object options);

    /// <summary>The keys with their values on one line: 'rate: 0.1, momentum: 0'.</summary>
    public string WriteLine(object options) => string.Join(", ", Write(options).Select(key => $"{key.Key}: {key.Value}"));

    /// <summary>The keys with their values as lines of a mapping, indented.</summary>
    public string WriteLines(object options, int depth) => string.Concat(
        Write(options).Select(key => $"{new string(' ', 2 * depth)}{key.Key}:{(key.Value.StartsWith('\n') ? key.Value : $" {key.Value}\n")}"));
}
