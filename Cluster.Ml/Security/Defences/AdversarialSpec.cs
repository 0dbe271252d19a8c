using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Security.Defences;

/// <summary>Adversarial training: a network learns from rows that are changed against it in each step. The key training.adversarial.</summary>
/// <param name="Epsilon">The largest change of any number, after scaling.</param>
/// <param name="Steps">Steps of the attack: 1 is the fast gradient sign method from a random start.</param>
/// <param name="StepSize">How far a step goes; null for 2.5·ε/steps, of one step 1.25·ε.</param>
/// <remarks>
/// Equation      min over θ of mean max over ‖δ‖∞ ≤ ε of L(θ, x + δ, y), the inner maximum by projected gradient steps from a random start
/// Range         with data.scale unit255 or minmax changed rows stay in [0, 1]
/// Determinism   the start is keyed by (seed, step, example); each row is changed alone
/// Source        Madry et al., "Towards Deep Learning Models Resistant to Adversarial Attacks", ICLR 2018; Wong, Rice, Kolter, "Fast is Better than
///               Free", ICLR 2020, for one step
/// </remarks>
public sealed record AdversarialSpec(double Epsilon, int Steps, double? StepSize)
{
    /// <summary>A value of the key, for a message.</summary>
    internal const string Example = "{ epsilon: 0.3, steps: 7 }";

    internal static readonly KeySet<AdversarialSpec> Declared = new KeySet<AdversarialSpec>(new(0.1, 7, null))
        .Word("kind", "The attack.", o => o.Steps == 1 ? Fgsm : Pgd, (o, value) => value == Fgsm ? o with { Steps = 1 } : o, [Pgd, Fgsm])
        .Number("epsilon", "The largest change of any number, after scaling.", o => o.Epsilon, (o, value) => o with { Epsilon = value }, NumberRange.Positive)
        .Only("pgd", o => o.Steps != 1, "with kind fgsm", "it takes one step; remove it", keys => keys
            .Whole("steps", "Steps of the attack.", o => o.Steps, (o, value) => o with { Steps = value }, 2, 1000, unit: "steps"))
        .OptionalNumber("step-size", "How far a step goes.", o => o.StepSize, (o, value) => o with { StepSize = value }, NumberRange.Positive, "2.5 epsilon over steps; of one step 1.25 epsilon");

    private const string Pgd = "pgd", Fgsm = "fgsm";

    /// <summary>α.</summary>
    internal double Size => StepSize ?? (Steps == 1 ? 1.25 * Epsilon : 2.5 * Epsilon / Steps);
}
