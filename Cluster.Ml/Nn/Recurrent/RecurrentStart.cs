using Cluster.Ml.Nn.Initializers;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Nn.Recurrent;

/// <summary>How the parameters of a recurrence start.</summary>
/// <remarks>
/// Equation  uniform: W and U from U(−r, r), r = 1/√H;
///           orthogonal: W as before, each gate's U an orthogonal matrix, so that what a step carries keeps its norm;
///           biases zero
/// Range     a function of (seed, block) alone
/// Source    uniform: PyTorch's recurrent layers; orthogonal: Saxe, McClelland, Ganguli, ICLR 2014
/// Differs   from a start with a forget gate's bias of 1 (Jozefowicz, Zaremba, Sutskever, 2015), which learned characters more slowly here
/// </remarks>
internal static class RecurrentStart
{
    /// <summary>Fills the parameters of a recurrence.</summary>
    /// <param name="recurrence">Says the shapes.</param>
    /// <param name="parameters">[ParameterCount], overwritten.</param>
    /// <param name="orthogonal">Whether U is orthogonal.</param>
    /// <param name="seed">The job's seed.</param>
    /// <param name="block">The number of the recurrence among the model's blocks.</param>
    public static void Fill(Recurrence recurrence, Span<float> parameters, bool orthogonal, ulong seed, int block)
    {
        int units = recurrence.Units, gates = recurrence.Cell.Gates;
        Span<float> weights = parameters[..recurrence.WeightCount], biases = parameters[recurrence.WeightCount..];
        FillUniform(weights, 1 / Math.Sqrt(units), seed, block);
        if (orthogonal)
            for (int gate = 0; gate < gates; gate++)
                FillOrthogonal(weights[(recurrence.Inputs * gates * units)..], units, gates, gate, seed, block);
        biases.Clear();
    }

    /// <summary>Fills with uniform numbers of (−range, range).</summary>
    public static void FillUniform(Span<float> weights, double range, ulong seed, int block)
    {
        Philox.FillUniform(weights, seed, RandomPurpose.Initialize, block, 0);
        foreach (ref float weight in weights) weight = ((2 * weight) - 1) * (float)range;
    }

    /// <summary>A square matrix of rows that are orthogonal to each other and of length 1.</summary>
    private static void FillOrthogonal(Span<float> weights, int units, int gates, int gate, ulong seed, int block)
    {
        double[][] rows = OrthonormalRows.Draw(
            units, units, row => RandomStream.At(seed, RandomPurpose.InitializeOrthogonal, block, ((long)gate * units) + row));
        for (int i = 0; i < units; i++)
            for (int j = 0; j < units; j++) weights[(((i * gates) + gate) * units) + j] = (float)rows[i][j];
    }
}
