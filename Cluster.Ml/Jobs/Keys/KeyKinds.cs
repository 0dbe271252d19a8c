using System.Globalization;

namespace Cluster.Ml.Jobs.Keys;

/// <summary>The kinds of single value that a key may take: how each is read, written and told.</summary>
internal static class KeyKinds
{
    private const int NamesMax = 1000;

    /// <summary>A whole number.</summary>
    public static KeySet<T> Whole<T>(
        this KeySet<T> keys, string name, string meaning, Func<T, int> get, Func<T, int, T> set, int least, int most, string? unit = null,
        string? source = null, bool powersOfTwo = false)
        where T : class
    {
        string range = powersOfTwo ? $"a power of two from {least} to {most}" : $"a whole number from {least} to {most}";
        return keys.Add(new KeySet<T>.Key(name, KeyKind.Whole, range, Text(get(keys.Defaults)), meaning)
        {
            Numbers = NumberRange.Between(least, most, "a whole number"),
            PowersOfTwo = powersOfTwo,
            Unit = unit,
            Source = source,
            Read = (map, options, _) =>
            {
                int value = map.Whole(name, get(options), least, most);
                if (!powersOfTwo || int.IsPow2(value)) return set(options, value);
                map.Error(name, range, "write 1, 2, 4, 8, 16, …");
                return options;
            },
            Write = options => Text(get(options)),
        });
    }

    /// <summary>A whole number of 64 bits, from 0.</summary>
    public static KeySet<T> Unsigned<T>(this KeySet<T> keys, string name, string meaning, Func<T, ulong> get, Func<T, ulong, T> set, string? source = null)
        where T : class => keys.Add(new KeySet<T>.Key(name, KeyKind.Whole, $"a whole number from 0 to {ulong.MaxValue}", Text(get(keys.Defaults)), meaning)
        {
            Numbers = NumberRange.Between(0, ulong.MaxValue, "a whole number"),
            Source = source,
            Read = (map, options, _) => set(options, map.Unsigned(name, get(options))),
            Write = options => Text(get(options)),
        });

    /// <summary>A finite number.</summary>
    public static KeySet<T> Number<T>(
        this KeySet<T> keys, string name, string meaning, Func<T, double> get, Func<T, double, T> set, NumberRange range, string? unit = null,
        string? source = null)
        where T : class => keys.Add(new KeySet<T>.Key(name, KeyKind.Number, range.ToString(), Text(get(keys.Defaults)), meaning)
        {
            Numbers = range,
            Unit = unit,
            Source = source,
            Read = (map, options, _) => set(options, map.Number(name, get(options), range.Fits, range.ToString())),
            Write = options => Text(get(options)),
        });

    /// <summary>A finite number, or none.</summary>
    public static KeySet<T> OptionalNumber<T>(
        this KeySet<T> keys, string name, string meaning, Func<T, double?> get, Func<T, double?, T> set, NumberRange range, string otherwise, string? unit = null)
        where T : class => keys.Add(new KeySet<T>.Key(name, KeyKind.Number, range.ToString(), null, meaning)
        {
            Numbers = range,
            Unit = unit,
            Otherwise = otherwise,
            Read = (map, options, _) => set(options, map.Number(name, range.Fits, range.ToString())),
            Write = options => get(options) is { } value ? Text(value) : null,
        });

    /// <summary>A finite number, or a word for one that is chosen by other things, which is the default: null.</summary>
    public static KeySet<T> NumberOrWord<T>(
        this KeySet<T> keys, string name, string meaning, Func<T, double?> get, Func<T, double?, T> set, NumberRange range, string word, string? source = null)
        where T : class => keys.Add(new KeySet<T>.Key(name, KeyKind.Number, $"{word} or {range}", word, meaning)
        {
            Numbers = range,
            Words = [word],
            Source = source,
            Read = (map, options, _) => set(
                options, map.Node(name) is JobNode.Scalar scalar && scalar.Text == word ? null : map.Number(name, range.Fits, $"{word} or {range}") ?? get(options)),
            Write = options => get(options) is { } value ? Text(value) : word,
        });

