using System.Globalization;

namespace Cluster.Coordinator.Cli;

/// <summary>How a figure is written for a person.</summary>
internal static class FigureText
{
    /// <summary>What is written in place of a figure that is no finite number.</summary>
    private const string Undefined = "undefined";

    /// <summary>So many digits; r2 of targets that do not differ is undefined, and said to be.</summary>
    /// <param name="name">The figure's name.</param>
    /// <param name="value">The figure.</param>
    /// <param name="digits">Significant digits.</param>
    public static string Of(string name, double value, int digits = 6) =>
        double.IsFinite(value) ? value.ToString($"G{digits}", CultureInfo.InvariantCulture)
        : double.IsNaN(value) && name == Ml.Evaluation.RegressionSums.R2 ? $"{Undefined} (equal targets)" : Undefined;
}
