using System.Globalization;

namespace Cluster.Coordinator.Cli;

/// <summary>A number and what it counts: one epoch, two epochs.</summary>
internal static class Counted
{
    /// <summary>With the plural in s if it is not one.</summary>
    /// <param name="count">How many.</param>
    /// <param name="thing">What, in the singular.</param>
    public static string Of(long count, string thing) => Of(count.ToString(CultureInfo.InvariantCulture), thing);

    /// <summary>As above, of a number that is written already.</summary>
    /// <param name="count">How many.</param>
    /// <param name="thing">What, in the singular.</param>
    public static string Of(string count, string thing) => $"{count} {thing}{(count == "1" ? "" : "s")}";
}
