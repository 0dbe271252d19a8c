using System.Text.Json.Nodes;

namespace Cluster.Ml.Security.Attacks.Evasion;

/// <summary>Looks for signs that a model only hides its gradients: a false defence.</summary>
/// <remarks>
/// Signs         a black-box attack does better than a white-box one; an unbounded attack does not fool every row; one step does better than
///               many; more steps do not help while rows are still told rightly; gradients are zero
/// Threat model  the defender's own check, with the model in hand
/// Source        Athalye, Carlini, Wagner, "Obfuscated Gradients Give a False Sense of Security", ICML 2018, § 3.1; Carlini et al., "On
///               Evaluating Adversarial Robustness", 2019, § 3
/// </remarks>
internal sealed class GradientMasking : AttackKind
{
    private const int Steps = 20, MoreSteps = 80;
    private const double Slack = 0.01;

    public override string Name => "masking";

    public override string Meaning => "signs that a model hides its gradients, which is a false defence";

    public override string ThreatModel => "The defender's own check: white-box and black-box attacks of one budget are compared.";

    public override string Source => "Athalye, Carlini and Wagner, ICML 2018, section 3.1";

    public override IReadOnlyList<string> Flags => ["epsilon", "queries"];

    public override AttackReport Run(AttackTarget target, AttackSettings settings)
    {
        (AttackedRows rows, AttackUnits units) = target.Read();
        (Fgsm one, Pgd many, SquareAttack square) = (new Fgsm(), new Pgd(), new SquareAttack());
        many.Check(target, units);
        settings = settings with { Norm = Norm.Linf, Epsilon = settings.EpsilonOr(many.EpsilonUsual(Norm.Linf)), Steps = Steps };
        double widest = units.High.Zip(units.Low, (high, low) => (double)high - low).Max();
        EvasionRun fgsm = Of(one, settings), pgd = Of(many, settings), longer = Of(many, settings with { Steps = MoreSteps }), asked = Of(square, settings);
        EvasionRun unbounded = Of(many, settings with { Epsilon = widest, Steps = MoreSteps });
        double zero = ZeroGradients(target, rows, units);

        List<string> signs = [];
        if (asked.AttackedAccuracy < longer.AttackedAccuracy - Slack) signs.Add("a black-box attack does better than a white-box one");
        if (unbounded.AttackedAccuracy > 0) signs.Add("an unbounded attack does not fool every row");
        if (fgsm.AttackedAccuracy < pgd.AttackedAccuracy - Slack) signs.Add("one step does better than many");
        if (longer.AttackedAccuracy > Slack && longer.AttackedAccuracy >= pgd.AttackedAccuracy && asked.AttackedAccuracy < longer.AttackedAccuracy - Slack)
            signs.Add("more steps do not help, though rows can still be fooled");
        if (zero > Slack) signs.Add("gradients are zero");
        JsonObject figures = new()
        {
            ["attack"] = Name,
            ["rows"] = rows.Count,
            ["epsilon"] = settings.Epsilon,
            ["norm"] = NormBall.NameOf(Norm.Linf),
            ["clean_accuracy"] = pgd.CleanAccuracy,
            ["attacked_accuracy"] = Math.Min(Math.Min(fgsm.AttackedAccuracy, longer.AttackedAccuracy), Math.Min(pgd.AttackedAccuracy, asked.AttackedAccuracy)),
            ["one_step_accuracy"] = fgsm.AttackedAccuracy,
            ["white_box_accuracy"] = pgd.AttackedAccuracy,
            ["more_steps_accuracy"] = longer.AttackedAccuracy,
            ["black_box_accuracy"] = asked.AttackedAccuracy,
            ["unbounded_accuracy"] = unbounded.AttackedAccuracy,
            ["zero_gradient_share"] = zero,
            ["masked"] = signs.Count > 0,
            ["signs"] = new JsonArray([.. signs.Select(sign => (JsonNode)sign)]),
            ["queries"] = fgsm.Queries + pgd.Queries + longer.Queries + asked.Queries + unbounded.Queries,
            ["model_sha256"] = target.RequiredModel.Model.Sha256,
        };
        return new AttackReport(figures, signs.Count > 0 ? [.. signs.Select(sign => $"sign of masked gradients: {sign}")] : ["no sign of masked gradients"]);

        EvasionRun Of(EvasionAttack attack, AttackSettings some) => EvasionRun.Of(attack, target, rows, units, some);
    }

    /// <summary>The share of rows whose gradient is zero by every column.</summary>
    private static double ZeroGradients(AttackTarget target, AttackedRows rows, AttackUnits units)
    {
        if (rows.Count == 0) return 0;
        float[] gradients = new float[rows.Numbers.Length];
        target.Open(units).GradientsOf(rows.Numbers, (row, logits, gradient) => LogitGradients.CrossEntropy(logits, rows.Labels[row], gradient), gradients);
        return Enumerable.Range(0, rows.Count).Count(row => NormBall.LengthOf(gradients.AsSpan(row * rows.Columns, rows.Columns)) == 0) / (double)rows.Count;
    }
}
