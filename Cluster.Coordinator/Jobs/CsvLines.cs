using System.Text;
using CsvHelper;

namespace Cluster.Coordinator.Jobs;

/// <summary>The CSV files beside a model: fields with commas, quotes or line ends are quoted.</summary>
internal static class CsvLines
{
    private static readonly System.Buffers.SearchValues<char> s_special = System.Buffers.SearchValues.Create(",\"\r\n");

    /// <summary>A field as it is written between commas.</summary>
    public static string Field(string text) =>
        text.AsSpan().ContainsAny(s_special) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    /// <summary>The fields of each line.</summary>
    public static IEnumerable<string[]> Read(string path)
    {
        using StreamReader text = new(path, Encoding.UTF8);
        using CsvReader csv = CsvReader.Create(text, new CsvReaderOptions { HasHeader = false });
        while (csv.Read()) yield return [.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)];
    }
}
