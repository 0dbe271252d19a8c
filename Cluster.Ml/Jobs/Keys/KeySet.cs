using System.Globalization;

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

    /// <summary>The keys with their values, which read back as the same options.</summary>
    public abstract IEnumerable<KeyValuePair<string, string>> Write(object options);

    /// <summary>The files that the options name, each with its key.</summary>
    public abstract IEnumerable<KeyValuePair<string, string>> FilesOf(object options);

    /// <summary>The keys with their values on one line: 'rate: 0.1, momentum: 0'.</summary>
    public string WriteLine(object options) => string.Join(", ", Write(options).Select(key => $"{key.Key}: {key.Value}"));
}

/// <summary>The keys of a record of options.</summary>
/// <typeparam name="T">The record. Its properties begin with their defaults.</typeparam>
/// <param name="defaults">A record whose properties are their defaults.</param>
internal sealed class KeySet<T>(T defaults) : KeySet
    where T : class
{
    private readonly List<Key> _keys = [];
    private Action<JobMap, T>? _check;

    /// <inheritdoc/>
    public override IReadOnlyList<JobKey> Keys => _keys;

    /// <inheritdoc/>
    public override object Read(JobMap map, string baseDirectory, object? given = null)
    {
        T options = (T?)given ?? defaults;
        foreach (Key key in _keys) options = key.Read(map, options, baseDirectory);
        _check?.Invoke(map, options);
        return options;
    }

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> Write(object options)
    {
        foreach (Key key in _keys)
            if (key.Write((T)options) is { } text) yield return new(key.Name, text);
    }

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> FilesOf(object options)
    {
        foreach (Key key in _keys)
            if (key.File?.Invoke((T)options) is { } path) yield return new(key.Name, path);
    }

    /// <summary>A whole number.</summary>
    public KeySet<T> Whole(
        string name, string meaning, Func<T, int> get, Func<T, int, T> set, int least, int most, string? unit = null, string? source = null) =>
        Add(new Key(name, KeyKind.Whole, $"a whole number from {least} to {most}", Text(get(defaults)), meaning)
        {
            Numbers = NumberRange.Between(least, most, "a whole number"),
            Unit = unit,
            Source = source,
            Read = (map, options, _) => set(options, map.Whole(name, get(options), least, most)),
            Write = options => Text(get(options)),
        });

    /// <summary>A finite number.</summary>
    public KeySet<T> Number(
        string name, string meaning, Func<T, double> get, Func<T, double, T> set, NumberRange range, string? unit = null, string? source = null) =>
        Add(new Key(name, KeyKind.Number, range.ToString(), Text(get(defaults)), meaning)
        {
            Numbers = range,
            Unit = unit,
            Source = source,
            Read = (map, options, _) => set(options, map.Number(name, get(options), range.Fits, range.ToString())),
            Write = options => Text(get(options)),
        });

    /// <summary>true or false; written where it is not the default.</summary>
    public KeySet<T> Flag(string name, string meaning, Func<T, bool> get, Func<T, bool, T> set) =>
        Add(new Key(name, KeyKind.Flag, "true or false", get(defaults) ? "true" : "false", meaning)
        {
            Read = (map, options, _) => set(options, map.Flag(name, get(options))),
            Write = options => get(options) == get(defaults) ? null : get(options) ? "true" : "false",
        });

    /// <summary>One of some words.</summary>
    /// <param name="name">The key.</param>
    /// <param name="meaning">One sentence.</param>
    /// <param name="get">Reads the option.</param>
    /// <param name="set">The options with another value.</param>
    /// <param name="words">All words that are known.</param>
    /// <param name="written">Whether the default is written as well.</param>
    /// <param name="source">Where the default comes from.</param>
    public KeySet<T> Word(
        string name, string meaning, Func<T, string> get, Func<T, string, T> set, string[] words, bool written = true, string? source = null) =>
        Add(new Key(name, KeyKind.Word, string.Join(" or ", words), get(defaults), meaning)
        {
            Words = words,
            Source = source,
            Read = (map, options, _) => set(options, map.Word(name, get(options), words)),
            Write = options => written || get(options) != get(defaults) ? get(options) : null,
        });

    /// <summary>The path of a file, or none; absolute after reading.</summary>
    public KeySet<T> Path(string name, string meaning, Func<T, string?> get, Func<T, string, T> set) =>
        Add(new Key(name, KeyKind.Path, "the path of a file", null, meaning)
        {
            Read = (map, options, folder) => map.Text(name, JobDefaults.PathMax) is { } path ? set(options, System.IO.Path.GetFullPath(path, folder)) : options,
            Write = options => get(options) is { } path ? JobText.Quote(path) : null,
            File = get,
        });

    /// <summary>A list of layers, which must be written.</summary>
    public KeySet<T> Layers(
        string name, string meaning, Func<T, IReadOnlyList<LayerSpec>> get, Func<T, ValueList<LayerSpec>, T> set, string has = "it") =>
        Add(new Key(name, KeyKind.Layers, "a list of layers", null, meaning)
        {
            Required = true,
            Has = has,
            Read = (map, options, _) => set(options, LayerSection.ReadRequired(map, name)),
            Write = options => LayerText.Write(get(options)),
        });

    /// <summary>A mapping with keys of its own, or none.</summary>
    public KeySet<T> Section(string name, string meaning, string example, Func<JobMap, T, T> read, Func<T, string?> write) =>
        Add(new Key(name, KeyKind.Section, example, null, meaning) { Read = (map, options, _) => read(map, options), Write = write });

    /// <summary>Notes what one key cannot say alone.</summary>
    public KeySet<T> Check(Action<JobMap, T> check)
    {
        _check = check;
        return this;
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The shortest digits that read back as the same number.</summary>
    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private KeySet<T> Add(Key key)
    {
        _keys.Add(key);
        return this;
    }

    private sealed class Key(string name, KeyKind kind, string range, string? otherwise, string meaning) : JobKey(name, kind, range, otherwise, meaning)
    {
        /// <summary>The options with the value that the mapping writes; its folder is what paths are relative to.</summary>
        public required Func<JobMap, T, string, T> Read { get; init; }

        /// <summary>The value as it is written, or null where it is left out.</summary>
        public required Func<T, string?> Write { get; init; }

        /// <summary>The file that the value names, where it names one.</summary>
        public Func<T, string?>? File { get; init; }
    }
}
