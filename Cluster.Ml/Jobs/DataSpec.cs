using Cluster.Ml.Data;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Security.Attacks.Poisoning;

namespace Cluster.Ml.Jobs;

/// <summary>Where the rows come from.</summary>
/// <param name="Source">A CSV or Parquet file, NumPy arrays, a folder or file of IDX images or CIFAR batches, or a text; absolute after reading.</param>
/// <param name="Format">csv, idx, cifar, text, or auto by name.</param>
/// <param name="Target">Name of the target column; null for unsupervised learning and for images.</param>
/// <param name="Ignore">Columns left out; an empty name stands for every column without one.</param>
/// <param name="Split">Fractions of the splits.</param>
/// <param name="Scale">How features are scaled.</param>
public sealed record DataSpec(
    string Source, DataFormat Format, string? Target, IReadOnlyList<string> Ignore, SplitSpec Split, ScaleKind Scale)
{
    /// <summary>The words of data.format.</summary>
    internal static readonly IReadOnlyList<KeyValuePair<string, DataFormat>> Formats =
        [new("auto", DataFormat.Auto), new("csv", DataFormat.Csv), new("idx", DataFormat.Idx), new("cifar", DataFormat.Cifar), new("text", DataFormat.Text)];

    private static readonly KeyValuePair<string, MissingKind>[] s_missing =
        [
            new("refuse", MissingKind.Refuse), new("drop", MissingKind.Drop), new("mean", MissingKind.Mean), new("median", MissingKind.Median),
            new("most-frequent", MissingKind.MostFrequent), new("indicator", MissingKind.Indicator),
        ];

    /// <summary>The keys of data.</summary>
    internal static readonly KeySet<DataSpec> Declared =
        new KeySet<DataSpec>(new("", DataFormat.Auto, null, new ValueList<string>([]), SplitSpec.OfTables, ScaleKind.None))
        .Path("source", "A CSV or Parquet file, NumPy arrays, a folder of images, or a text; relative to the job's file.", o => o.Source, (o, value) => o with { Source = value })
        .Required("and the path of a CSV file, a folder of images or a text")
        .Word(
            "format", "The layout of the source; auto goes by its name.", o => o.Format, (o, value) => o with { Format = value },
            Formats)
        .Only("a database", o => IsOf(DataFormat.Database, o.Source, o.Format), "without a database", "name one in data.source (.sqlite, .sqlite3, .db, .postgres), or remove it", keys => keys
            .Text(
                "query", "What a database is asked for: one SELECT with an ORDER BY, whose rows are written to a file when the job begins.", o => o.Query,
                (o, value) => o with { Query = value }, QueryMax))
        .Only("a text", o => o.Text is not null, "without format: text", "only a text has it; remove it", TextSpec.Declare)
        .Only("a table or images", o => o.Text is null, "with a text", "a text has no columns; remove it", keys => keys
            .Text(
                "target", "The column that is learned.", o => o.Target, (o, value) => o with { Target = value }, ColumnMax,
                "target in a table, where something is predicted")
            .Names(
                "ignore", "Columns that are left out; '' stands for every column without a name.", o => o.Ignore, (o, value) => o with { Ignore = value },
                "the name of a column", "[column, column]", mayBeEmpty: true))
        .Section(
            "split", "Which shares of the rows are trained on, chosen by and tested on.", SplitSpec.Example, o => o.Split, (o, value) => o with { Split = value },
            SplitSpec.Declared, o => SplitSpec.Unsaid(o.Split.Stratify), otherwise: "0.7, 0.15 and 0.15 of a table; 0.9, 0.1 and 0 of images and texts")
        .Only("a table or images", o => o.Text is null, "with a text", "a text has no columns; remove it", keys => keys
            .Form(
                "scale", "How features are scaled: fitted on training rows alone, or by bounds that are given.", ScaleSection.Range, ScaleSection.Words,
                [ScaleBounds.Declared], ScaleSection.Read, ScaleSection.Write, null)
            .Otherwise("none for a table, unit255 for images"))
        .Only("a table", o => o.IsTable, "without a table", "only a table has such columns; remove it", keys => keys
            .Word(
                "missing", "What is done with values that are missing: refused, their rows left out, or filled in by what training rows alone say.", o => o.Missing,
                (o, value) => o with { Missing = value }, s_missing, written: false)
            .Named(
                "encode", "How columns of texts and dates become numbers; the categories are those of the training rows.", EncodeSection.Range, EncodeSection.Read,
                EncodeSection.Write, EncodeSection.Words)
            .Otherwise("none: a text is refused")
            .Word(
                "unseen", "What is done with a category that no training row has: refused, or taken for none.", o => o.IgnoresUnseen ? "ignore" : "refuse",
                (o, value) => o with { IgnoresUnseen = value == "ignore" }, ["refuse", "ignore"], written: false)
            .Word(
                "separator", "What parts the columns of a table; auto looks at its first two lines.", o => o.Dialect.Separator,
                (o, value) => o with { Dialect = o.Dialect with { Separator = value } }, TableDialect.Separators, written: false)
            .Word(
                "decimal", "What stands before the decimals of a number.", o => o.Dialect.HasDecimalComma ? "comma" : "point",
                (o, value) => o with { Dialect = o.Dialect with { HasDecimalComma = value == "comma" } }, ["point", "comma"], written: false))
        .Only("a table", o => o.IsTable, "without a table", "images say their sizes themselves; remove it", keys => keys.Sizes(
            "image", "Height, width and channels of the image that a row's numbers are, channels innermost.",
            o => o.Image is { } image ? [image.Height, image.Width, image.Channels] : null,
            (o, value) => o with { Image = new ImageShape(value[0], value[1], value[2]) }, 3, JobDefaults.UnitsMax, "[ 28, 28, 1 ]: height, width, channels"))
        .Only("a table or images", o => o.Text is null, "with a text", "a text has no rows with a target; remove it", keys => keys
            .Names(
                "classes", "The classes whose rows are looked at, the others left out.", o => o.Classes, (o, value) => o with { Classes = value },
                "the name of a class", "[class, class]")
            .Whole(
                "examples-per-class", "Training rows of each class that are learned from, the others left out.", o => o.ExamplesPerClass,
                (o, value) => o with { ExamplesPerClass = value }, 1, int.MaxValue, unit: "rows")
            .Otherwise("all", written: o => o.ExamplesPerClass > 0)
            .Path(
                "adapt-to", "Rows of another domain, whose targets are not known, that a network learns to treat alike.", o => o.AdaptTo,
                (o, value) => o with { AdaptTo = value })
            .Section(
                "augment", "Random changes of training images, drawn anew for every example in every epoch.", AugmentSpec.Example, o => o.Augment,
                (o, value) => o with { Augment = value }, AugmentSpec.Declared)
            .Section(
                "attack", "Training rows that an attacker has changed, to try a defence.", PoisonSpec.Example, o => o.Attack,
                (o, value) => o with { Attack = value }, PoisonSpec.Declared))
        .Check(CheckTogether);

    private const int ColumnMax = 1000, QueryMax = 8000;

    /// <summary>With min-max scaling the bounds of the features, if they are not looked for in the rows; else null.</summary>
    public ScaleBounds? Bounds { get; init; }

    /// <summary>What is done with values of a table that are missing.</summary>
    public MissingKind Missing { get; init; }

    /// <summary>How columns that hold no numbers become numbers; null where every column is to hold numbers.</summary>
    public EncodeSpec? Encode { get; init; }

    /// <summary>Whether a category that no training row has is taken for none; otherwise it is refused.</summary>
    public bool IgnoresUnseen { get; init; }

    /// <summary>What a database is asked for; null where the source is a file of rows.</summary>
    public string? Query { get; init; }

    /// <summary>How a table is written.</summary>
    public TableDialect Dialect { get; init; } = TableDialect.Usual;

    /// <summary>How a text becomes tokens; null if the source is no text.</summary>
    public TextSpec? Text { get; init; }

    /// <summary>The image whose numbers the columns of a CSV file are, row by row, channels innermost; null for none.</summary>
    public ImageShape? Image { get; init; }

    /// <summary>Rows of another domain, whose targets are not known, that a network learns to treat as it treats those of the source; absolute after reading. Null for none.</summary>
    public string? AdaptTo { get; init; }

    /// <summary>The classes whose rows are looked at, the others left out; none for all.</summary>
    public IReadOnlyList<string> Classes { get; init; } = new ValueList<string>([]);

    /// <summary>Training rows of each class that are learned from, the others left out; 0 for all.</summary>
    public int ExamplesPerClass { get; init; }

    /// <summary>Training rows that an attacker has changed; null for none.</summary>
    public PoisonSpec? Attack { get; init; }

    /// <summary>How images are changed while a network learns from them; null for not at all.</summary>
    public AugmentSpec? Augment { get; init; }

    /// <summary>Whether rows are read from a source; false for a model that plays episodes of an environment.</summary>
    public bool IsRead => Source.Length > 0;

    /// <summary>Whether the source is a table by what the job says, or by its name.</summary>
    internal bool IsTable => IsTableOf(Source, Format);

    /// <summary>Whether a source of this name is a table, as a job says it or by the name.</summary>
    internal static bool IsTableOf(string source, DataFormat stated) => IsOf(DataFormat.Csv, source, stated) || IsOf(DataFormat.Numpy, source, stated)
        || IsOf(DataFormat.Parquet, source, stated) || IsOf(DataFormat.Database, source, stated);

    /// <summary>Whether a source of this name is of a format, as a job says it or by the name.</summary>
    internal static bool IsOf(DataFormat wanted, string source, DataFormat stated) =>
        stated == wanted || (stated == DataFormat.Auto && SourceFormat.OfName(source) == wanted);

    private static void CheckTogether(JobMap map, DataSpec data)
    {
        if (data.Query is null && IsOf(DataFormat.Database, data.Source, data.Format))
            map.Error("source", "a file of rows, or a database with data.query", $"'{Path.GetFileName(data.Source)}' alone", "add query: SELECT columns FROM table ORDER BY key");
        if (data.Target is { } target && data.Ignore.Contains(target))
            map.Error("ignore", "without the target column", $"'{target}'", "a column cannot be learned and left out");
        foreach (EncodeSpec.Named named in data.Encode?.Columns ?? EncodeSpec.NoColumns)
            if (named.Column == data.Target || data.Ignore.Contains(named.Column))
                map.Error("encode", "without the target and ignored columns", $"'{named.Column}'", named.Column == data.Target ? "classes are found by their names; remove it" : "a column cannot be encoded and left out");
        if (data.IgnoresUnseen && data.Encode is null) map.Error("unseen", "absent without data.encode", "write encode: auto, or remove it");
        if (data.Text is null) return;
        if (data.Text.TestSource is not null && data.Split.Test > 0)
            map.Error("test-source", "absent beside data.split.test above 0", "test on one of them: remove the other");
        if (data.Split.Stratify) map.Error("split", "without stratify: true", "a text is cut into consecutive parts; remove it");
    }
}
