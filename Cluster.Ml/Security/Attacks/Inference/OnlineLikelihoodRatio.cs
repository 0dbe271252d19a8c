using Cluster.Ml.Data;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Security.Attacks.Inference;

/// <summary>The likelihood ratio attack with models of both kinds: is what the model says of a row likelier of a member or of another?</summary>
/// <remarks>
/// Equation      φ = log p/(1 − p); of each row μ_in and μ_out over shadow models with and without it, σ_in and σ_out over all rows;
///               s(x) = log N(φ; μ_in, σ_in²) − log N(φ; μ_out, σ_out²)
/// Threat model  as membership; the attacker knows the rows that it asks about before it trains, and trains shadow models on half of them each
/// Source        Carlini et al., "Membership Inference Attacks From First Principles", IEEE S&amp;P 2022, algorithm 1, with a global variance
/// </remarks>
internal sealed class OnlineLikelihoodRatio : MembershipInference
{
    private const int ModelsLeast = 2;

    public override string Name => "lira-online";

    public override string Meaning => "the likelihood ratio attack, online: shadow models with and without each row";

    public override string ThreatModel => "Membership inference, black box: as lira; the attacker has the very rows that it asks about when it trains its shadow models.";

    public override string Source => "Carlini et al., IEEE S&P 2022";

    internal override int ModelsUsual => 16;

    public override IAttackPieces Cut(AttackTarget target, AttackSettings settings) => settings.Models is { } few and < ModelsLeast
        ? throw new BadInputException("--models", null, null, $"at least {ModelsLeast} shadow models, with and without a row", $"{few}", "train more, or use lira")
        : base.Cut(target, settings);

    internal override double[] Scores(double[] target, IReadOnlyList<double[]> shadows, IReadOnlyList<bool[]> members)
    {
        ShadowSide inside = ShadowSide.Of(shadows, members, target.Length, inside: true), outside = ShadowSide.Of(shadows, members, target.Length, inside: false);
        return [.. target.Select((said, row) => LogDensity(said, inside, row) - LogDensity(said, outside, row))];
    }

    private static double LogDensity(double said, ShadowSide side, int row)
    {
        double z = (said - side.Means[row]) / side.Deviation;
        return (-0.5 * z * z) - StableMath.Log(side.Deviation);
    }
}
