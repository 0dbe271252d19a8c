namespace Cluster.Ml.Custom;

/// <summary>A layer that a program adds: pure functions of one row, so that all threads share it. Registered by <see cref="CustomParts.AddLayer"/>.</summary>
/// <remarks>
/// Equation  y = f(x, w);  ∂L/∂x = (∂y/∂x)ᵀ ∂L/∂y;  ∂L/∂w = Σ over rows of (∂y/∂w)ᵀ ∂L/∂y
/// Shapes    x [Inputs] → y [Outputs]; w [Weights]
/// Range     a row's numbers must depend on that row and the weights alone: no clock, no ambient randomness, no state between calls
/// Differs   from the layers of the library: it is asked row by row, has no operators for ONNX, and with weights cannot be trained privately
/// </remarks>
/// <param name="inputs">Numbers of a row coming in, at least 1.</param>
/// <param name="outputs">Numbers of a row going out, at least 1.</param>
public abstract class CustomLayer(int inputs, int outputs)
{
    /// <summary>Numbers of a row coming in.</summary>
    public int Inputs => inputs;

    /// <summary>Numbers of a row going out.</summary>
    public int Outputs => outputs;

    /// <summary>How many numbers it learns; penalties are laid on all of them. Default 0.</summary>
    public virtual int Weights => 0;

    /// <summary>Fills the weights before training. By default each is 0.</summary>
    /// <param name="weights">[Weights], overwritten.</param>
    /// <param name="normal">The next number of N(0, 1), keyed by the job's seed and the layer's place.</param>
    public virtual void Start(Span<float> weights, Func<double> normal) => weights.Clear();

    /// <summary>Writes the output of a row.</summary>
    /// <param name="x">[Inputs].</param>
    /// <param name="weights">[Weights].</param>
    /// <param name="y">[Outputs], overwritten.</param>
    public abstract void Forward(ReadOnlySpan<float> x, ReadOnlySpan<float> weights, Span<float> y);

    /// <summary>Writes the gradient of the loss by the input of a row.</summary>
    /// <param name="x">[Inputs].</param>
    /// <param name="y">[Outputs], as Forward wrote it.</param>
    /// <param name="weights">[Weights].</param>
    /// <param name="dy">[Outputs]: the gradient by the output.</param>
    /// <param name="dx">[Inputs], overwritten.</param>
    public abstract void Backward(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> weights, ReadOnlySpan<float> dy, Span<float> dx);

    /// <summary>Adds the gradient of the loss by the weights, of one row. A layer with weights must write it.</summary>
    /// <param name="x">[Inputs].</param>
    /// <param name="y">[Outputs], as Forward wrote it.</param>
    /// <param name="weights">[Weights].</param>
    /// <param name="dy">[Outputs]: the gradient by the output.</param>
    /// <param name="gradient">[Weights], added to.</param>
    public virtual void AddGradient(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> weights, ReadOnlySpan<float> dy, Span<float> gradient)
    {
    }
}
