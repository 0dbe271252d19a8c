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
    /// <param name="Activation">relu, tanh, sigmoid, leaky-relu, heaviside or none.</param>
    public sealed record Dense(int Units, string Activation) : LayerSpec
    {
        /// <summary>How its weights start: he, glorot, orthogonal; null for what suits the activation.</summary>
        public string? Start { get; init; }
    }

    /// <summary>A vector for each token of a row.</summary>
    /// <param name="Units">Numbers of a vector.</param>
    /// <param name="Tokens">How many tokens there are: a row holds whole numbers from 0, below this.</param>
    public sealed record Embedding(int Units, int Tokens) : LayerSpec;

    /// <summary>Sets a share of the inputs to zero while training.</summary>
    /// <param name="Rate">The share, in [0, 1).</param>
    public sealed record Dropout(double Rate) : LayerSpec;

    /// <summary>A recurrent layer over the moments of a row.</summary>
    /// <param name="Cell">lstm or rnn.</param>
    /// <param name="Units">Outputs of a moment.</param>
    /// <param name="Time">Moments that a row is cut into; 0 for the first size of what comes in.</param>
    /// <param name="All">Whether every moment's output goes on, and not the last alone.</param>
    public sealed record Recurrent(string Cell, int Units, int Time, bool All) : LayerSpec;

    /// <summary>Filters that slide over images.</summary>
    /// <param name="Filters">Channels going out.</param>
    /// <param name="Window">The filters' size and steps.</param>
    /// <param name="Activation">relu, tanh, sigmoid, leaky-relu, heaviside or none.</param>
    public sealed record Convolution(int Filters, WindowSpec Window, string Activation) : LayerSpec
    {
        /// <summary>How its weights start: he, glorot, orthogonal; null for what suits the activation.</summary>
        public string? Start { get; init; }
    }

    /// <summary>The largest or the mean number under a window.</summary>
    /// <param name="Largest">Whether it is the largest.</param>
    /// <param name="Window">The window's size and steps.</param>
    public sealed record Pooling(bool Largest, WindowSpec Window) : LayerSpec;

    /// <summary>The same numbers in another shape.</summary>
    /// <param name="Sizes">Height, width and channels; none for numbers in a row.</param>
    public sealed record Reshape(IReadOnlyList<int> Sizes) : LayerSpec;

    /// <summary>An activation on its own.</summary>
    /// <param name="Activation">relu, tanh, sigmoid, leaky-relu, softmax or heaviside.</param>
    public sealed record Activate(string Activation) : LayerSpec;

    /// <summary>Brings branches together: adds them up, or puts them side by side along the last axis.</summary>
    /// <param name="Adds">Whether they are added.</param>
    /// <param name="Branches">What comes together, in order.</param>
    public sealed record Join(bool Adds, IReadOnlyList<BranchSpec> Branches) : LayerSpec;
}

/// <summary>A branch of a network: layers one after another.</summary>
/// <param name="Source">The named layer whose output it reads; null for what the join that it belongs to would read.</param>
/// <param name="Layers">The layers; none to pass the source on.</param>
public sealed record BranchSpec(string? Source, IReadOnlyList<LayerSpec> Layers);

/// <summary>A window that slides over images.</summary>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Columns of pixels.</param>
/// <param name="Stride">Pixels from one place to the next.</param>
/// <param name="Same">Whether the image is padded with zeros so that with stride 1 it keeps its size.</param>
public sealed record WindowSpec(int Height, int Width, int Stride, bool Same);
