using Cluster.Ml.Learning.Ranges;
using Cluster.Ml.Nn.Optimizers;
using Cluster.Ml.Nn.Recurrent;

namespace Cluster.Ml.Text.LanguageModel;

/// <summary>The parts of a recurrent language model, and the places of their numbers in the state.</summary>
/// <remarks>
/// Equation    x = E[token]; h¹ = recurrence(x), h² = recurrence(h¹), …;  P(next token) = softmax(h·W + b)
/// Shapes      state: E [V, D]; each recurrence's weights, then its biases; W [H, V]; b [V]; then what every stream carries
///             from one window to the next [streams, <see cref="CarriedPerStream"/>], layer after layer
/// Parameters  E: N(0, 1); W: U(−1/√H, 1/√H), b: zero; recurrences: <see cref="RecurrentStart"/>
/// </remarks>
internal sealed class LanguageLayout
{
    /// <summary>Lays a model out.</summary>
    public LanguageLayout(LanguageOptions spec, int vocabulary, int streams)
    {
        Spec = spec;
        Vocabulary = vocabulary;
        Streams = streams;
        List<LanguageBlock> blocks = [];
        Embedding = Append(blocks, "embedding", checked(vocabulary * spec.Embedding), 0);
        Recurrences = new Recurrence[spec.Depth];
        RecurrentBlocks = new LanguageBlock[spec.Depth];
        for (int layer = 0; layer < spec.Depth; layer++)
        {
            Recurrence recurrence = new(CellRegistry.Of(spec.Cell), layer == 0 ? spec.Embedding : spec.Units, spec.Units, spec.Window);
            Recurrences[layer] = recurrence;
            RecurrentBlocks[layer] = Append(blocks, $"{spec.Cell} {layer + 1}", recurrence.WeightCount, recurrence.ParameterCount - recurrence.WeightCount);
            CarriedPerStream += recurrence.CarriedPerRow;
        }
        Output = Append(blocks, "softmax", checked(spec.Units * vocabulary), vocabulary);
        Blocks = blocks;
        ParameterCount = Output.End;
        StateLength = checked(ParameterCount + (streams * CarriedPerStream));
    }

    /// <summary>Sizes, as the job gives them.</summary>
    public LanguageOptions Spec { get; }

    /// <summary>Tokens that are told apart.</summary>
    public int Vocabulary { get; }

    /// <summary>Streams that the text is cut into, which is the rows of a batch.</summary>
    public int Streams { get; }

    /// <summary>The blocks of parameters in the order of the state.</summary>
    public IReadOnlyList<LanguageBlock> Blocks { get; }

    /// <summary>E.</summary>
    public LanguageBlock Embedding { get; }

    /// <summary>The recurrent layers, from below.</summary>
    public Recurrence[] Recurrences { get; }

    /// <summary>Where the parameters of each are.</summary>
    public LanguageBlock[] RecurrentBlocks { get; }

    /// <summary>W and b.</summary>
    public LanguageBlock Output { get; }

    /// <summary>All parameters.</summary>
    public int ParameterCount { get; }

    /// <summary>Numbers that one stream carries from one window to the next.</summary>
    public int CarriedPerStream { get; }

    /// <summary>Parameters and carried numbers.</summary>
    public int StateLength { get; }

    /// <summary>Where what a stream carries begins in the state.</summary>
    public int CarriedOffset(int stream) => ParameterCount + (stream * CarriedPerStream);

    /// <summary>The same as the steps of its optimizer see it.</summary>
    public StepLayout LayOutSteps(Optimizer optimizer) => new(
        [.. Blocks.Select(block => new StepBlock(block.Name, new Slice(block.Offset, block.Count), block.Weights, block.Offset))],
        [(optimizer, [.. Blocks.Select(_ => true)])], NormRule.Whole, keepsNorms: true, carried: StateLength - ParameterCount);

    private static LanguageBlock Append(List<LanguageBlock> blocks, string name, int weights, int biases)
    {
        LanguageBlock block = new(name, blocks.Count, blocks.Count == 0 ? 0 : blocks[^1].End, weights, biases);
        blocks.Add(block);
        return block;
    }
}

/// <summary>The parameters of one part of the model.</summary>
/// <param name="Name">How messages name it.</param>
/// <param name="Index">Its place among the blocks: what the start of its weights is keyed by.</param>
/// <param name="Offset">Where it begins.</param>
/// <param name="Weights">How many weights.</param>
/// <param name="Biases">How many biases, after the weights.</param>
internal sealed record LanguageBlock(string Name, int Index, int Offset, int Weights, int Biases)
{
    /// <summary>How many parameters.</summary>
    public int Count => Weights + Biases;

    /// <summary>Where it ends.</summary>
    public int End => checked(Offset + Weights + Biases);

    /// <summary>The block within all parameters, or within their gradient.</summary>
    public ReadOnlySpan<float> Of(ReadOnlySpan<float> parameters) => parameters.Slice(Offset, Count);

    /// <summary>The block within all parameters, or within their gradient.</summary>
    public Span<float> Of(Span<float> parameters) => parameters.Slice(Offset, Count);
}
