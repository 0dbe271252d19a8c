using Cluster.Ml.Numerics;

namespace Cluster.Ml.Data.Text;

/// <summary>How much of a text fits one table.</summary>
internal static class TextLimits
{
    /// <summary>How many numbers so many rows have.</summary>
    /// <exception cref="BadInputException">More than a table may.</exception>
    public static int Length(string file, long rows, long columns) => rows * columns <= NumericBuffer.LengthMax ? (int)(rows * columns)
        : throw new BadInputException(file, null, null, $"at most {NumericBuffer.LengthMax} numbers of a text in memory", $"{rows} rows of {columns}", "use a shorter text");
}
