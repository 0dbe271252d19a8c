namespace Cluster.Ml.Security.Attacks.Inference;

/// <summary>The likelihood ratio attack: how unlikely is what the model says of a row, were it no member?</summary>
/// <remarks>
/// Equation      φ = log p/(1 − p); of each row μ_out over shadow models that were trained without it, σ_out over all rows;
///               s(x) = (φ − μ_out)/σ_out
/// Threat model  as membership; the attacker trains many shadow models
/// Source        Carlini et al., "Membership Inference Attacks From First Principles", IEEE S&amp;P 2022, § V: the offline attack, with a global variance
/// </remarks>
internal sealed class LikelihoodRatio : MembershipInference
{
    public override string Name => "lira";

    public override string Meaning => "the likelihood ratio attack, offline, with shadow models";

    public override string ThreatModel => "Membership inference, black box: as membership, with many shadow models and a likelihood for each row.";

    public override string Source => "Carlini et al., IEEE S&P 2022";

    internal override int ModelsUsual => 16;

    internal override double[] Scores(double[] target, IReadOnlyList<double[]> shadows, IReadOnlyList<bool[]> members)
    {
        ShadowSide outside = ShadowSide.Of(shadows, members, target.Length, inside: false);
        return [.. target.Select((said, row) => (said - outside.Means[row]) / outside.Deviation)];
    }
}
