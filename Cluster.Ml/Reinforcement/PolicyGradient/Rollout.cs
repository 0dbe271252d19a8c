namespace Cluster.Ml.Reinforcement.PolicyGradient;

/// <summary>All moments of the episodes of one micro-batch, ready to be learned from.</summary>
/// <param name="Ids">The episodes' numbers among all of the step.</param>
/// <param name="States">[moments × numbers of a state].</param>
/// <param name="Actions">[moments].</param>
/// <param name="LogProbabilities">ln π(a | s) when it was taken, [moments].</param>
/// <param name="Advantages">[moments].</param>
/// <param name="Targets">What the baseline is to become, [moments].</param>
internal sealed record Rollout(int[] Ids, float[] States, int[] Actions, float[] LogProbabilities, double[] Advantages, double[] Targets)
{
    /// <summary>How many actions were taken.</summary>
    public int Moments => Actions.Length;
}
