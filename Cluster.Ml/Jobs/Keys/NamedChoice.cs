namespace Cluster.Ml.Jobs.Keys;

/// <summary>One of the words that a key takes, with the keys below it: an update rule, a schedule, a layer, a mode.</summary>
public sealed class NamedChoice
{
    internal NamedChoice(string name, string meaning, KeySet options) => (Name, Meaning, Options) = (name, meaning, options);

    /// <summary>The word.</summary>
    public string Name { get; }

    /// <summary>What it is: one line.</summary>
    public string Meaning { get; }

    /// <summary>Its keys.</summary>
    public IReadOnlyList<JobKey> Keys => Options.Keys;

    /// <summary>Whether it is written as a word alone.</summary>
    public bool WordOnly { get; init; }

    /// <summary>What declares, reads and writes them.</summary>
    internal KeySet Options { get; }

    /// <summary>As a job writes it: 'sgd: { rate: 0.1, momentum: 0 }'.</summary>
    internal string Write(object options) => $"{Name}: {{ {Options.WriteLine(options)} }}";

    /// <summary>The one of these names, or null.</summary>
    internal static NamedChoice? Find(IReadOnlyList<NamedChoice> all, string? name) => all.FirstOrDefault(choice => choice.Name == name);
}
