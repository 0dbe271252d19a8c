using Cluster.Ml.Randomness;

namespace Cluster.Ml.Reinforcement.PolicyGradient;

/// <summary>An episode while it is played, and what is left of it afterwards.</summary>
/// <param name="state">The state that it begins in; changed while it is played.</param>
internal sealed class Episode(double[] state)
{
    /// <summary>Random numbers of the environment.</summary>
    public RandomStream Chance;

    /// <summary>Random numbers that actions are drawn by.</summary>
    public RandomStream Choice;

    /// <summary>The state that it is in.</summary>
    public double[] State { get; } = state;

    /// <summary>The states in which actions were taken, one after another, and then, if it was cut off, the last one.</summary>
    public List<float> States { get; } = [];

    /// <summary>The actions.</summary>
    public List<int> Actions { get; } = [];

    /// <summary>ln π(a | s) of each.</summary>
    public List<float> LogProbabilities { get; } = [];

    /// <summary>The reward of each.</summary>
    public List<double> Rewards { get; } = [];

    /// <summary>Whether it ended by itself, and was not cut off.</summary>
    public bool Ends { get; set; }

    /// <summary>Actions taken.</summary>
    public int Steps { get; set; }

    /// <summary>Rewards added up.</summary>
    public double Return { get; set; }
}
