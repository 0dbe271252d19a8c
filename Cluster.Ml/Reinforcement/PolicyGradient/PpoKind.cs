using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Reinforcement.PolicyGradient;

/// <summary>A policy that learns several times from each batch of episodes, and does not move far from the one that played them.</summary>
internal sealed class PpoKind : PolicyKind
{
    public override string Name => "ppo";

    public override string Meaning => "a policy that learns several times from each batch of episodes (proximal policy optimization)";

    internal override KeySet Options => PolicyOptions.OfPpo;
}
