using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Nn.Layers;

/// <summary>
/// One layer of a network: fixed sizes and pure functions over buffers that somebody else owns, so that all threads share it.
/// </summary>
/// <remarks>
/// Shapes    input [rows, Inputs], output [rows, Outputs], parameters [ParameterCount]: the weights, then the biases
/// Range     row i of the output and of the input gradient depends on row i alone
/// </remarks>
internal abstract class Layer(int inputs, int outputs)
{
    /// <summary>What the job file calls it, such as "dense 128".</summary>
    public abstract string Name { get; }

    /// <summary>Numbers a row coming in.</summary>
    public int Inputs { get; } = inputs;

    /// <summary>Numbers a row going out.</summary>
    public int Outputs { get; } = outputs;

    /// <summary>How many of the parameters, from the first, are weights: what penalties are laid on.</summary>
    public virtual int WeightCount => 0;

    /// <summary>How many parameters there are; after the weights come the biases.</summary>
    public virtual int ParameterCount => 0;

    /// <summary>Numbers a row that Forward keeps for Backward, beside input and output.</summary>
    public virtual int KeptPerRow => 0;

    /// <summary>Fills the parameters before training.</summary>
    public virtual void Initialize(Span<float> parameters, ulong seed, int layer)
    {
    }

    /// <summary>Writes the output.</summary>
    public abstract void Forward(in LayerPass pass);

    /// <summary>
    /// Turns the output's gradient into what <see cref="BackwardParameters"/> needs, in place, and writes the input's gradient
    /// unless nobody wants it (then the span is empty).
    /// </summary>
    public abstract void BackwardInput(in LayerPass pass);

    /// <summary>Writes the gradient of the parameters, summed over each micro-batch in row order, these added up as a fixed tree.</summary>
    public virtual void BackwardParameters(in LayerPass pass, ReadOnlySpan<int> ends, Span<float> gradient)
    {
    }

    /// <summary>Adds the squared norm of every single row's parameter gradient, without forming it; called after BackwardInput.</summary>
    public virtual void AddSquaredNorms(in LayerPass pass, Span<float> squaredNorms)
    {
    }

    /// <summary>Multiplies what each row contributes to the parameter gradient.</summary>
    public virtual void ScaleRows(in LayerPass pass, ReadOnlySpan<float> factors)
    {
    }
}

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

    /// <summary>[rows × KeptPerRow].</summary>
    public Span<float> Kept { get; init; }

    /// <summary>[rows × Outputs]: the gradient of the loss sum by the output.</summary>
    public Span<float> OutputGradient { get; init; }

    /// <summary>[rows × Inputs], or empty where it is not wanted.</summary>
    public Span<float> InputGradient { get; init; }

    /// <summary>What chance is keyed by while training; null when the network is only asked.</summary>
    public TrainingChance? Chance { get; init; }

    /// <summary>Packing buffers.</summary>
    public required GemmWorkspace Workspace { get; init; }
}

/// <summary>Keys of the numbers that training draws for single examples.</summary>
/// <param name="seed">The job's seed.</param>
internal sealed class TrainingChance(ulong seed)
{
    /// <summary>The step.</summary>
    public long Step { get; set; }

    /// <summary>Number of each row among all training rows, [rows].</summary>
    public int[] ExampleIds { get; set; } = [];

    /// <summary>Uniform numbers in [0, 1) of one row: they depend on the seed, the step, the example and the unit alone.</summary>
    /// <param name="row">Which row.</param>
    /// <param name="firstUnit">The first unit's number among all units of the network that chance decides on.</param>
    /// <param name="unitsInAll">How many such units the network has.</param>
    /// <param name="numbers">Overwritten.</param>
    public void Fill(int row, int firstUnit, int unitsInAll, Span<float> numbers) =>
        Philox.FillUniform(numbers, seed, RandomPurpose.Dropout, Step, ((long)ExampleIds[row] * unitsInAll) + firstUnit);
}
