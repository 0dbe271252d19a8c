using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Jobs;

/// <summary>The modes that training.mode may name, one a line.</summary>
public static class ModeRegistry
{
    /// <summary>All of them, in the order in which a message lists them.</summary>
    public static readonly IReadOnlyList<NamedChoice> All =
        [TrainingMode.Synchronous.Declared, TrainingMode.Stale.Declared, TrainingMode.LocalSgd.Declared];

    /// <summary>A value of the key, for a message.</summary>
    internal const string Example = "synchronous, { stale: { bound: 4 } } or { local-sgd: { steps: 8 } }";

    /// <summary>The mode that is written.</summary>
    internal static TrainingMode Read(JobMap map, string key) => ChoiceReader.Read(map, key, All, Example) is ({ } choice, var inner)
        ? ChoiceReader.ReadOptions<TrainingMode>(choice, inner)
        : TrainingMode.Synchronous.Instance;

    /// <summary>As it is read back.</summary>
    internal static string Write(TrainingMode mode) =>
        NamedChoice.Find(All, mode.Name) is { WordOnly: false } choice ? $"{{ {choice.Write(mode)} }}" : mode.Name;
}
