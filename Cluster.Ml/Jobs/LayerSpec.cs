namespace Cluster.Ml.Jobs;

/// <summary>One layer of a network.</summary>
public abstract record LayerSpec
{
    /// <summary>What other layers call it, or null.</summary>
    public string? Name { get; init; }

    /// <summary>The named layer whose output it reads; null for the layer before it.</summary>
    public string? From { get; init; }

    /// <summary>The named layer whose parameters it uses as well; null for parameters of its own.</summary>
    public string? Share { get; init; }

    /// <summary>Whether training leaves its parameters as they are.</summary>
    public bool Frozen { get; init; }

    /// <summary>A fully connected layer.</summary>
    /// <param name="Units">Outputs.</param>
    /// <param name="Activation">relu, tanh, sigmoid, leaky-relu or none.</param>
    public sealed record Dense(int Units, string Activation) : LayerSpec;

    /// <summary>Sets a share of the inputs to zero while training.</summary>
    /// <param name="Rate">The share, in [0, 1).</param>
    public sealed record Dropout(double Rate) : LayerSpec;

    /// <summary>A recurrent layer over the moments of a row.</summary>
    /// <param name="Cell">lstm or rnn.</param>
    /// <param name="Units">Outputs of a moment.</param>
    /// <param name="Time">Moments that a row is cut into; 0 for the first size of what comes in.</param>
    /// <param name="All">Whether every moment's output goes on, and not the last alone.</param>
    public sealed record Recurrent(string Cell, int Units, int Time, bool All) : LayerSpec;

    /// <summary>Brings branches together: adds them up, or puts them side by side along the last axis.</summary>
    /// <param name="Adds">Whether they are added.</param>
    /// <param name="Branches">What comes together, in order.</param>
    public sealed record Join(bool Adds, IReadOnlyList<BranchSpec> Branches) : LayerSpec;
}

/// <summary>A branch of a network: layers one after another.</summary>
/// <param name="Source">The named layer whose output it reads; null for what the join that it belongs to would read.</param>
/// <param name="Layers">The layers; none to pass the source on.</param>
public sealed record BranchSpec(string? Source, IReadOnlyList<LayerSpec> Layers);
