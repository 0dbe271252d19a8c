namespace Cluster.Ml.Data;

/// <summary>Reads a CSV table with a header row: all columns but the target and the ignored ones are features.</summary>
internal static class CsvTable
{
    private const int Ignored = -1, Target = -2;
    private const int NamesShown = 12;

    /// <summary>Reads the rows that a model is to be trained on.</summary>
    /// <param name="file">The table.</param>
    /// <param name="kind">What its targets are.</param>
    /// <param name="target">The column to learn; null for none.</param>
    /// <param name="ignore">Columns left out; an empty name stands for every column that has none.</param>
    /// <param name="named">Classes that are classes even where they are written like a missing value.</param>
    /// <param name="sink">Takes the rows.</param>
    public static RowFacts Read(string file, TargetKind kind, string? target, IReadOnlyList<string> ignore, IReadOnlyList<string> named, RowSink sink)
    {
        using DataReader reader = DataReader.Open(file);
        CsvRecords records = new(file, reader);
        IReadOnlyList<string> names = ReadHeader(file, records, needsNames: !ignore.Contains(""));
        if (target is null && kind != TargetKind.None)
            throw new BadInputException(file, 1, null, "data.target to name the column to learn", "no name", $"the columns are: {string.Join(", ", names.Take(NamesShown))}");
        if (target is not null) Require(file, names, target, "the target column", byJob: true);
        foreach (string name in ignore) Require(file, names, name, "the ignored column", byJob: true);
        int[] roles = Roles(names, name => name == target ? false : ignore.Contains(name) ? null : true, out string[] features);
        if (features.Length == 0)
            throw new BadInputException(file, 1, null, "at least one feature column", "only the target and ignored columns", "add columns, or ignore fewer");
        return ReadRows(records, names, features, roles, new TargetReading(kind), named, sink);
    }

    /// <summary>Reads rows for a model: the features by name, in the model's order; the target if it is there and wanted.</summary>
    public static RowFacts ReadFor(string file, Preprocessing wanted, TargetReading targets, RowSink sink)
    {
        using DataReader reader = DataReader.Open(file);
        return ReadFor(file, reader, wanted, targets, sink);
    }

    /// <inheritdoc cref="ReadFor(string, Preprocessing, TargetReading, RowSink)"/>
    public static RowFacts ReadFor(string file, DataReader reader, Preprocessing wanted, TargetReading targets, RowSink sink)
    {
        CsvRecords records = new(file, reader) { ForModel = true };
        IReadOnlyList<string> names = ReadHeader(file, records, needsNames: false);
        foreach (string name in wanted.FeatureNames) Require(file, names, name, "the feature column");
        bool hasTarget = wanted.TargetName is not null && targets.Kind != TargetKind.None && names.Contains(wanted.TargetName);
        Dictionary<string, int> places = wanted.FeatureNames.Select((n, i) => (n, i)).ToDictionary(p => p.n, p => p.i, StringComparer.Ordinal);
        int[] roles = [.. names.Select(n => places.TryGetValue(n, out int place) ? place : hasTarget && n == wanted.TargetName ? Target : Ignored)];
        return ReadRows(records, names, [.. wanted.FeatureNames], roles, hasTarget ? targets : TargetReading.None, [], sink);
    }

