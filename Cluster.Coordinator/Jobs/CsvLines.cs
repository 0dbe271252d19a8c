using System.Globalization;
using System.Text;
using CsvHelper;

namespace Cluster.Coordinator.Jobs;

/// <summary>The CSV files beside a model: fields with commas, quotes or line ends are quoted.</summary>
internal static class CsvLines
{
    private static readonly CsvWriterOptions s_written = new() { NewLine = "\n", ValidateFieldCount = false };

    /// <summary>The text of lines of fields.</summary>
    public static string ToText(IEnumerable<string[]> lines)
    {
        using StringWriter text = new(CultureInfo.InvariantCulture);
        using (CsvWriter csv = CsvWriter.Create(text, s_written, leaveOpen: true))
            foreach (string[] line in lines) csv.WriteRecord(line);
        return text.ToString();
    }

    /// <summary>The fields of each line.</summary>
    public static IEnumerable<string[]> Read(string path)
    {
        using StreamReader text = new(path, Encoding.UTF8);
        using CsvReader csv = CsvReader.Create(text, new CsvReaderOptions { HasHeader = false });
        while (csv.Read()) yield return [.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)];
    }
}
