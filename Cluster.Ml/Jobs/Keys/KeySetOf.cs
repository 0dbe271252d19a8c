namespace Cluster.Ml.Jobs.Keys;

/// <summary>The keys of a record of options. The kinds of value that a key may take are in <see cref="KeyKinds"/>.</summary>
/// <typeparam name="T">The record. Its properties begin with their defaults.</typeparam>
/// <param name="defaults">A record whose properties are their defaults.</param>
internal sealed class KeySet<T>(T defaults) : KeySet
    where T : class
{
    private readonly List<Key> _keys = [];
    private Func<JobMap, T, T> _complete = (_, options) => options;
    private Condition? _condition;

    /// <summary>A record whose properties are their defaults.</summary>
    public T Defaults => defaults;

    /// <inheritdoc/>
    public override IReadOnlyList<JobKey> Keys => _keys;

    /// <inheritdoc/>
    public override object Read(JobMap map, string baseDirectory, object? given = null)
    {
        T options = (T?)given ?? defaults;
        foreach (Key key in _keys) map.Know(key.Name);      // so that a message lists them in this order
        foreach (Key key in _keys.OrderByDescending(key => key.IsEarly)) options = ReadOne(key, map, options, baseDirectory);
        return _complete(map, options);
    }

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> Write(object options)
    {
        foreach (Key key in _keys)
            if (key.Applies((T)options) && key.IsWritten((T)options) && key.Write((T)options) is { } text) yield return new(key.Name, text);
    }

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> FilesOf(object options)
    {
        foreach (Key key in _keys)
            if (key.File?.Invoke((T)options) is { } path) yield return new(key.Name, path);
    }

    /// <summary>Declares one more key.</summary>
    public KeySet<T> Add(Key key)
    {
        if (_condition is { } condition) (key.Condition, key.Where) = (condition, condition.Where);
        _keys.Add(key);
        return this;
    }

    /// <summary>The key before this one must be written.</summary>
    /// <param name="example">A value, for a message.</param>
    public KeySet<T> Required(string example)
    {
        (_keys[^1].Required, _keys[^1].Example, _keys[^1].Default) = (true, example, null);
        return this;
    }

    /// <summary>The default of the key before this one depends on other keys, or is no value.</summary>
    /// <param name="words">What a job has that leaves it out.</param>
    /// <param name="written">Whether the effective job tells the key; if null, always.</param>
    public KeySet<T> Otherwise(string words, Func<T, bool>? written = null)
    {
        (_keys[^1].Otherwise, _keys[^1].Default, _keys[^1].IsWritten) = (words, null, written ?? (_ => true));
        return this;
    }

    /// <summary>The effective job tells the key before this one only if this holds.</summary>
    public KeySet<T> Written(Func<T, bool> where)
    {
        _keys[^1].IsWritten = where;
        return this;
    }

    /// <summary>The key before this one is read before the others, whose defaults depend on it.</summary>
    public KeySet<T> Early()
    {
        _keys[^1].IsEarly = true;
        return this;
    }

    /// <summary>Keys that only some options have.</summary>
    /// <param name="where">Which, for a person: 'a text'.</param>
    /// <param name="holds">Whether options have them.</param>
    /// <param name="because">Why others do not; follows the value.</param>
    /// <param name="advice">What to do.</param>
    /// <param name="declare">Declares the keys.</param>
    public KeySet<T> Only(string where, Func<T, bool> holds, string because, string advice, Func<KeySet<T>, KeySet<T>> declare)
    {
        _condition = new Condition(where, holds, because, advice);
        declare(this);
        _condition = null;
        return this;
    }

    /// <summary>Notes what one key cannot say alone.</summary>
    public KeySet<T> Check(Action<JobMap, T> check) => Complete((map, options) =>
    {
        check(map, options);
        return options;
    });

    /// <summary>Looks at all options together, and may change them.</summary>
    public KeySet<T> Complete(Func<JobMap, T, T> complete)
    {
        Func<JobMap, T, T> before = _complete;
        _complete = (map, options) => complete(map, before(map, options));
        return this;
    }

    private static T ReadOne(Key key, JobMap map, T options, string baseDirectory)
    {
        if (!key.Applies(options))
        {
            map.Refuse(key.Name, key.Condition!.Because, key.Condition.Advice);
            return options;
        }
        if (key.Required && !map.Has(key.Name))
            map.Errors.Add(map.Place, $"{(map.Name.Length == 0 ? "" : $"{map.Name} to have ")}the key '{key.Name}'", "none", $"add {key.Name}: {key.Example}");
        return key.Read(map, options, baseDirectory);
    }

    /// <summary>Which options have a key.</summary>
    internal sealed record Condition(string Where, Func<T, bool> Holds, string Because, string Advice);

    /// <summary>A key, and how it is read and written.</summary>
    internal sealed class Key(string name, KeyKind kind, string range, string? otherwise, string meaning) : JobKey(name, kind, range, otherwise, meaning)
    {
        /// <summary>The options with the value that the mapping writes; its folder is what paths are relative to.</summary>
        public required Func<JobMap, T, string, T> Read { get; init; }

        /// <summary>The value as it is written, or null if it is left out.</summary>
        public required Func<T, string?> Write { get; init; }

        /// <summary>The file that the value names, if it names one.</summary>
        public Func<T, string?>? File { get; init; }

        /// <summary>Which options have it; null for all.</summary>
        public Condition? Condition { get; set; }

        /// <summary>Whether the effective job tells it.</summary>
        public Func<T, bool> IsWritten { get; set; } = _ => true;

        /// <summary>Whether it is read before the others.</summary>
        public bool IsEarly { get; set; }

        /// <summary>A value, for the message about a required key that is missing.</summary>
        public string? Example { get; set; }

        /// <summary>Whether these options have it.</summary>
        public bool Applies(T options) => Condition?.Holds(options) ?? true;
    }
}
