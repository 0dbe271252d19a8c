using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Reinforcement.PolicyGradient;

/// <summary>A policy that follows the gradient of its return, with a baseline that is learned.</summary>
internal sealed class ReinforceKind : PolicyKind
{
    public override string Name => "reinforce";

    public override string Meaning => "a policy that follows the gradient of its return, with a learned baseline";

    internal override KeySet Options => PolicyOptions.OfReinforce;
}
