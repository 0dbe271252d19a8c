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
    public string Range { get; }

    /// <summary>The value of a job that leaves it out, as it would be written; null where leaving it out means that there is none, or where it must be written.</summary>
    public string? Default { get; }

    /// <summary>Whether a job must write it.</summary>
    public bool Required { get; init; }

    /// <summary>What it means: one sentence.</summary>
    public string Meaning { get; }

    /// <summary>The numbers that it takes; null where it takes none.</summary>
    public NumberRange? Numbers { get; init; }

    /// <summary>The words that it takes; none where it takes others or none.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>What its number counts, or null.</summary>
    public string? Unit { get; init; }

    /// <summary>Where the default comes from, or null where it is our own.</summary>
    public string? Source { get; init; }

    /// <summary>What a model has that has the key, for a message: 'hidden layers'.</summary>
    public string Has { get; init; } = "it";
}

/// <summary>The kinds of value that a key may take.</summary>
public enum KeyKind
{
    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>A finite number.</summary>
    Number,

    /// <summary>true or false.</summary>
    Flag,

    /// <summary>One of some words.</summary>
    Word,

    /// <summary>The path of a file.</summary>
    Path,

    /// <summary>A list of layers.</summary>
    Layers,

    /// <summary>A mapping with keys of its own.</summary>
    Section,
}
