using System.Globalization;
using System.Text;
using Cluster.Messages;
using Cluster.Ml.Export;

namespace Cluster.Coordinator.Jobs;

/// <summary>How a model became better, epoch by epoch, as a CSV file beside it.</summary>
/// <remarks>
/// Columns      epoch (from 1); each figure of the training and of the validation split; epsilon, if training is private
/// Range        a figure that is no number is left empty
/// Determinism  made of the journal alone: the same bytes for any number of workers and through any restart
/// </remarks>
internal static class LearningCurve
{
    /// <summary>The file's name in the run directory.</summary>
    public const string FileName = "learning-curve.csv";

    /// <summary>Writes the file whole or not at all.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public static void Write(string path, IReadOnlyList<EpochProgressed> epochs)
    {
        byte[] text = Encoding.UTF8.GetBytes(ToText(epochs));
        AtomicFile.Write(path, file => file.Write(text));
    }

    /// <summary>The file's text.</summary>
    public static string ToText(IReadOnlyList<EpochProgressed> epochs) => CsvLines.ToText(
    [
        .. epochs.Take(1).Select(first => (string[])["epoch", .. FiguresOf(first).Select(figure => figure.Name)]),
        .. epochs.Select(epoch => (string[])[(epoch.Epoch + 1).ToString(CultureInfo.InvariantCulture), .. FiguresOf(epoch).Select(figure => Number(figure.Value))]),
    ]);

    private static IEnumerable<NamedFigure> FiguresOf(EpochProgressed epoch) =>
    [
        .. epoch.Training.Select(figure => figure with { Name = $"training {figure.Name}" }),
        .. epoch.Validation.Select(figure => figure with { Name = $"validation {figure.Name}" }),
        .. double.IsNaN(epoch.Epsilon) ? [] : new[] { new NamedFigure("epsilon", epoch.Epsilon) },
    ];

    private static string Number(double value) => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "";
}
