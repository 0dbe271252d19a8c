namespace Cluster.Ml.Data;

/// <summary>The words that tables write where a value is not known.</summary>
internal static class MissingValue
{
    /// <summary>The most bytes of a field that may be one of them.</summary>
    public const int BytesMax = 16;

    /// <summary>Whether the field says that its value is missing.</summary>
    public static bool Is(string text) =>
        text.Trim().ToUpperInvariant() is "" or "?" or "NA" or "N/A" or "#N/A" or "<NA>" or "NAN" or "-NAN" or "NULL";
}
