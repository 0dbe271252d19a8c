using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Reinforcement.PolicyGradient;

/// <summary>What a moment costs, and how that changes with the logits and the value.</summary>
/// <remarks>
/// Equation  ℓ = −g − β·H + ½·(V(s) − R)²;  played once: g = A·ln π(a | s);  clipped: g = min(ρ·A, min(max(ρ, 1 − ε), 1 + ε)·A),
///           ρ = π(a | s) / π_played(a | s)
/// Units     β and g in units of the advantage
/// Gradient  ∂ℓ/∂zₖ = −c·([k = a] − pₖ) + β·pₖ·(ln pₖ + H), c = A, or ρ·A where ρ·A is the smaller of the two, else 0;  ∂ℓ/∂V = V − R
/// Source    Williams, "Simple Statistical Gradient-Following Algorithms for Connectionist Reinforcement Learning", Machine Learning 8 (1992);
///           Sutton and Barto (2018), § 13.4, for the baseline; Schulman et al., "Proximal Policy Optimization Algorithms" (2017), equation 7
/// Differs   from PPO's paper in that policy and baseline share no layer, so that the error of the baseline has no weight
/// </remarks>
internal sealed class PolicyLoss(PolicyModel model)
{
    private readonly ActionDistribution _actions = new(model.Process.ActionNames.Count);

    /// <summary>The loss of one row of a pass; fills its gradients at both heads.</summary>
    /// <param name="pass">After its forward pass.</param>
    /// <param name="row">Which row.</param>
    /// <param name="played">Where its moment is from.</param>
    /// <param name="moment">Which moment.</param>
    public double Row(NetworkPass pass, int row, Rollout played, int moment)
    {
        Head policy = model.Learning.Heads[0], baseline = model.Learning.Heads[1];
        _actions.Take(pass.OutputOf(policy, row));
        int action = played.Actions[moment];
        double entropy = _actions.Entropy(), weight = model.Options.Entropy, logarithm = _actions.LogOf(action);
        (double gain, double coefficient) = Gain(played.Advantages[moment], logarithm, played.LogProbabilities[moment]);
        ReadOnlySpan<double> probabilities = _actions.Probabilities;
        Span<float> gradient = pass.OutputGradientOf(policy);
        if (!gradient.IsEmpty)
            for (int k = 0; k < probabilities.Length; k++)
            {
                double taken = k == action ? 1 : 0;
                gradient[(row * probabilities.Length) + k] =
                    (float)((-coefficient * (taken - probabilities[k])) + (weight * probabilities[k] * (_actions.LogOf(k) + entropy)));
            }
        double error = pass.OutputOf(baseline, row)[0] - played.Targets[moment];
        Span<float> valueGradient = pass.OutputGradientOf(baseline);
        if (!valueGradient.IsEmpty) valueGradient[row] = (float)error;
        return -gain - (weight * entropy) + (0.5 * error * error);
    }

    /// <summary>What the policy gains by the moment, and what the gradient of the action's log-probability is multiplied by.</summary>
    private (double Gain, double Coefficient) Gain(double advantage, double logarithm, double before)
    {
        if (model.Options.Clip is not { } clip) return (advantage * logarithm, advantage);
        double ratio = StableMath.Exp(logarithm - before), free = ratio * advantage, bounded = Math.Clamp(ratio, 1 - clip, 1 + clip) * advantage;
        return free <= bounded ? (free, free) : (bounded, 0);
    }
}
