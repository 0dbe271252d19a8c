using Cluster.Ml.Security.Attacks.Evasion;
using Cluster.Ml.Security.Attacks.Inference;
using Cluster.Ml.Security.Attacks.Inversion;
using Cluster.Ml.Security.Attacks.Poisoning;
using Cluster.Ml.Security.Defences;

namespace Cluster.Ml.Security.Attacks;

/// <summary>The attacks that there are, one a line.</summary>
public static class AttackRegistry
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<AttackKind> All =
    [
        new Fgsm(),
        new Pgd(),
        new AutoPgd(AutoPgd.CrossEntropy),
        new AutoPgd(AutoPgd.LogitRatio),
        new MomentumFgsm(),
        new DeepFool(),
        new CarliniWagner(),
        new SquareAttack(),
        new HopSkipJump(),
        new Transfer(),
        new TransferMatrix(),
        new WorstCase(),
        new GradientMasking(),
        new PoisonAttack(),
        new BackdoorAttack(),
        new MembershipAttack(),
        new LikelihoodRatio(),
        new OnlineLikelihoodRatio(),
        new Extraction.Extraction(),
        new ModelInversion(),
        new RandomizedSmoothing(),
        new FeatureSqueezing(),
        new LossSanitizing(),
    ];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(kind => kind.Name)];

    /// <summary>The attack of a name, or null.</summary>
    public static AttackKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);
}
