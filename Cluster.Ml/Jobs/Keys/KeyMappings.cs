namespace Cluster.Ml.Jobs.Keys;

/// <summary>The kinds of key whose values have keys of their own.</summary>
internal static class KeyMappings
{
    /// <summary>A list of layers.</summary>
    /// <param name="keys">The set.</param>
    /// <param name="name">The key.</param>
    /// <param name="meaning">One sentence.</param>
    /// <param name="get">Reads the option.</param>
    /// <param name="set">The options with another value.</param>
    /// <param name="has">What a model has that has the key, for a message.</param>
    /// <param name="required">Whether it must be written.</param>
    public static KeySet<T> Layers<T>(
        this KeySet<T> keys, string name, string meaning, Func<T, IReadOnlyList<LayerSpec>> get, Func<T, ValueList<LayerSpec>, T> set, string has = "it",
        bool required = true)
        where T : class
    {
        keys.Add(new KeySet<T>.Key(name, KeyKind.Layers, "a list of layers", null, meaning)
        {
            Has = has,
            Items = new CountRange(0, JobDefaults.LayersMax),
            Read = (map, options, _) => set(options, LayerSection.Read(map, name)),
            Write = options => LayerSection.Write(get(options)),
        });
        return required ? keys.Required(LayerSection.Example) : keys.Otherwise("none");
    }

    /// <summary>A mapping of keys.</summary>
    /// <param name="keys">The set.</param>
    /// <param name="name">The key.</param>
    /// <param name="meaning">One sentence.</param>
    /// <param name="example">A value, for a message.</param>
    /// <param name="get">Reads the options of the mapping; null if there is none.</param>
    /// <param name="set">The options with others.</param>
    /// <param name="inner">The mapping's keys.</param>
    /// <param name="start">What stands for the keys that the mapping leaves out; if null, their own defaults.</param>
    /// <param name="otherwise">What a job has that leaves it out.</param>
    /// <param name="none">The word that stands for its absence, or null.</param>
    /// <param name="inLines">Whether it is written on several lines.</param>
    public static KeySet<T> Section<T, TInner>(
        this KeySet<T> keys, string name, string meaning, string example, Func<T, TInner?> get, Func<T, TInner, T> set, KeySet<TInner> inner,
        Func<T, TInner>? start = null, string? otherwise = "none", string? none = null, bool inLines = false)
        where T : class
        where TInner : class => keys.Add(new KeySet<T>.Key(name, KeyKind.Section, none is null ? "a mapping" : $"{none}, or a mapping", null, meaning)
        {
            Otherwise = otherwise,
            Words = none is null ? [] : [none],
            Inner = () => inner.Keys,
            Read = (map, options, folder) =>
            {
                if (none is not null && map.Node(name) is JobNode.Scalar { Text: var word } && word == none) return options;
                if (map.Map(name, none is null ? example : $"{none} or {example}") is not { } written) return options;
                TInner read = (TInner)inner.Read(written, folder, start?.Invoke(options));
                written.Done();
                return set(options, read);
            },
            Write = options => get(options) is not { } value ? null
                : inLines ? $"\n{inner.WriteLines(value, 1)}" : inner.WriteLine(value) is { Length: > 0 } line ? $"{{ {line} }}" : "{ }",
        });

    /// <summary>A word, or a mapping of that word to its keys.</summary>
    /// <param name="keys">The set.</param>
    /// <param name="name">The key.</param>
    /// <param name="meaning">One sentence.</param>
    /// <param name="known">The words.</param>
    /// <param name="read">Reads the value.</param>
    /// <param name="write">The value as it is written; null for none.</param>
    /// <param name="otherwise">What a job has that leaves it out.</param>
    /// <param name="beside">Keys that stand beside the word in a mapping; if there are any, the word cannot stand alone.</param>
    public static KeySet<T> Choice<T>(
        this KeySet<T> keys, string name, string meaning, IReadOnlyList<NamedChoice> known, Func<JobMap, T, T> read, Func<T, string?> write, string otherwise,
        KeySet? beside = null)
        where T : class => keys.Add(new KeySet<T>.Key(name, KeyKind.Choice, ChoiceReader.RangeOf(known, beside is null), null, meaning)
        {
            Otherwise = otherwise,
            Known = () => known,
            Inner = beside is null ? null : () => beside.Keys,
            Words = beside is null ? [.. known.Select(choice => choice.Name)] : [],
            Read = (map, options, _) => read(map, options),
            Write = write,
        });

    /// <summary>A word, or a mapping that one of its keys gives its meaning.</summary>
    /// <param name="keys">The set.</param>
    /// <param name="name">The key.</param>
    /// <param name="meaning">One sentence.</param>
    /// <param name="range">The values, in words.</param>
    /// <param name="words">The words.</param>
    /// <param name="forms">The mappings, each by the key that gives it its meaning.</param>
    /// <param name="read">Reads the value.</param>
    /// <param name="write">The value as it is written; null for none.</param>
    /// <param name="usual">The default, or null.</param>
    public static KeySet<T> Form<T>(
        this KeySet<T> keys, string name, string meaning, string range, IReadOnlyList<string> words, IReadOnlyList<NamedChoice> forms, Func<JobMap, T, T> read,
        Func<T, string?> write, string? usual)
        where T : class => keys.Add(new KeySet<T>.Key(name, KeyKind.Form, range, usual, meaning)
        {
            Words = words,
            Known = () => forms,
            Read = (map, options, _) => read(map, options),
            Write = write,
        });

    /// <summary>A mapping of names that only its reader knows.</summary>
    /// <param name="keys">The set.</param>
    /// <param name="name">The key.</param>
    /// <param name="meaning">One sentence.</param>
    /// <param name="range">The values, in words.</param>
    /// <param name="read">Reads the value.</param>
    /// <param name="write">The value as it is written.</param>
    /// <param name="words">Words that stand for a mapping.</param>
    public static KeySet<T> Named<T>(
        this KeySet<T> keys, string name, string meaning, string range, Func<JobMap, T, T> read, Func<T, string?> write, IReadOnlyList<string>? words = null)
        where T : class => keys.Add(new KeySet<T>.Key(name, KeyKind.Named, range, null, meaning)
        {
            Words = words ?? [],
            Read = (map, options, _) => read(map, options),
            Write = write,
        });

    /// <summary>A mapping that is read before the others, because they depend on it.</summary>
    /// <param name="keys">The set.</param>
    /// <param name="name">The key.</param>
    /// <param name="meaning">One sentence.</param>
    /// <param name="example">A value, for a message.</param>
    /// <param name="inner">Its keys.</param>
    /// <param name="write">Its lines.</param>
    /// <param name="choices">The mappings of which it is one, by the word that they are known by.</param>
    /// <param name="otherwise">What a job has that leaves it out; null if it must be written.</param>
    public static KeySet<T> Part<T>(
        this KeySet<T> keys, string name, string meaning, string example, Func<IReadOnlyList<JobKey>> inner, Func<T, string?> write,
        Func<IReadOnlyList<NamedChoice>>? choices = null, string? otherwise = null)
        where T : class
    {
        keys.Add(new KeySet<T>.Key(name, KeyKind.Section, "a mapping", null, meaning)
        {
            Inner = inner,
            Known = choices,
            Read = (_, options, _) => options,
            Write = options => write(options) is { } lines ? $"\n{lines}" : null,
        });
        return otherwise is null ? keys.Required(example) : keys.Otherwise(otherwise);
    }
}
