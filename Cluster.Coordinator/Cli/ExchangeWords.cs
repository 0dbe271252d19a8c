using System.Globalization;

namespace Cluster.Coordinator.Cli;

/// <summary>What nodes exchanged while they trained, in words.</summary>
internal static class ExchangeWords
{
    private const double BytesPerMegabyte = 1e6;

    /// <summary>A figure of <see cref="ParameterServer.ExchangeMeter"/> as a sentence; one that is not known here as it is.</summary>
    public static string Of(string name, double value) => name switch
    {
        "bytes_published" => $"{Megabytes(value)} of model states went to the workers",
        "bytes_gathered" => $"{Megabytes(value)} of contributions came from them",
        "idle_share" => string.Create(CultureInfo.InvariantCulture, $"{value:P1} of their time the workers waited for work"),
        "compression_ratio" => string.Create(CultureInfo.InvariantCulture, $"contributions were {value:G3} times smaller than uncompressed"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{name.Replace('_', ' ')} {value:G6}"),
    };

    private static string Megabytes(double bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / BytesPerMegabyte:N1} MB");
}
