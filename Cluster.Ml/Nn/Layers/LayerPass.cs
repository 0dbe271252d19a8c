using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn.Layers;

/// <summary>The buffers of one layer while rows pass through it.</summary>
internal readonly ref struct LayerPass
{
    /// <summary>How many rows.</summary>
    public required int Rows { get; init; }

    /// <summary>[rows × Inputs].</summary>
    public required ReadOnlySpan<float> Input { get; init; }

    /// <summary>[rows × Outputs].</summary>
    public required Span<float> Output { get; init; }

    /// <summary>[ParameterCount].</summary>
    public required ReadOnlySpan<float> Parameters { get; init; }

    /// <summary>[rows × SavedPerRow].</summary>
    public Span<float> SavedForBackward { get; init; }

    /// <summary>[rows × Outputs]: the gradient of the loss sum by the output.</summary>
    public Span<float> OutputGradient { get; init; }

    /// <summary>[rows × Inputs], or empty if it is not wanted.</summary>
    public Span<float> InputGradient { get; init; }

    /// <summary>What randomness is keyed by; null when the network is only asked.</summary>
    public RowRandom? Random { get; init; }

    /// <summary>The number of the layer's first random unit among those of the whole network.</summary>
    public int FirstUnit { get; init; }

    /// <summary>Packing buffers.</summary>
    public required GemmWorkspace Workspace { get; init; }
}
