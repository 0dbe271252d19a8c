using System.Globalization;
using Cluster.Messages;

namespace Cluster.Seed.Dashboard;

/// <summary>Figures, times and words as pages show them.</summary>
internal static class PageText
{
    /// <summary>A figure of no fixed size; a dash if it is no number.</summary>
    public static string Number(double value) => !double.IsFinite(value) ? "–"
        : Math.Abs(value) >= 1e5 && Math.Abs(value) < 1e15 ? value.ToString("#,0", CultureInfo.InvariantCulture)
        : value.ToString("G5", CultureInfo.InvariantCulture);

    /// <summary>A count.</summary>
    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A number of bytes.</summary>
    public static string Bytes(double bytes) => bytes switch
    {
        < 1024 => $"{bytes:F0} B",
        < 1024 * 1024 => $"{bytes / 1024:F1} KiB",
        < 1024L * 1024 * 1024 => $"{bytes / 1024 / 1024:F1} MiB",
        _ => $"{bytes / 1024 / 1024 / 1024:F1} GiB",
    };

    /// <summary>A length of time.</summary>
    public static string Duration(TimeSpan time) => time.TotalSeconds < 10 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F1} s")
        : time.TotalMinutes < 2 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F0} s")
        : time.TotalHours < 2 ? $"{(int)time.TotalMinutes} min {time.Seconds} s"
        : time.TotalDays < 2 ? $"{(int)time.TotalHours} h {time.Minutes} min"
        : $"{(int)time.TotalDays} d {time.Hours} h";

    /// <summary>A moment, within its day.</summary>
    public static string Clock(DateTimeOffset at) => at.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A moment for programs.</summary>
    public static string Stamp(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Where a job stands.</summary>
    public static string Status(JobStatus status) => JobStatusWord.Of(status);

    /// <summary>A figure with its name.</summary>
    public static string Figure(NamedFigure figure) => $"{figure.Name} {Number(figure.Value)}";

    /// <summary>The key of an exchange figure as words.</summary>
    public static string Words(string name) => name.Replace('_', ' ');
}
