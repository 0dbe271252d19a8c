using Cluster.Ml.Data;
using Cluster.Ml.Export;

namespace Cluster.Ml.Security.Attacks.Evasion;

/// <summary>Rows are changed to fool a substitute that the attacker has, and then shown to the attacked model.</summary>
/// <remarks>
/// Threat model  evasion, untargeted; black box: one query a row. The attacker has a model of the same columns and classes, trained on
///               other data or on the attacked model's answers (the attack extract)
/// Source        Papernot, McDaniel, Goodfellow, "Transferability in Machine Learning", 2016
/// </remarks>
internal sealed class Transfer : EvasionAttack
{
    public override string Name => "transfer";

    public override string Meaning => "rows made against a substitute model, shown to the attacked one";

    public override string ThreatModel => "Black box: the attacker makes rows against a substitute of its own and shows each to the attacked model once.";

    public override string Source => "Papernot, McDaniel and Goodfellow, 2016";

    public override IReadOnlyList<string> Flags => ["epsilon", "norm", "steps", "step-size", "restarts", "substitute", "with"];

    internal override IReadOnlyList<Norm> Norms => [Norm.Linf, Norm.L2];

    internal override bool WhiteBox => false;

    internal override void Check(AttackTarget target, AttackUnits units)
    {
        if (target.Substitute is not { } substitute)
            throw new BadInputException("--substitute", null, null, "the attacker's own model", "none", "train one, or make it by `attack extract`, and name its file");
        SavedModel model = target.RequiredModel;
        if (!substitute.Preprocessing.FeatureNames.SequenceEqual(model.Preprocessing.FeatureNames) || !substitute.Preprocessing.Classes.SequenceEqual(model.Preprocessing.Classes))
            throw new BadInputException("--substitute", null, null, "a model of the same columns and classes", "another", "train it on data of the same kind");
        if (!target.Open(units).Substitute!.HasGradients)
            throw new BadInputException("--substitute", null, null, "a model with gradients by its rows", substitute.Spec.Model.Kind, "use a network, softmax or logistic");
    }

    internal override void Attack(AttackedModel model, AttackedRows rows, AttackSettings settings, Span<float> adversarial) =>
        MadeBy(settings).Attack(model.Substitute!, rows, settings, adversarial);

    private static EvasionAttack MadeBy(AttackSettings settings)
    {
        string name = settings.With ?? "pgd";
        EvasionAttack[] known = [.. AttackRegistry.All.OfType<EvasionAttack>().Where(kind => kind is { WhiteBox: true, Minimizes: false })];
        return known.FirstOrDefault(kind => kind.Name == name) ?? throw new BadInputException(
            "--with", null, null, string.Join(" or ", known.Select(kind => kind.Name)), name, "choose one of them");
    }
}
