namespace Cluster.Ml.Reinforcement.QLearning;

/// <summary>Reads action values.</summary>
internal static class QTable
{
    /// <summary>The best action of a cell; of several the first.</summary>
    /// <param name="values">[actions].</param>
    public static int BestOf(ReadOnlySpan<double> values)
    {
        int best = 0;
        for (int action = 1; action < values.Length; action++)
            if (values[action] > values[best]) best = action;
        return best;
    }
}
