using Cluster.Ml.Data.Columns;
using Cluster.Ml.Data.Folds;
using Cluster.Ml.Jobs;

namespace Cluster.Ml.Data;

/// <summary>Reads a CSV table with a header row: all columns but the target and the ignored ones are features.</summary>
internal static class CsvTable
{
    private const int NamesShown = 12;

    /// <summary>Reads the rows that a model is to be trained on.</summary>
    /// <param name="data">The table; its classes are classes even where they are written like a missing value.</param>
    /// <param name="kind">What its targets are.</param>
    /// <param name="sink">Takes the rows.</param>
    /// <param name="group">The column that says which group a row is of: no feature, and the last of a row. Null for none.</param>
    public static RowFacts Read(DataSpec data, TargetKind kind, RowSink sink, string? group = null)
    {
        if (group is not null) data = data with { Ignore = [.. data.Ignore, group] };
        (string file, IReadOnlyList<string> ignore) = (data.Source, data.Ignore);
        Func<string, ColumnKind>? kinds = TableProfile.KindsOf(data);
        using DataReader reader = DataReader.Open(file);
        using TableRecords records = TableRecords.Open(file, reader, data.Dialect);
        IReadOnlyList<string> names = records.ReadHeader(needsNames: !ignore.Contains(""));
        if (data.Target is null && kind != TargetKind.None)
            throw new BadInputException(file, 1, null, "data.target to name the column to learn", "no name", $"the columns are: {string.Join(", ", names.Take(NamesShown))}");
        if (group is not null) Require(records, file, names, group, "the group column", byJob: true);
        RequireColumns(records, data, names);
        int[] roles = Roles(names, name => name == data.Target ? false : ignore.Contains(name) ? null : true, out string[] features);
        if (features.Length == 0)
            throw new BadInputException(file, 1, null, "at least one feature column", "only the target and ignored columns", "add columns, or ignore fewer");
        FieldReader[] readers = [.. features.Select(name => FieldReader.ToTrain(kinds?.Invoke(name) ?? ColumnKind.Number))];
        if (group is not null)
        {
            roles[names.ToList().IndexOf(group)] = features.Length;
            (features, readers) = ((string[])[.. features, group], (FieldReader[])[.. readers, new GroupField()]);
        }
        Incomplete incomplete = data.Missing switch { MissingKind.Refuse => Incomplete.Refused, MissingKind.Drop => Incomplete.LeftOut, _ => Incomplete.Kept };
        RowFacts facts = new CsvRows(records, names, roles, readers, new TargetReading(kind), incomplete, data.Classes).ReadInto(sink, features);
        if (readers.Any(column => column.Column.Kind != ColumnKind.Number)) facts = facts with { Columns = [.. readers.Select(column => column.Column)] };
        return data.Dialect == TableDialect.Usual ? facts : facts with { Dialect = data.Dialect };
    }

    /// <summary>Reads rows for a model: the features by name, in the model's order; the target if it is there and wanted.</summary>
    /// <param name="file">The table.</param>
    /// <param name="wanted">What the model makes of it.</param>
    /// <param name="targets">Whether and how targets are read.</param>
    /// <param name="drops">Whether rows that lack values are left out where training left them out, or refused.</param>
    /// <param name="sink">Takes the rows.</param>
    public static RowFacts ReadFor(string file, Preprocessing wanted, TargetReading targets, bool drops, RowSink sink)
    {
        using DataReader reader = DataReader.Open(file);
        return ReadFor(file, reader, wanted, targets, drops, sink);
    }

    /// <inheritdoc cref="ReadFor(string, Preprocessing, TargetReading, bool, RowSink)"/>
    public static RowFacts ReadFor(string file, DataReader reader, Preprocessing wanted, TargetReading targets, bool drops, RowSink sink)
    {
        TableDialect dialect = wanted.Dialect ?? TableDialect.Usual;
        using TableRecords records = TableRecords.Open(file, reader, dialect, forModel: true);
        IReadOnlyList<string> names = records.ReadHeader(needsNames: false), features = wanted.ColumnNames;
        foreach (string name in features) Require(records, file, names, name, "the feature column");
        bool hasTarget = wanted.TargetName is not null && targets.Kind != TargetKind.None && names.Contains(wanted.TargetName);
        Dictionary<string, int> places = features.Select((n, i) => (n, i)).ToDictionary(p => p.n, p => p.i, StringComparer.Ordinal);
        int[] roles = [.. names.Select(n => places.TryGetValue(n, out int place) ? place : hasTarget && n == wanted.TargetName ? CsvRows.Target : CsvRows.Ignored)];
        TableEncoding? encoding = wanted.Encoding;
        FieldReader[] readers = [.. features.Select((_, i) => encoding is null ? new NumberField() : FieldReader.ForModel(encoding.Columns[i], encoding.IgnoresUnseen))];
        Incomplete incomplete = encoding?.Missing switch { null or MissingKind.Refuse => Incomplete.Refused, MissingKind.Drop => drops ? Incomplete.LeftOut : Incomplete.Refused, _ => Incomplete.Kept };
        RowFacts facts = new CsvRows(records, names, roles, readers, hasTarget ? targets : TargetReading.None, incomplete, []).ReadInto(sink, [.. features]);
        return dialect == TableDialect.Usual ? facts : facts with { Dialect = dialect };
    }

    /// <summary>Refuses a table that lacks a column which the job names.</summary>
    private static void RequireColumns(TableRecords records, DataSpec data, IReadOnlyList<string> names)
    {
        if (data.Target is { } target) Require(records, data.Source, names, target, "the target column", byJob: true);
        foreach (string name in data.Ignore) Require(records, data.Source, names, name, "the ignored column", byJob: true);
        foreach (EncodeSpec.Named named in data.Encode?.Columns ?? EncodeSpec.NoColumns) Require(records, data.Source, names, named.Column, "the encoded column", byJob: true);
    }

    private static void Require(TableRecords records, string file, IReadOnlyList<string> names, string name, string what, bool byJob = false)
    {
        if (names.Contains(name) || name.Length == 0) return;
        bool isOther = records.Parting is not null && names.Count == 1 && names[0].AsSpan().ContainsAny(";\t|");
        string advice = isOther ? $"columns are parted by {TableDialect.NameOf(records.Parting!.Value)} here; data.separator names what parts them" : Advice(name, names);
        throw new BadInputException(file, records.Parting is null ? null : 1, null, $"{what} '{name}'", "no such column", advice) { WantedByJob = byJob };
    }

    internal static string Advice(string name, IReadOnlyList<string> known) => Nearest.Find(name, known) is { } near
        ? $"did you mean '{near}'"
        : $"there are: {string.Join(", ", known.Take(NamesShown))}{(known.Count > NamesShown ? $", … ({known.Count} in all)" : "")}";

    private static int[] Roles(IReadOnlyList<string> names, Func<string, bool?> isFeature, out string[] features)
    {
        List<string> found = [];
        var roles = new int[names.Count];
        for (int i = 0; i < roles.Length; i++)
        {
            bool? feature = isFeature(names[i]);
            roles[i] = feature switch { true => found.Count, false => CsvRows.Target, null => CsvRows.Ignored };
            if (feature == true) found.Add(names[i]);
        }
        features = [.. found];
        return roles;
    }
}
