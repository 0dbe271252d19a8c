namespace Cluster.Ml.Data;

/// <summary>Reads a CSV table with a header row: all columns but the target and the ignored ones are features.</summary>
internal static class CsvTable
{
    private const int Ignored = -1, Target = -2;
    private const int NamesShown = 12;
    private const int ColumnsMax = 1 << 20;

    /// <summary>Reads the rows that a model is to be trained on.</summary>
    public static RowFacts Read(string file, TargetKind kind, string? target, IReadOnlyList<string> ignore, RowSink sink)
    {
        using DataReader reader = DataReader.Open(file);
        CsvRecords records = new(file, reader);
        IReadOnlyList<string> names = ReadHeader(file, records);
        if (target is null && kind != TargetKind.None)
            throw new BadInputException(file, 1, null, "data.target to name the column to learn", "no name", $"the columns are: {string.Join(", ", names.Take(NamesShown))}");
        if (target is not null) Require(file, names, target, "the target column");
        foreach (string name in ignore) Require(file, names, name, "the ignored column");
        int[] roles = Roles(names, name => name == target ? false : ignore.Contains(name) ? null : true, out string[] features);
        if (features.Length == 0)
            throw new BadInputException(file, 1, null, "at least one feature column", "only the target and ignored columns", "add columns, or ignore fewer");
        return ReadRows(records, names, features, roles, kind, null, sink);
    }

    /// <summary>Reads rows to predict: the features by name, in the model's order; the target where it is there.</summary>
    public static RowFacts ReadFor(string file, Preprocessing wanted, RowSink sink)
    {
        using DataReader reader = DataReader.Open(file);
        CsvRecords records = new(file, reader);
        IReadOnlyList<string> names = ReadHeader(file, records);
        foreach (string name in wanted.FeatureNames) Require(file, names, name, "the feature column");
        bool hasTarget = wanted.TargetName is not null && wanted.TargetKind != TargetKind.None && names.Contains(wanted.TargetName);
        Dictionary<string, int> places = wanted.FeatureNames.Select((n, i) => (n, i)).ToDictionary(p => p.n, p => p.i, StringComparer.Ordinal);
        int[] roles = [.. names.Select(n => places.TryGetValue(n, out int place) ? place : hasTarget && n == wanted.TargetName ? Target : Ignored)];
        return ReadRows(records, names, [.. wanted.FeatureNames], roles, hasTarget ? wanted.TargetKind : TargetKind.None, wanted.Classes, sink);
    }

    private static string[] ReadHeader(string file, CsvRecords records)
    {
        if (!records.Read())
            throw new BadInputException(file, 1, 1, "a header row and rows of data", "an empty file", "check that the file was written to its end");
        if (records.Fields.Count > ColumnsMax)
            throw records.Fault(0, $"at most {ColumnsMax} columns", $"{records.Fields.Count}", "leave out columns");
        var names = new string[records.Fields.Count];
        Dictionary<string, int> seen = new(StringComparer.Ordinal);
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = records.Text(records.Fields[i]).Trim();
            if (names[i].Length == 0)
                throw records.Fault(records.Fields[i].Start, "the name of a column", "an empty field", $"name column {i + 1} in the header row");
            if (!seen.TryAdd(names[i], i))
                throw records.Fault(records.Fields[i].Start, "different names of columns", $"'{names[i]}' again (it is column {seen[names[i]] + 1} too)", "rename one of them");
        }
        if (names.All(n => NumberText.IsWritten(n)))
            throw records.Fault(records.Fields[0].Start, "a header row of names", $"numbers ('{records.Shown(records.Fields[0])}')", "add a first line with the names of the columns");
        return names;
    }

    private static void Require(string file, IReadOnlyList<string> names, string name, string what)
    {
        if (names.Contains(name)) return;
        char other = names.Count == 1 ? names[0].FirstOrDefault(c => c is ';' or '\t' or '|') : '\0';
        string advice = other == '\0' ? Advice(name, names) : $"columns are parted by commas here, not by '{(other == '\t' ? "\\t" : other)}'";
        throw new BadInputException(file, 1, null, $"{what} '{name}'", "no such column", advice);
    }

    private static string Advice(string name, IReadOnlyList<string> known) => Nearest.Find(name, known) is { } near
        ? $"did you mean '{near}'"
        : $"there are: {string.Join(", ", known.Take(NamesShown))}{(known.Count > NamesShown ? $", … ({known.Count} in all)" : "")}";

    private static int[] Roles(IReadOnlyList<string> names, Func<string, bool?> isFeature, out string[] features)
    {
        List<string> found = [];
        var roles = new int[names.Count];
        for (int i = 0; i < roles.Length; i++)
        {
            bool? feature = isFeature(names[i]);
            roles[i] = feature switch { true => found.Count, false => Target, null => Ignored };
            if (feature == true) found.Add(names[i]);
        }
        features = [.. found];
        return roles;
    }

    private static RowFacts ReadRows(
        CsvRecords records, IReadOnlyList<string> names, string[] features, int[] roles, TargetKind kind, IReadOnlyList<string>? known, RowSink sink)
    {
        ClassLabels labels = new();
        var row = new double[features.Length];
        int rows = 0;
        for (; records.Read(); rows++)
        {
            RequireWidth(records, names);
            if (rows == int.MaxValue) throw records.FaultAtEnd($"at most {int.MaxValue} rows", "one more", "split the data");
            for (int i = 0; i < roles.Length; i++)
            {
                if (roles[i] >= 0) row[roles[i]] = records.Number(records.Fields[i], names[i]);
                else if (roles[i] == Target && kind != TargetKind.None) sink.AddTarget(ReadTarget(records, records.Fields[i], names[i], kind, labels, known));
            }
            sink.AddFeatures(row);
        }
        if (rows == 0)
            throw records.FaultAtEnd("at least one row below the header", "none", "check that the file was written to its end");
        if (kind != TargetKind.Class) return new RowFacts(features, [], null, rows);
        if (known is not null) return new RowFacts(features, known, null, rows);
        string[] classes = labels.Finish(out int[] final);
        sink.Renumber(final);
        return new RowFacts(features, classes, null, rows);
    }

    private static void RequireWidth(CsvRecords records, IReadOnlyList<string> names)
    {
        int got = records.Fields.Count, wanted = names.Count;
        if (got < wanted)
            throw records.FaultAtEnd($"{wanted} fields", $"{got}", $"add what is missing from '{names[got]}' on");
        if (got > wanted)
            throw records.Fault(records.Fields[wanted].Start, $"{wanted} fields", $"{got}", "put fields with commas into quotes, or correct the row");
    }

    private static double ReadTarget(CsvRecords records, CsvField field, string column, TargetKind kind, ClassLabels labels, IReadOnlyList<string>? known)
    {
        if (kind == TargetKind.Number) return records.Number(field, column);
        string label = records.Text(field);
        if (label.Length == 0)
            throw records.Fault(field.Start, $"a class in column '{column}'", "an empty field", "fill in the missing class, or leave out the row");
        if (known is not null)
        {
            int index = ClassLabels.IndexOf(known, label);
            return index >= 0 ? index : throw records.Fault(field.Start, $"a class that the model knows in column '{column}'", $"'{records.Shown(field)}'", Advice(label, known));
        }
        int number = labels.Add(label);
        return labels.Count <= ClassLabels.ClassesMax ? number
            : throw records.Fault(field.Start, $"at most {ClassLabels.ClassesMax} classes in column '{column}'", "one more", "where the target is a number use model.kind linear-regression");
    }
}
