using System.Globalization;
using System.Text;
using Cluster.Messages;
using Cluster.Ml.Export;

namespace Cluster.Coordinator.Jobs;

/// <summary>The norm of the gradient of each layer by epoch, as a CSV file beside the model: if it vanishes, the first layers do not learn.</summary>
/// <remarks>
/// Columns      epoch (from 1); step: steps done by its end; layer; norm: of the epoch's last step that trained the layer; rms norm: root of the mean square over its steps
/// Equation     norm = ‖(c/n) Σᵢ ∂ℓᵢ/∂θ‖₂ over the n examples of a step, before penalties; c &lt; 1 if clip-norm shortened it
/// Range        left out if training is private, as these norms are without noise
/// Determinism  made of the journal alone: the same bytes for any number of workers and through any restart
/// </remarks>
internal static class GradientCurve
{
    /// <summary>The file's name in the run directory.</summary>
    public const string FileName = "gradient-norms.csv";

    /// <summary>Writes the file whole or not at all; none for a learner that tells no norms.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public static void Write(string path, IReadOnlyList<string> layers, IReadOnlyList<EpochTrained> epochs)
    {
        if (layers.Count == 0) return;
        byte[] text = Encoding.UTF8.GetBytes(ToText(layers, epochs));
        AtomicFile.Write(path, file => file.Write(text));
    }

    /// <summary>The file's text.</summary>
    public static string ToText(IReadOnlyList<string> layers, IReadOnlyList<EpochTrained> epochs) =>
        CsvLines.ToText([["epoch", "step", "layer", "norm", "rms norm"], .. epochs.SelectMany(epoch => LinesOf(layers, epoch))]);

    private static IEnumerable<string[]> LinesOf(IReadOnlyList<string> layers, EpochTrained epoch)
    {
        double[] norms = epoch.GradientNorms.Doubles.ToArray();
        string number = (epoch.Epoch + 1).ToString(CultureInfo.InvariantCulture), step = epoch.Step.ToString(CultureInfo.InvariantCulture);
        for (int layer = 0; layer < norms.Length / 2; layer++)
            yield return [number, step, layers[layer], Number(norms[(2 * layer) + 1]), Number(norms[2 * layer])];
    }

    private static string Number(double value) => double.IsFinite(value) ? value.ToString("G7", CultureInfo.InvariantCulture) : "";
}
