using Cluster.Ml.Tasks.Attacks;
using Cluster.Ml.Tasks.Tuning;

namespace Cluster.Ml.Tasks;

/// <summary>The kinds of task that there are, one a line.</summary>
public static class TaskRegistry
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<TaskKind> All =
    [
        new FoldKind(),
        new TrialKind(),
        new AttackPieceKind(),
    ];

    private static readonly Dictionary<string, TaskKind> s_byName = All.ToDictionary(kind => kind.Name);

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(kind => kind.Name)];

    /// <summary>The kind of this name, or null.</summary>
    public static TaskKind? Find(string name) => s_byName.GetValueOrDefault(name);

    /// <summary>The kind of this name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static TaskKind Of(string name) => Find(name)
        ?? throw new ArgumentException($"TaskRegistry: wanted one of {string.Join(", ", Names)}, got {name}; run the same version of the program on every node.", nameof(name));
}