    /// <summary>A whole number, or one of some words, each of which stands for a number outside the range.</summary>
    public static KeySet<T> WholeOrWord<T>(
        this KeySet<T> keys, string name, string meaning, Func<T, int> get, Func<T, int, T> set, int least, int most, IReadOnlyList<KeyValuePair<string, int>> words)
        where T : class
    {
        string range = $"{string.Join(" or ", words.Select(word => word.Key))} or a whole number from {least} to {most}";
        return keys.Add(new KeySet<T>.Key(name, KeyKind.Whole, range, null, meaning)
        {
            Numbers = NumberRange.Between(least, most, "a whole number"),
            Words = [.. words.Select(word => word.Key)],
            Read = (map, options, _) =>
            {
                if (map.Node(name) is not { } node) return options;
                if (node is JobNode.Scalar scalar && words.FirstOrDefault(word => word.Key == scalar.Text) is { Key: not null } word) return set(options, word.Value);
                if (node is JobNode.Scalar { Plain: true } plain && NumberText.TryRead(plain.Text, out long value) && value >= least && value <= most)
                    return set(options, (int)value);
                map.Error(name, range, $"write for example {name}: {words[0].Key}");
                return options;
            },
            Write = options => words.FirstOrDefault(word => word.Value == get(options)).Key ?? Text(get(options)),
        });
    }

    /// <summary>true or false; written if it is not the default.</summary>
    public static KeySet<T> Flag<T>(this KeySet<T> keys, string name, string meaning, Func<T, bool> get, Func<T, bool, T> set)
        where T : class
    {
        bool usual = get(keys.Defaults);
        return keys.Add(new KeySet<T>.Key(name, KeyKind.Flag, "true or false", Text(usual), meaning)
        {
            Read = (map, options, _) => set(options, map.Flag(name, get(options))),
            Write = options => Text(get(options)),
            IsWritten = options => get(options) != usual,
        });
    }

    /// <summary>One of some words.</summary>
    /// <param name="keys">The set.</param>
    /// <param name="name">The key.</param>
    /// <param name="meaning">One sentence.</param>
    /// <param name="get">Reads the option.</param>
    /// <param name="set">The options with another value.</param>
    /// <param name="words">All words that are known.</param>
    /// <param name="written">Whether the default is written as well.</param>
    /// <param name="source">Where the default comes from.</param>
    public static KeySet<T> Word<T>(
        this KeySet<T> keys, string name, string meaning, Func<T, string> get, Func<T, string, T> set, IReadOnlyList<string> words, bool written = true,
        string? source = null)
        where T : class => keys.Word(name, meaning, get, set, [.. words.Select(word => KeyValuePair.Create(word, word))], written, source);

    /// <summary>One of some words, each of which stands for a value.</summary>
    public static KeySet<T> Word<T, TValue>(
        this KeySet<T> keys, string name, string meaning, Func<T, TValue> get, Func<T, TValue, T> set, IReadOnlyList<KeyValuePair<string, TValue>> words,
        bool written = true, string? source = null)
        where T : class
    {
        TValue usual = get(keys.Defaults);
        string? WordOf(TValue value) => words.FirstOrDefault(word => Equals(word.Value, value)).Key;
        IReadOnlyList<string> known = [.. words.Select(word => word.Key)];
        return keys.Add(new KeySet<T>.Key(name, KeyKind.Word, string.Join(" or ", known), WordOf(usual), meaning)
        {
            Words = known,
            Source = source,
            Read = (map, options, _) => set(options, map.Choice(name, get(options), words)),
            Write = options => WordOf(get(options)),
            IsWritten = options => written || !Equals(get(options), usual),
        });
    }

    /// <summary>A text, or none; written in quotes.</summary>
    public static KeySet<T> Text<T>(this KeySet<T> keys, string name, string meaning, Func<T, string?> get, Func<T, string, T> set, int most, string? otherwise = null, string? pattern = null)
        where T : class => keys.Add(new KeySet<T>.Key(name, KeyKind.Text, $"a text of 1 to {most} characters", null, meaning)
        {
            Items = new CountRange(1, most),
            Otherwise = otherwise,
            Pattern = pattern,
            Read = (map, options, _) => map.Text(name, most) is { } text ? set(options, text) : options,
            Write = options => get(options) is { } text ? JobText.Quote(text) : null,
        });

    /// <summary>The path of a file, or none; absolute after reading.</summary>
    public static KeySet<T> Path<T>(this KeySet<T> keys, string name, string meaning, Func<T, string?> get, Func<T, string, T> set)
        where T : class => keys.Add(new KeySet<T>.Key(name, KeyKind.Path, "the path of a file", null, meaning)
        {
            Items = new CountRange(1, JobDefaults.PathMax),
            Read = (map, options, folder) =>
                map.Text(name, JobDefaults.PathMax) is { } path ? set(options, System.IO.Path.GetFullPath(path, folder)) : options,
            Write = options => get(options) is { } path ? JobText.Quote(path) : null,
            File = get,
        });