    /// <summary>The names of the columns.</summary>
    /// <param name="file">The table.</param>
    /// <param name="records">At its beginning.</param>
    /// <param name="needsNames">Whether each column must have one.</param>
    internal static string[] ReadHeader(string file, CsvRecords records, bool needsNames)
    {
        if (!records.Read())
            throw new BadInputException(file, 1, 1, "a header row and rows of data", "an empty file", "check that the file was written to its end");
        var names = new string[records.Fields.Count];
        Dictionary<string, int> seen = new(StringComparer.Ordinal);
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = records.Text(records.Fields[i]).Trim();
            if (names[i].Length == 0 && !needsNames) continue;
            if (names[i].Length == 0)
                throw records.Error(records.Fields[i].Start, "the name of a column", "an empty field", UnnamedAdvice(i));
            if (!seen.TryAdd(names[i], i))
                throw records.Error(records.Fields[i].Start, "different names of columns", $"'{names[i]}' again (it is column {seen[names[i]] + 1} too)", "rename one of them");
        }
        if (names.All(n => NumberText.IsWritten(n)))
            throw records.Error(records.Fields[0].Start, "a header row of names", $"numbers ('{records.Shown(records.Fields[0])}')", "add a first line with the names of the columns");
        return names;
    }

    private static string UnnamedAdvice(int column) => column == 0
        ? "pandas and R write row numbers into a first column without a name: leave it out with data.ignore: [ \"\" ], or name it in the header row"
        : $"name column {column + 1} in the header row, or leave columns without a name out with data.ignore: [ \"\" ]";

    private static void Require(string file, IReadOnlyList<string> names, string name, string what, bool byJob = false)
    {
        if (names.Contains(name) || name.Length == 0) return;
        char other = names.Count == 1 ? names[0].FirstOrDefault(c => c is ';' or '\t' or '|') : '\0';
        string advice = other == '\0' ? Advice(name, names) : $"columns are parted by commas here, not by '{(other == '\t' ? "\\t" : other)}'";
        throw new BadInputException(file, 1, null, $"{what} '{name}'", "no such column", advice) { WantedByJob = byJob };
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
            roles[i] = feature switch { true => found.Count, false => Target, null => Ignored };
            if (feature == true) found.Add(names[i]);
        }
        features = [.. found];
        return roles;
    }

    private static RowFacts ReadRows(
        CsvRecords records, IReadOnlyList<string> names, string[] features, int[] roles, TargetReading targets, IReadOnlyList<string> named, RowSink sink)
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
                else if (roles[i] == Target && targets.Kind != TargetKind.None) sink.AddTarget(ReadTarget(records, records.Fields[i], names[i], targets, labels, named));
            }
            sink.AddFeatures(row);
        }
        if (rows == 0)
            throw records.FaultAtEnd("at least one row below the header", "none", "check that the file was written to its end");
        if (targets.Kind != TargetKind.Class) return new RowFacts(features, [], null, rows);
        if (targets.Known is { } known) return new RowFacts(features, known.Names, null, rows);
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
            throw records.Error(records.Fields[wanted].Start, $"{wanted} fields", $"{got}", "put fields with commas into quotes, or correct the row");
    }

    private static double ReadTarget(
        CsvRecords records, CsvField field, string column, TargetReading targets, ClassLabels labels, IReadOnlyList<string> named)
    {
        if (targets.Kind == TargetKind.Number) return records.Number(field, column);
        string label = records.Text(field);
        if (targets.Known is { } known && targets.Of(label) is { } target && (target >= 0 || !MissingValue.Is(label))) return target;
        if (MissingValue.Is(label) && !named.Contains(label)) throw Missing(records, field, column, label);
        if (targets.Known is { } others)
            throw records.Error(field.Start, $"a class that the model knows in column '{column}'", $"'{records.Shown(field)}'", Advice(label, others.Names));
        int number = labels.Add(label);
        return labels.Count <= ClassLabels.ClassesMax ? number
            : throw records.Error(field.Start, $"at most {ClassLabels.ClassesMax} classes in column '{column}'", "one more", "where the target is a number use model.kind linear-regression");
    }

    private static BadInputException Missing(CsvRecords records, CsvField field, string column, string label) => label.Length == 0
        ? records.Error(field.Start, $"a class in column '{column}'", "an empty field", "fill in the missing class, or leave out the row")
        : records.Error(
            field.Start, $"a class in column '{column}'", $"'{records.Shown(field)}', which stands for a missing value",
            "fill in the class, or leave out the row; where it is a class, name all classes in data.classes");
}
