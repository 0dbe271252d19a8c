using System.Text.Json.Nodes;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Security.Attacks.Evasion;

/// <summary>Looks for signs that a model only hides its gradients: a false defence.</summary>
/// <remarks>
/// Signs         an attack that sees scores, or classes alone, does better than a white-box one; an unbounded attack does not fool every row; one
///               step does better than many; more steps do not help while rows are still told rightly; gradients are zero; the loss is flat: of
///               most rows the other classes' probabilities, e^(z_k − max z), are all 0 in single precision, as is then the plain gradient of cross-entropy
/// Threat model  the defender's own check, with the model in hand
/// Source        Athalye, Carlini, Wagner, "Obfuscated Gradients Give a False Sense of Security", ICML 2018, § 3.1; Carlini et al., "On
///               Evaluating Adversarial Robustness", 2019, § 3; Carlini, Wagner, "Defensive Distillation is Not Robust to Adversarial Examples",
///               2016, for the flat loss
/// Differs       the attacks here divide the gradient by its largest number (<see cref="LogitGradients"/>), so that a flat loss hides nothing from
///               them; it is a sign all the same, since it hides gradients from whoever measures with other tools
/// </remarks>
internal sealed class GradientMasking : PiecewiseAttack
{
    private const int Steps = 20, MoreSteps = 80;
    private const double Slack = 0.01, Most = 0.5;

    public override string Name => "masking";

    public override string Meaning => "signs that a model hides its gradients, which is a false defence";

    public override string ThreatModel => "The defender's own check: white-box and black-box attacks of one budget are compared.";

    public override string Source => "Athalye, Carlini and Wagner, ICML 2018, section 3.1";

    public override IReadOnlyList<string> Flags => ["epsilon", "queries"];

    public override IAttackPieces Cut(AttackTarget target, AttackSettings settings)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(settings);
        (AttackedRows rows, AttackUnits units) = target.Read();
        Pgd many = new();
        many.Check(target, units);
        AttackSettings one = settings with
        {
            Norm = Norm.Linf,
            Epsilon = settings.EpsilonOr(many.EpsilonUsual(Norm.Linf)),
            Queries = settings.Queries ?? SquareAttack.QueriesUsual,
            Steps = Steps,
        };
        AttackSettings longer = one with { Steps = MoreSteps };
        double widest = units.High.Zip(units.Low, (high, low) => (double)high - low).Max();
        Runs runs = new(
            Of(new Fgsm(), one), Of(many, one), Of(many, longer), Of(new SquareAttack(), one), Of(new HopSkipJump(), one with { Steps = int.MaxValue }),
            Of(many, longer with { Epsilon = widest }));
        return new EvasionPieces(runs.All, () => Report(target, rows, units, one, runs));

        EvasionRun Of(EvasionAttack attack, AttackSettings some) => new(attack, target, rows, units, some);
    }

    private AttackReport Report(AttackTarget target, AttackedRows rows, AttackUnits units, AttackSettings settings, Runs runs)
    {
        (double zero, double flat) = Gradients(target, rows, units);
        string[] signs = [.. SignsOf(runs, zero, flat)];
        JsonObject figures = new()
        {
            ["attack"] = Name,
            ["rows"] = rows.Count,
            ["epsilon"] = settings.Epsilon,
            ["norm"] = NormBall.NameOf(Norm.Linf),
            ["clean_accuracy"] = runs.Many.CleanAccuracy,
            ["attacked_accuracy"] = runs.All.Where(run => run != runs.Unbounded).Min(run => run.AttackedAccuracy),
            ["one_step_accuracy"] = runs.One.AttackedAccuracy,
            ["white_box_accuracy"] = runs.Many.AttackedAccuracy,
            ["more_steps_accuracy"] = runs.Longer.AttackedAccuracy,
            ["black_box_accuracy"] = runs.Scores.AttackedAccuracy,
            ["label_only_accuracy"] = runs.Labels.AttackedAccuracy,
            ["unbounded_accuracy"] = runs.Unbounded.AttackedAccuracy,
            ["zero_gradient_share"] = zero,
            ["flat_loss_share"] = flat,
            ["masked"] = signs.Length > 0,
            ["signs"] = new JsonArray([.. signs.Select(sign => (JsonNode)sign)]),
            ["queries"] = runs.All.Sum(run => run.Queries),
            ["seed"] = settings.Seed,
            ["model_sha256"] = target.RequiredModel.Model.Sha256,
        };
        return new AttackReport(figures, signs.Length > 0 ? [.. signs.Select(sign => $"sign of masked gradients: {sign}")] : ["no sign of masked gradients"]);
    }

    private static IEnumerable<string> SignsOf(Runs runs, double zero, double flat)
    {
        double asked = Math.Min(runs.Scores.AttackedAccuracy, runs.Labels.AttackedAccuracy), white = runs.Longer.AttackedAccuracy;
        if (asked < white - Slack) yield return "a black-box attack does better than a white-box one";
        if (runs.Unbounded.AttackedAccuracy > 0) yield return "an unbounded attack does not fool every row";
        if (runs.One.AttackedAccuracy < runs.Many.AttackedAccuracy - Slack) yield return "one step does better than many";
        if (white > Slack && white >= runs.Many.AttackedAccuracy && asked < white - Slack) yield return "more steps do not help, though rows can still be fooled";
        if (zero > Slack) yield return "gradients are zero";
        if (flat > Most) yield return "the loss is flat, so that plain cross-entropy has no gradient";
    }

    /// <summary>The shares of rows whose gradient is zero by every column, and whose loss is flat.</summary>
    private static (double Zero, double Flat) Gradients(AttackTarget target, AttackedRows rows, AttackUnits units)
    {
        if (rows.Count == 0) return (0, 0);
        float[] gradients = new float[rows.Numbers.Length];
        int flat = 0;
        target.Open(units).GradientsOf(rows.Numbers, (row, logits, gradient) =>
        {
            if (IsFlat(logits)) flat++;
            LogitGradients.CrossEntropy(logits, rows.Labels[row], gradient);
        }, gradients);
        int zero = Enumerable.Range(0, rows.Count).Count(row => NormBall.LengthOf(gradients.AsSpan(row * rows.Columns, rows.Columns)) == 0);
        return ((double)zero / rows.Count, (double)flat / rows.Count);
    }

    private static bool IsFlat(ReadOnlySpan<float> logits)
    {
        int best = Reductions.IndexOfMax(logits);
        for (int k = 0; k < logits.Length; k++)
            if (k != best && (float)StableMath.Exp((double)logits[k] - logits[best]) > 0) return false;
        return true;
    }

    /// <summary>The attacks that are compared.</summary>
    private sealed record Runs(EvasionRun One, EvasionRun Many, EvasionRun Longer, EvasionRun Scores, EvasionRun Labels, EvasionRun Unbounded)
    {
        public EvasionRun[] All => [One, Many, Longer, Scores, Labels, Unbounded];
    }
}