    /// <summary>A list of texts; written in quotes, and if there are some.</summary>
    /// <param name="keys">The set.</param>
    /// <param name="name">The key.</param>
    /// <param name="meaning">One sentence.</param>
    /// <param name="get">Reads the option.</param>
    /// <param name="set">The options with another value.</param>
    /// <param name="item">What an item is, for a message.</param>
    /// <param name="example">A list of them.</param>
    /// <param name="mayBeEmpty">Whether '' is one.</param>
    public static KeySet<T> Names<T>(
        this KeySet<T> keys, string name, string meaning, Func<T, IReadOnlyList<string>> get, Func<T, ValueList<string>, T> set, string item, string example,
        bool mayBeEmpty = false)
        where T : class => keys.Add(new KeySet<T>.Key(name, KeyKind.Names, $"a list of at most {NamesMax} names", null, meaning)
        {
            Items = new CountRange(0, NamesMax),
            Read = (map, options, _) => set(options, ReadNames(map, name, item, example, mayBeEmpty)),
            Write = options => get(options) is { Count: > 0 } names ? $"[ {string.Join(", ", names.Select(JobText.Quote))} ]" : null,
        });

    /// <summary>A list of whole numbers.</summary>
    /// <param name="keys">The set.</param>
    /// <param name="name">The key.</param>
    /// <param name="meaning">One sentence.</param>
    /// <param name="get">Reads the option; null for none.</param>
    /// <param name="set">The options with another value.</param>
    /// <param name="count">How many.</param>
    /// <param name="most">The largest.</param>
    /// <param name="example">A list of them.</param>
    /// <param name="oneForAll">Whether a single number stands for all.</param>
    public static KeySet<T> Sizes<T>(
        this KeySet<T> keys, string name, string meaning, Func<T, IReadOnlyList<int>?> get, Func<T, ValueList<int>, T> set, int count, int most, string example,
        bool oneForAll = false)
        where T : class
    {
        string range = $"a list of {count} whole numbers from 1 to {most}";
        string all = oneForAll ? $"a whole number from 1 to {most}, or {range}" : range;
        return keys.Add(new KeySet<T>.Key(name, KeyKind.Sizes, all, oneForAll ? Text(get(keys.Defaults)![0]) : null, meaning)
        {
            Numbers = NumberRange.Between(1, most, "a whole number"),
            Items = new CountRange(count, count, oneForAll),
            Read = (map, options, _) => ReadSizes(map, name, get(options), count, most, example, oneForAll) is { } sizes ? set(options, sizes) : options,
            Write = options => get(options) is { } sizes ? $"[ {string.Join(", ", sizes)} ]" : null,
        });
    }

    /// <summary>A whole number as it is written.</summary>
    internal static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The shortest digits that read back as the same number.</summary>
    internal static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(bool value) => value ? "true" : "false";

    private static ValueList<string> ReadNames(JobMap map, string key, string wanted, string example, bool mayBeEmpty)
    {
        List<string> names = [];
        foreach (JobNode item in map.List(key, NamesMax, example))
        {
            if (item is JobNode.Scalar scalar && (scalar.Text.Length > 0 || (mayBeEmpty && !scalar.Plain)))
                names.Add(scalar.Text);
            else
                map.Errors.Add(item.Place, wanted, item.Describe(), $"write {map.PathOf(key)}: {example}");
        }
        return new ValueList<string>(names);
    }

    /// <summary>The numbers, or null if none are written or some are wrong.</summary>
    private static ValueList<int>? ReadSizes(JobMap map, string key, IReadOnlyList<int>? usual, int count, int most, string example, bool oneForAll)
    {
        if (!map.Has(key)) return null;
        if (oneForAll && map.Node(key) is not JobNode.Sequence)
            return new ValueList<int>(Enumerable.Repeat(map.Whole(key, usual![0], 1, most), count));
        List<int> sizes = [];
        foreach (JobNode item in map.Node(key) is JobNode.Sequence { Items: var items } && items.Count == count ? items : [])
            if (item is JobNode.Scalar { Plain: true } scalar && NumberText.TryRead(scalar.Text, out int size) && size >= 1 && size <= most)
                sizes.Add(size);
        if (sizes.Count == count) return new ValueList<int>(sizes);
        map.Error(key, $"a list of {count} whole numbers from 1 to {most}", $"write {key}: {example}");
        return null;
    }
}
