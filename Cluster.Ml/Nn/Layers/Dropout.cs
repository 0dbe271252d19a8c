using System.Runtime.Intrinsics;
using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn.Layers;

/// <summary>What a job says about dropout.</summary>
/// <param name="Rate">The share of the inputs that is set to zero, in [0, 1).</param>
public sealed record DropoutOptions(double Rate) : LayerSpec
{
    internal static readonly NamedChoice Declared = new("dropout", "sets a share of its inputs to zero while training", new KeySet<DropoutOptions>(new(0))
        .Number("dropout", "Share of the inputs.", o => o.Rate, (o, value) => o with { Rate = value }, NumberRange.Decay with { Noun = "a share" }).Required("0.1"));

    /// <inheritdoc/>
    public override string Kind => Declared.Name;

    internal override bool? SeesImages => null;

    internal override Layer Create(TensorShape input) => new Dropout(input, Rate);
}

/// <summary>Sets each input to zero with a given randomness while training, and scales the others so that the mean stays.</summary>
/// <remarks>
/// Equation    y = x ⊙ m,  m = 0 if u &lt; rate, else 1 / (1 − rate)
/// Shapes      x [N, I] → y [N, I]
/// Gradient    ∂L/∂x = ∂L/∂y ⊙ m
/// Train/Eval  not training: m = 1
/// Range       u depends on (seed, step, example, unit) alone, so neither batches nor workers change a mask
/// Source      Srivastava et al., JMLR 15 (2014), § 10 for the scaling while training
/// </remarks>
internal sealed class Dropout(TensorShape shape, double rate) : Layer(shape, shape)
{
    public override string Name => FormattableString.Invariant($"dropout {rate}");

    public override int SavedPerRow => Inputs;

    public override int RandomPerRow => Inputs;

    public override bool ReadsInputBackward => false;

    public override bool ReadsOutputBackward => false;

    public override string? WriteOnnx(OnnxGraph graph, string input, ReadOnlySpan<float> parameters) => input;

    public override void Forward(in LayerPass pass)
    {
        if (pass.Random is not { Training: true } random)
        {
            pass.Input[..(pass.Rows * Inputs)].CopyTo(pass.Output);
            pass.SavedForBackward.Fill(1);
            return;
        }
        for (int row = 0; row < pass.Rows; row++)
        {
            Span<float> mask = pass.SavedForBackward.Slice(row * Inputs, Inputs);
            random.FillUniform(row, pass.FirstUnit, mask);
            ToMask(mask, (float)rate, (float)(1 / (1 - rate)));
        }
        Multiply(pass.Input, pass.SavedForBackward, pass.Output, pass.Rows * Inputs);
    }

    public override void BackwardInput(in LayerPass pass)
    {
        if (!pass.InputGradient.IsEmpty) Multiply(pass.OutputGradient, pass.SavedForBackward, pass.InputGradient, pass.Rows * Inputs);
    }

    private static void ToMask(Span<float> uniform, float rate, float scale)
    {
        foreach (ref float u in uniform) u = u < rate ? 0 : scale;
    }

    private static void Multiply(ReadOnlySpan<float> x, ReadOnlySpan<float> mask, Span<float> y, int count)
    {
        int i = 0;
        for (; i <= count - Reductions.Lanes; i += Reductions.Lanes)
            (Vector512.Create(x.Slice(i, Reductions.Lanes)) * Vector512.Create(mask.Slice(i, Reductions.Lanes))).CopyTo(y[i..]);
        for (; i < count; i++) y[i] = x[i] * mask[i];
    }
}
