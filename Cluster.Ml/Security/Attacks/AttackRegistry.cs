using Cluster.Ml.Security.Attacks.Evasion;

namespace Cluster.Ml.Security.Attacks;

/// <summary>The attacks that there are, one a line.</summary>
public static class AttackRegistry
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<AttackKind> All =
    [
        new Fgsm(),
        new Pgd(),
        new MomentumFgsm(),
        new DeepFool(),
        new CarliniWagner(),
        new SquareAttack(),
        new HopSkipJump(),
        new Transfer(),
        new GradientMasking(),
    ];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(kind => kind.Name)];

    /// <summary>The attack of a name, or null.</summary>
    public static AttackKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);
}
