using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Nn;

/// <summary>What one pass of a layer forward and back gives; all buffers are full of NaN before, so that what is not written shows.</summary>
internal sealed record LayerRun(float[] Output, float[] InputGradient, float[] Gradient)
{
    /// <summary>One pass, with the gradient of Σ wave(0.9) · output unless another is given.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="x">[rows × Inputs].</param>
    /// <param name="parameters">[ParameterCount]; none by default.</param>
    /// <param name="random">What randomness is keyed by; null when the layer is only asked.</param>
    /// <param name="outputGradient">[rows × Outputs].</param>
    public static LayerRun Of(Layer layer, float[] x, float[]? parameters = null, RowRandom? random = null, float[]? outputGradient = null)
    {
        int rows = x.Length / layer.Inputs;
        LayerRun run = new(Unwritten(rows * layer.Outputs), Unwritten(x.Length), Unwritten(layer.ParameterCount));
        LayerPass pass = new()
        {
            Rows = rows,
            Input = x,
            Output = run.Output,
            Parameters = parameters ?? [],
            SavedForBackward = Unwritten(rows * layer.SavedPerRow),
            OutputGradient = outputGradient ?? GoldenNn.Wave(run.Output.Length, 0.9),
            InputGradient = run.InputGradient,
            Random = random,
            FirstUnit = SomeRandom.FirstUnit,
            Workspace = new GemmWorkspace(),
        };
        layer.Forward(pass);
        layer.BackwardInput(pass);
        layer.BackwardParameters(pass, rows > 1 ? [1, rows] : [rows], run.Gradient);
        return run;
    }

    private static float[] Unwritten(int length) => [.. Enumerable.Repeat(float.NaN, length)];
}

/// <summary>Randomness for the rows of a layer that is one among others of a network.</summary>
internal static class SomeRandom
{
    public const int FirstUnit = 10;
    private const int UnitsPerRow = 100;

    public static RowRandom For(int[] exampleIds, long step = 4, bool training = true) =>
        new(42, UnitsPerRow) { Step = step, ExampleIds = exampleIds, Training = training };
}
