namespace Cluster.Ml.Jobs.Keys;

/// <summary>One of the words that a key takes, with keys of its own below it: an update rule, a schedule.</summary>
public sealed class NamedChoice
{
    internal NamedChoice(string name, string meaning, KeySet options) => (Name, Meaning, Options) = (name, meaning, options);

    /// <summary>The word.</summary>
    public string Name { get; }

    /// <summary>What it is: one line.</summary>
    public string Meaning { get; }

    /// <summary>Its keys.</summary>
    public IReadOnlyList<JobKey> Keys => Options.Keys;

    /// <summary>What declares, reads and writes them.</summary>
    internal KeySet Options { get; }

    /// <summary>As a job writes it: 'sgd: { rate: 0.1, momentum: 0 }'.</summary>
    internal string Write(object options) => $"{Name}: {{ {Options.WriteLine(options)} }}";
}
