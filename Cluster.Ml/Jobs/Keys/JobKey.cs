namespace Cluster.Ml.Jobs.Keys;

/// <summary>A key of the job file as a person sees it: help, the page of keys and the schema are made of this.</summary>
public abstract class JobKey
{
    private protected JobKey(string name, KeyKind kind, string range, string? otherwise, string meaning) =>
        (Name, Kind, Range, Default, Meaning) = (name, kind, range, otherwise, meaning);

    /// <summary>As it is written in the file.</summary>
    public string Name { get; }

    /// <summary>What kind of value it takes.</summary>
    public KeyKind Kind { get; }

    /// <summary>The values that it takes, in words: 'a whole number from 1 to 1000', 'lstm or rnn'.</summary>
    public string Range { get; internal set; }

    /// <summary>The value of a job that leaves it out, as it would be written; null if leaving it out means that there is none, or if it must be written.</summary>
    public string? Default { get; internal set; }

    /// <summary>What a job has that leaves it out, in words, if that depends on other keys or is no value; null if <see cref="Default"/> says it.</summary>
    public string? Otherwise { get; internal set; }

    /// <summary>Whether a job must write it.</summary>
    public bool Required { get; internal set; }

    /// <summary>What it means: one sentence.</summary>
    public string Meaning { get; }

    /// <summary>The numbers that it takes; null if it takes none.</summary>
    public NumberRange? Numbers { get; init; }

    /// <summary>Whether only powers of two of those fit.</summary>
    public bool PowersOfTwo { get; init; }

    /// <summary>How many items a list of it may have; null if it takes no list.</summary>
    public CountRange? Items { get; init; }

    /// <summary>The regular expression that its text matches; null for any text.</summary>
    public string? Pattern { get; init; }

    /// <summary>The words that it takes; none if it takes others or none.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>The keys of the mapping that it takes; beside <see cref="Choices"/> those that every choice has as well.</summary>
    public IReadOnlyList<JobKey> Keys => Inner?.Invoke() ?? [];

    /// <summary>The mappings of which it takes one, each known by its word; or of which the items of its list are.</summary>
    public IReadOnlyList<NamedChoice> Choices => Known?.Invoke() ?? [];

    /// <summary>What its number counts, or null.</summary>
    public string? Unit { get; init; }

    /// <summary>Where the default comes from, or null if it is our own.</summary>
    public string? Source { get; init; }

    /// <summary>In which jobs it may be written: 'a text'; null for all that have the mapping.</summary>
    public string? Where { get; internal set; }

    /// <summary>What a model has that has the key, for a message: 'hidden layers'.</summary>
    public string Has { get; init; } = "it";

    /// <summary>What <see cref="Keys"/> are, asked for when they are wanted: declarations may name each other.</summary>
    internal Func<IReadOnlyList<JobKey>>? Inner { get; init; }

    /// <summary>What <see cref="Choices"/> are.</summary>
    internal Func<IReadOnlyList<NamedChoice>>? Known { get; init; }
}
