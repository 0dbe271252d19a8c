using System.Globalization;

namespace Cluster.Ml.Data;

/// <summary>What the target of a table shows of what is to be learned, where a kind of model learns either classes or numbers.</summary>
/// <remarks>
/// Range  texts, and few whole numbers, are classes: at most <see cref="ClassesMax"/> different ones, each of two rows or more on average, or two. Numbers with
///        decimals are quantities, unless they are few as well. All else is not clear
/// Cost   reads at most <see cref="RowsMax"/> rows
/// </remarks>
/// <param name="Kind">Class or Number; None where the target does not say.</param>
/// <param name="Reason">What it holds: "column 'y' holds texts".</param>
internal sealed record TargetTask(TargetKind Kind, string Reason)
{
    /// <summary>The first rows that are looked at.</summary>
    internal const int RowsMax = 10_000;

    /// <summary>The most whole numbers that are taken for classes.</summary>
    internal const int ClassesMax = 20;

    private const int DistinctMax = 1000;

    /// <summary>Looks at the target of a job's table.</summary>
    /// <param name="data">The source.</param>
    /// <returns>Null if it is no table, or cannot be read: whoever reads it in full says why.</returns>
    public static TargetTask? Of(Jobs.DataSpec data)
    {
        if (!data.IsTable || data.Target is not { } target || !File.Exists(data.Source)) return null;
        if (data.Classes.Count > 0) return new TargetTask(TargetKind.Class, "data.classes names classes");
        try
        {
            using DataReader reader = DataReader.Open(data.Source);
            using TableRecords records = TableRecords.Open(data.Source, reader, data.Dialect);
            int column = Array.IndexOf(records.ReadHeader(needsNames: false), target);
            return column < 0 ? null : Of(records, column, $"column '{target}'");
        }
        catch (BadInputException)
        {
            return null;
        }
    }

    private static TargetTask? Of(TableRecords records, int column, string name)
    {
        (HashSet<double> distinct, long rows, bool areWhole) = ([], 0, true);
        for (int read = 0; read < RowsMax && records.Read(); read++)
        {
            if (column >= records.Fields.Count) return null;
            CsvField field = records.Fields[column];
            if (records.IsMissing(field)) continue;
            if (!records.TryNumber(field, out double value)) return new TargetTask(TargetKind.Class, $"{name} holds texts");
            areWhole &= value == Math.Floor(value);
            if (distinct.Count < DistinctMax) distinct.Add(value);
            rows++;
        }
        if (rows == 0) return null;
        bool areFew = distinct.Count <= 2 || (distinct.Count <= ClassesMax && 2L * distinct.Count <= rows);
        string count = string.Create(CultureInfo.InvariantCulture, $"{distinct.Count}{(distinct.Count == DistinctMax ? " or more" : "")}");
        return (areWhole, areFew) switch
        {
            (true, true) => new TargetTask(TargetKind.Class, $"{name} holds few whole numbers, {count} different ones"),
            (false, false) => new TargetTask(TargetKind.Number, $"{name} holds numbers with decimals"),
            (true, false) => new TargetTask(TargetKind.None, $"{count} different whole numbers in {name}"),
            (false, true) => new TargetTask(TargetKind.None, $"{count} different numbers with decimals in {name}"),
        };
    }
}
