using System.Text;
using System.Text.Json;
using Cluster.Messages.Node.Http;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Columns;
using Cluster.Ml.Jobs;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.Serving;

/// <summary>Rows of JSON objects by the columns of the table that a model was trained on: texts of categories and dates, and null for a missing value.</summary>
/// <remarks>Range  they are written as a table and read as one, so that a row means what the same row of a CSV file means</remarks>
internal static class ColumnRows
{
    private static readonly TableDialect s_written = new(',', HasDecimalComma: false);

    /// <summary>Whether rows are such ones: the first is an object, the model encodes columns, and no key of the row is one that only an encoded column has.</summary>
    public static bool Are(JsonElement rows, ServedModel model)
    {
        if (model.Preprocessing.Encoding is not { } encoding || rows.GetArrayLength() == 0 || rows[0].ValueKind != JsonValueKind.Object) return false;
        HashSet<string> columns = [.. encoding.Columns.Select(column => column.Name)];
        return !rows[0].EnumerateObject().Any(property => !columns.Contains(property.Name) && model.ColumnOf(property.Name) >= 0);
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="ProblemException">A row lacks a column, or has a value of another kind.</exception>
    public static ReadRows Read(JsonElement rows, ServedModel model)
    {
        IReadOnlyList<EncodedColumn> columns = model.Preprocessing.Encoding!.Columns;
        string header = string.Join(',', columns.Select(column => Quoted(column.Name)));
        string[] lines = [.. rows.EnumerateArray().Select((row, i) => LineOf(row, i, columns))];
        try
        {
            return new ReadRows(Read(header, lines, model), lines.Length);
        }
        catch (BadInputException)
        {
            for (int i = 0; i < lines.Length; i++) Require(header, lines[i], i, model);
            throw;
        }
    }

    /// <summary>An error names the row of the request, and no line of a table that nobody has written.</summary>
    private static void Require(string header, string line, int row, ServedModel model)
    {
        try
        {
            Read(header, [line], model);
        }
        catch (BadInputException error)
        {
            throw RowReader.Unprocessable($"{RowReader.Source}[{row}]: wanted {error.Wanted}, got {error.Got}; {error.Advice}.");
        }
    }

    private static NumericBuffer Read(string header, IReadOnlyList<string> lines, ServedModel model) => RequestRows.ReadCsv(
        RowReader.Source, Encoding.UTF8.GetBytes($"{header}\n{string.Join('\n', lines)}\n"), model.Preprocessing with { Dialect = s_written }, model.Numbers);

    private static string LineOf(JsonElement row, int number, IReadOnlyList<EncodedColumn> columns)
    {
        string place = $"{RowReader.Source}[{number}]";
        if (row.ValueKind != JsonValueKind.Object) throw RowReader.Unprocessable($"{place}: wanted an object by column names, as the first row is one, got {RowReader.Kind(row)}.");
        string?[] fields = new string?[columns.Count];
        for (int column = 0; column < columns.Count; column++)
            fields[column] = row.TryGetProperty(columns[column].Name, out JsonElement value)
                ? FieldOf(value, columns[column], $"{place}.{columns[column].Name}")
                : throw RowReader.Unprocessable($"{place}: wanted the column '{columns[column].Name}', got none; {RowReader.Advice(columns[column].Name, row)}.");
        // A line of one empty field would be an empty line, which is no row.
        return string.Join(',', fields.Select(field => field is null ? "\"\"" : Quoted(field)));
    }

    /// <summary>The text of a value; null if it is missing.</summary>
    private static string? FieldOf(JsonElement value, EncodedColumn column, string place) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Number => RowReader.TryNumber(value, out _) ? value.GetRawText() : throw RowReader.NoNumber(value, place),
        JsonValueKind.String when column.Kind != ColumnKind.Number => value.GetString(),
        JsonValueKind.True or JsonValueKind.False when column.Kind is ColumnKind.OneHot or ColumnKind.Ordinal => value.GetRawText(),
        _ => throw RowReader.Unprocessable($"{place}: wanted {(column.Kind == ColumnKind.Number ? "a number" : "a text")}, or null for a missing value, got {RowReader.Kind(value)}."),
    };

    private static string Quoted(string field) => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
