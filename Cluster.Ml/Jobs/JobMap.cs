namespace Cluster.Ml.Jobs;

/// <summary>
/// Reads one mapping of a job key by key. A wrong value is noted as an error and its default taken, so that the rest is
/// still checked; <see cref="Done"/> notes every key that nothing asked for.
/// </summary>
internal sealed class JobMap
{
    private readonly JobNode.Mapping _mapping;
    private readonly JobErrors _errors;
    private readonly List<string> _known = [];
    private readonly List<string> _refused = [];

    public JobMap(JobNode.Mapping mapping, string name, JobErrors errors)
    {
        _mapping = mapping;
        Name = name;
        _errors = errors;
    }

    /// <summary>The mapping's key path, such as training.optimizer; empty for the whole job.</summary>
    public string Name { get; }

    /// <summary>The list of layers that the mapping is an item of; null if it is none.</summary>
    public LayerSection? Layers { get; init; }

    public JobPlace Place => _mapping.Place;

    public JobErrors Errors => _errors;

    /// <summary>The keys that are written, in order.</summary>
    public IEnumerable<string> Keys => _mapping.Entries.Select(entry => entry.Key);

    /// <summary>The value of the key, or null if it is absent or written as null.</summary>
    public JobNode? Node(string key)
    {
        Know(key);
        return ValueOf(key);
    }

    public bool Has(string key) => Node(key) is not null;

    public JobPlace PlaceOf(string key) => _mapping.Find(key)?.Value.Place ?? Place;

    public void Error(string key, string wanted, string got, string advice) =>
        _errors.Add(PlaceOf(key), $"{PathOf(key)} to be {wanted}", got, advice);

    public void Error(string key, string wanted, string advice) => Error(key, wanted, Node(key)?.Describe() ?? "nothing", advice);

    public int Whole(string key, int otherwise, int least, int most)
    {
        if (Node(key) is not { } node) return otherwise;
        if (node is JobNode.Scalar { Plain: true } scalar
            && NumberText.TryRead(scalar.Text, out long value)
            && value >= least && value <= most)
            return (int)value;
        Error(key, $"a whole number from {least} to {most}", $"write for example {key}: {otherwise}");
        return otherwise;
    }

    public ulong Unsigned(string key, ulong otherwise)
    {
        if (Node(key) is not { } node) return otherwise;
        if (node is JobNode.Scalar { Plain: true } scalar
            && NumberText.TryRead(scalar.Text, out ulong value))
            return value;
        Error(key, "a whole number from 0 to 18446744073709551615", $"write for example {key}: {otherwise}");
        return otherwise;
    }

    /// <summary>A finite number for which <paramref name="fits"/> holds.</summary>
    public double Number(string key, double otherwise, Func<double, bool> fits, string wanted) => Number(key, fits, wanted) ?? otherwise;

    /// <summary>A finite number for which <paramref name="fits"/> holds, or null if it is absent or wrong.</summary>
    public double? Number(string key, Func<double, bool> fits, string wanted)
    {
        if (Node(key) is not { } node) return null;
        if (NumberOf(node) is { } value && fits(value)) return value;
        Error(key, wanted, "write it in digits, such as 0.01 or 1e-5");
        return null;
    }

    /// <summary>The finite number that a node is, or null.</summary>
    public static double? NumberOf(JobNode node) => node is JobNode.Scalar { Plain: true } scalar
        && NumberText.TryRead(scalar.Text, out double value) ? value : null;

    public bool Flag(string key, bool otherwise)
    {
        if (Node(key) is not { } node) return otherwise;
        if (node is JobNode.Scalar { Plain: true, Text: "true" or "false" } scalar) return scalar.Text == "true";
        Error(key, "true or false", $"write {key}: {(otherwise ? "true" : "false")}");
        return otherwise;
    }

    public string? Text(string key, int most)
    {
        if (Node(key) is not { } node) return null;
        if (node is JobNode.Scalar { Text: { Length: > 0 } text } && text.Length <= most && !text.Any(char.IsControl)) return text;
        Error(key, $"a text of 1 to {most} characters", $"write {key}: and the text, in quotes if it holds special characters");
        return null;
    }

    /// <summary>One of some words.</summary>
    public T Choice<T>(string key, T otherwise, IReadOnlyList<KeyValuePair<string, T>> words)
    {
        if (Node(key) is not { } node) return otherwise;
        if (node is JobNode.Scalar scalar)
            foreach ((string word, T value) in words)
                if (word == scalar.Text) return value;
        IReadOnlyList<string> known = [.. words.Select(word => word.Key)];
        Error(key, string.Join(" or ", known), known is [var only] ? $"this version accepts only {key}: {only}" : Nearest.Advice((node as JobNode.Scalar)?.Text ?? "", known));
        return otherwise;
    }

    /// <summary>One of some words, as itself.</summary>
    public string Word(string key, string otherwise, params string[] words) =>
        Choice(key, otherwise, [.. words.Select(word => KeyValuePair.Create(word, word))]);

    /// <summary>The mapping under the key, or null if it is absent or not one.</summary>
    public JobMap? Map(string key, string example)
    {
        switch (Node(key))
        {
            case null: return null;
            case JobNode.Mapping mapping: return new JobMap(mapping, PathOf(key), _errors);
            default:
                Error(key, "a mapping", $"write {key}: {example}");
                return null;
        }
    }

    /// <summary>The items of the list under the key; none if it is absent or not a list.</summary>
    public IReadOnlyList<JobNode> List(string key, int most, string example)
    {
        switch (Node(key))
        {
            case null: return [];
            case JobNode.Sequence sequence when sequence.Items.Count <= most: return sequence.Items;
            default:
                Error(key, $"a list of at most {most}", $"write {key}: {example}");
                return [];
        }
    }

    /// <summary>Reports a key that is known elsewhere but means nothing here, with its line and column.</summary>
    public void Refuse(string key, string because, string advice)
    {
        _known.Remove(key);
        _refused.Add(key);
        if (ValueOf(key) is { } written) _errors.Add(PlaceOf(key), $"{PathOf(key)} to be absent", $"{written.Describe()} {because}", advice);
    }

    /// <summary>Takes a key for known that nothing reads.</summary>
    public void Know(string key)
    {
        if (!_known.Contains(key) && !_refused.Contains(key)) _known.Add(key);
    }

    /// <summary>Notes every key that nothing has asked for.</summary>
    public void Done()
    {
        foreach (JobNode.Entry entry in _mapping.Entries)
            if (!_known.Contains(entry.Key) && !_refused.Contains(entry.Key))
                _errors.Add(
                    entry.Place, $"a key {(Name.Length == 0 ? "of a job" : $"of {Name}")}", $"'{entry.Key}'", Nearest.Advice(entry.Key, _known));
    }

    public string PathOf(string key) => Name.Length == 0 ? key : $"{Name}.{key}";

    private JobNode? ValueOf(string key) => _mapping.Find(key)?.Value is { } value and not JobNode.Scalar { IsNull: true } ? value : null;
}
