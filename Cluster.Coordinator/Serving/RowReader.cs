using System.Text.Json;
using Cluster.Messages.Node.Http;
using Cluster.Ml.Data;
using Cluster.Ml.Numerics;
using Microsoft.AspNetCore.Http;

namespace Cluster.Coordinator.Serving;

/// <summary>Scaled rows of a request.</summary>
/// <param name="Rows">[Count, columns].</param>
/// <param name="Count">How many.</param>
internal readonly record struct ReadRows(NumericBuffer Rows, int Count);

/// <summary>Reads the rows of a plain request: JSON, or CSV with a header row.</summary>
/// <remarks>
/// JSON   [row, …] or { "rows": [row, …] }; a row is an object by column names, or the columns' numbers in the model's order; other keys of a row
///        are not looked at, as `predict` looks at no other columns. Of a model that encodes columns: <see cref="ColumnRows"/>
/// </remarks>
internal static class RowReader
{
    /// <summary>What errors of rows name.</summary>
    public const string Source = "rows";

    /// <summary>Reads JSON.</summary>
    /// <exception cref="ProblemException">It is something else, or has too many rows.</exception>
    /// <exception cref="BadInputException">A row is not as the model needs it.</exception>
    public static ReadRows OfJson(JsonElement body, ServedModel model, int rowsMax)
    {
        JsonElement rows = body;
        if (body.ValueKind == JsonValueKind.Object && !body.TryGetProperty("rows", out rows))
            throw Bad("body: wanted the key 'rows', got none; write { \"rows\": [ … ] } or [ … ].");
        if (rows.ValueKind != JsonValueKind.Array) throw Bad($"{Source}: wanted an array of rows, got {Kind(rows)}.");
        int count = rows.GetArrayLength();
        RequireCount(count, rowsMax);
        if (ColumnRows.Are(rows, model)) return ColumnRows.Read(rows, model);
        double[] values = new double[count * model.Columns];
        int row = 0;
        foreach (JsonElement one in rows.EnumerateArray())
        {
            Read(one, row, model, values.AsSpan(row * model.Columns, model.Columns));
            row++;
        }
        return new ReadRows(RequestRows.Scale(Source, values, model.Preprocessing, model.Numbers), count);
    }

    /// <summary>Reads CSV.</summary>
    /// <inheritdoc cref="OfJson"/>
    public static ReadRows OfCsv(byte[] body, ServedModel model, int rowsMax)
    {
        NumericBuffer rows = RequestRows.ReadCsv(Source, body, model.Preprocessing, model.Numbers);
        int count = rows.Length / model.Columns;
        RequireCount(count, rowsMax);
        return new ReadRows(rows, count);
    }

    /// <summary>Refuses no rows, and too many.</summary>
    public static void RequireCount(int count, int rowsMax)
    {
        if (count == 0) throw Unprocessable($"{Source}: wanted at least one row, got none.");
        if (count > rowsMax) throw new ProblemException(StatusCodes.Status413PayloadTooLarge, $"{Source}: wanted at most {rowsMax}, got {count}; send them in several requests.");
    }

    /// <summary>Reads a finite number of JSON.</summary>
    public static bool TryNumber(JsonElement value, out double number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out number) && double.IsFinite(number);
    }

    /// <summary>What is no such number.</summary>
    /// <param name="value">The value.</param>
    /// <param name="place">Where it stands.</param>
    public static ProblemException NoNumber(JsonElement value, string place) => Unprocessable(
        value.ValueKind == JsonValueKind.Number ? $"{place}: wanted a finite number, got one beyond 1.8E+308." : $"{place}: wanted a number, got {Kind(value)}.");

    /// <summary>A body that is no request.</summary>
    public static ProblemException Bad(string detail) => new(StatusCodes.Status400BadRequest, detail);

    /// <summary>A request whose rows do not fit the model.</summary>
    public static ProblemException Unprocessable(string detail) => new(StatusCodes.Status422UnprocessableEntity, detail);

    /// <summary>What a value is, for a message.</summary>
    public static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        JsonValueKind.Undefined => "nothing",
        _ => "true or false",
    };

    /// <summary>What to do about a column that a row does not have.</summary>
    public static string Advice(string name, JsonElement row) =>
        Nearest.Find(name, [.. row.EnumerateObject().Take(256).Select(property => property.Name)]) is { } near ? $"did you mean '{VisibleText.InLine(near)}'" : "a row needs each of the model's columns";

    private static void Read(JsonElement one, int row, ServedModel model, Span<double> values)
    {
        IReadOnlyList<string> names = model.Preprocessing.FeatureNames;
        if (one.ValueKind == JsonValueKind.Array)
        {
            if (one.GetArrayLength() != names.Count) throw Unprocessable($"{Source}[{row}]: wanted {names.Count} numbers, a column each, got {one.GetArrayLength()}.");
            int column = 0;
            foreach (JsonElement value in one.EnumerateArray())
            {
                if (!TryNumber(value, out values[column])) throw NoNumber(value, $"{Source}[{row}][{column}] ({names[column]})");
                column++;
            }
            return;
        }
        if (one.ValueKind != JsonValueKind.Object) throw Unprocessable($"{Source}[{row}]: wanted an object by column names, or an array of numbers, got {Kind(one)}.");
        bool[] seen = new bool[names.Count];
        int next = 0;
        foreach (JsonProperty property in one.EnumerateObject())
        {
            int column = next < names.Count && property.NameEquals(names[next]) ? next : model.ColumnOf(property.Name);
            if (column < 0) continue;
            if (!TryNumber(property.Value, out values[column])) throw NoNumber(property.Value, $"{Source}[{row}].{names[column]}");
            seen[column] = true;
            next = column + 1;
        }
        if (Array.IndexOf(seen, false) is >= 0 and var missing)
            throw Unprocessable($"{Source}[{row}]: wanted the column '{names[missing]}', got none; {Advice(names[missing], one)}.");
    }
}
