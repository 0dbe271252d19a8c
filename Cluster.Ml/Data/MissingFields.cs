namespace Cluster.Ml.Data;

/// <summary>Refuses a table that lacks values: with the place of the first, and how many there are in which columns.</summary>
/// <param name="records">The table, at the row that lacks a value.</param>
/// <param name="names">Its columns.</param>
/// <param name="roles">Which of them are features.</param>
internal sealed class MissingFields(TableRecords records, IReadOnlyList<string> names, int[] roles)
{
    private const int ColumnsShown = 6;

    /// <summary>The error.</summary>
    /// <param name="column">Of the first missing value, in the current record.</param>
    /// <remarks>Cost  reads the table to its end, so that all are told; not for a model, whose job says what to do</remarks>
    public BadInputException Refusal(int column)
    {
        BadInputException first = records.NumberError(records.Fields[column], names[column]);
        string what = records.ForModel ? $"{first.Advice}; data.missing of the model's job does not fill it in" : $"{first.Advice}; data.missing: mean fills in {CountFrom(column)}";
        return new BadInputException(first.File, first.Line, first.Column, first.Wanted, first.Got, what);
    }

    private string CountFrom(int column)
    {
        long[] counts = new long[names.Count];
        CountRecord(counts, column);
        try
        {
            while (records.Read()) CountRecord(counts, 0);
        }
        catch (BadInputException)
        {
            return "this and others";       // a table that is also wrong further on
        }
        int[] lacking = [.. Enumerable.Range(0, counts.Length).Where(i => counts[i] > 0)];
        string shown = string.Join(", ", lacking.Take(ColumnsShown).Select(i => $"{counts[i]} of '{names[i]}'"));
        string all = counts.Sum() == 1 ? "the one that is missing" : $"all {counts.Sum()} that are missing";
        return $"{all} ({shown}{(lacking.Length > ColumnsShown ? ", …" : "")})";
    }

    private void CountRecord(long[] counts, int from)
    {
        for (int i = from; i < Math.Min(counts.Length, records.Fields.Count); i++)
            if (roles[i] >= 0 && records.IsMissing(records.Fields[i])) counts[i]++;
    }
}
