using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cluster.Ml.Data;

namespace Cluster.Coordinator.Cli.Queries;

/// <summary>Writes the rows of a query as a table in one way alone: equal rows, equal bytes.</summary>
/// <remarks>
/// Range  CSV with commas, decimal points and LF; texts in quotes, numbers as their shortest digits, true and false as 1 and 0, times as 2024-12-31 10:20:30, a null as
///        an empty field. Bytes, lists and structures are refused with their column
/// Cost   a row in memory
/// </remarks>
internal static class QueryTable
{
    /// <summary>Writes all rows.</summary>
    /// <param name="reader">The rows.</param>
    /// <param name="to">Where.</param>
    /// <param name="source">What errors name.</param>
    /// <returns>How many rows there are, and the SHA-256 of the bytes in hexadecimal.</returns>
    public static (long Rows, string Sha256) Write(DbDataReader reader, Stream to, string source)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        StringBuilder line = new();
        string[] names = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
        Put(string.Join(',', names.Select(Quoted)));
        long rows = 0;
        for (; reader.Read(); rows++)
        {
            line.Clear();
            for (int i = 0; i < names.Length; i++)
            {
                if (i > 0) line.Append(',');
                line.Append(Field(reader.GetValue(i)) ?? throw new BadInputException(
                    source, null, null, $"numbers, texts, times or booleans in column '{names[i]}' of data.query", $"{reader.GetDataTypeName(i)}", "leave the column out of the query, or convert it there"));
            }
            Put(line.ToString());
        }
        return (rows, Convert.ToHexStringLower(hash.GetHashAndReset()));

        void Put(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text + "\n");
            hash.AppendData(bytes);
            to.Write(bytes);
        }
    }

    private static string? Field(object value) => value switch
    {
        DBNull => "",
        string text => text.Length == 0 ? "" : Quoted(text),
        bool flag => flag ? "1" : "0",
        float number => ((double)number).ToString("R", CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        sbyte or byte or short or ushort or int or uint or long or ulong or decimal => Convert.ToString(value, CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
        Guid id => id.ToString("D"),
        char letter => Quoted(letter.ToString()),
        _ => null,
    };

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
