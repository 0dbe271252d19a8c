using Cluster.Ml.Data;
using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Nn.Layers;

/// <summary>What a job says about vectors of tokens.</summary>
/// <param name="Units">Numbers of a vector.</param>
/// <param name="Tokens">How many tokens there are: a row holds whole numbers from 0, below this.</param>
public sealed record EmbeddingOptions(int Units, int Tokens) : LayerSpec
{
    private const int TokensMax = 1 << 24;

    internal static readonly NamedChoice Declared = new("embedding", "a vector for each token of a row", new KeySet<EmbeddingOptions>(new(64, 2))
        .Whole("embedding", "Numbers of a vector.", o => o.Units, (o, value) => o with { Units = value }, 1, JobDefaults.UnitsMax).Required("16")
        .Whole("tokens", "How many tokens there are: rows hold whole numbers from 0, below this.", o => o.Tokens, (o, value) => o with { Tokens = value }, 1, TokensMax)
        .Required("1000, where rows hold tokens from 0 to 999"));

    /// <inheritdoc/>
    public override string Kind => Declared.Name;

    internal override Layer Create(TensorShape input) => new Embedding(input, Tokens, Units);
}

/// <summary>A vector for each token of a row.</summary>
/// <remarks>
/// Equation    y(t) = E[x(t)]
/// Shapes      x [N, T] whole numbers in [0, V) → y [N, T, D]; E [V, D]
/// Gradient    ∂L/∂E[v] = Σ ∂L/∂y(t) over the places t of rows that hold v; none by x
/// Parameters  E: N(0, 1)
/// Norms       one row's squared gradient norm is Σ δₛ·δₜ over pairs of its places s, t that hold the same token
/// Source      Bengio, Ducharme, Vincent, Jauvin, "A Neural Probabilistic Language Model", JMLR 3 (2003), § 2; the start is PyTorch's
/// </remarks>
/// <param name="input">What one row holds: T tokens.</param>
/// <param name="tokens">V.</param>
/// <param name="units">D.</param>
internal sealed class Embedding(TensorShape input, int tokens, int units) : Layer(input, TensorShape.Of(TokensOf(input), units))
{
    public override string Name => $"embedding {units}";

    public override int WeightCount => checked(tokens * units);

    public override int ParameterCount => WeightCount;

    public override int SavedPerRow => ScatterSums.WorkFor(Inputs);

    public override bool ReadsOutputBackward => false;

    public override bool HasRowNorms => true;

    public override bool PropagatesGradient => false;

    public override void Initialize(Span<float> parameters, ulong seed, int layer) =>
        Philox.FillGaussian(parameters, seed, RandomPurpose.Initialize, layer, 0);

    public override IReadOnlyList<LayerTensor> Tensors => [new("weight", [tokens, units])];

    public override string? WriteOnnx(OnnxGraph graph, string input, ReadOnlySpan<float> parameters) =>
        graph.Add("Gather", [graph.Constant(OnnxTensor.Of(parameters, tokens, units)), graph.Cast(input, OnnxType.Int64)]);

    /// <exception cref="BadInputException">A number is no token.</exception>
    public override void Forward(in LayerPass pass)
    {
        for (int i = 0; i < pass.Input.Length; i++)
        {
            float token = pass.Input[i];
            if (!(token >= 0 && token < tokens && token == MathF.Floor(token)))
                throw new BadInputException(
                    Name, null, null, $"whole numbers from 0 to {tokens - 1} in every column", $"{token} in column {(i % Inputs) + 1}",
                    "raise tokens, and leave the columns as they are: data.scale: none");
            pass.Parameters.Slice((int)token * units, units).CopyTo(pass.Output[(i * units)..]);
        }
    }

    public override void BackwardInput(in LayerPass pass) => pass.InputGradient.Clear();

    public override void BackwardParameters(in LayerPass pass, ReadOnlySpan<int> ends, Span<float> gradient)
    {
        Span<int> places = stackalloc int[ends.Length];
        for (int i = 0; i < ends.Length; i++) places[i] = ends[i] * Inputs;
        ScatterSums.SumRows(pass.OutputGradient, pass.Input, units, places, gradient, pass.SavedForBackward);
    }

    public override void AddSquaredNorms(in LayerPass pass, Span<float> squaredNorms)
    {
        for (int row = 0; row < pass.Rows; row++)
        {
            ReadOnlySpan<float> x = pass.Input.Slice(row * Inputs, Inputs), delta = pass.OutputGradient.Slice(row * Outputs, Outputs);
            float sum = 0;
            for (int s = 0; s < x.Length; s++)
            {
                sum += Reductions.SquaredNorm(delta.Slice(s * units, units));
                for (int t = 0; t < s; t++)
                    if (x[t] == x[s]) sum += 2 * Reductions.Dot(delta.Slice(s * units, units), delta.Slice(t * units, units));
            }
            squaredNorms[row] += sum;
        }
    }

    public override void ScaleRows(in LayerPass pass, ReadOnlySpan<float> factors)
    {
        for (int row = 0; row < pass.Rows; row++)
            if (factors[row] != 1) Reductions.Scale(pass.OutputGradient.Slice(row * Outputs, Outputs), factors[row]);
    }

    private static int TokensOf(TensorShape input) => input.Rank == 1
        ? input.Count
        : throw new ArgumentException($"embedding: wanted a row of tokens, got {input}; put it first.", nameof(input));
}
