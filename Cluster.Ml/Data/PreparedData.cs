using Cluster.Ml.Data.Caching;
using Cluster.Ml.Data.Columns;
using Cluster.Ml.Data.Folds;
using Cluster.Ml.Data.Text;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Security.Attacks.Poisoning;

namespace Cluster.Ml.Data;

/// <summary>A job's data: read, split by the seed, scaled by what the training rows say.</summary>
/// <remarks>
/// Range        the golden rule: training rows leave only as a <see cref="TrainingShard"/>, which nothing else can make;
///              the splits leave only as a <see cref="RowRange"/>, which no learner can learn from
/// Determinism  a pure function of the job and the file's bytes
/// </remarks>
public sealed class PreparedData
{
    private readonly SplitTable _split;
    private readonly ReadOnlyMemory<int> _trainingAsRead;
    private readonly ShardTables? _shards;

    private PreparedData(
        RowTable table, SplitTable split, Preprocessing preprocessing, ReadOnlyMemory<int>? trainingAsRead = null, string file = "", RowStorage? storage = null)
    {
        Table = table;
        _split = split;
        _trainingAsRead = trainingAsRead ?? split.Training;
        if (table.IsStreamed) _shards = new ShardTables(table, split, file, storage ?? RowStorage.Default);
        Preprocessing = preprocessing;
        Shape = new DataShape(table.Columns, preprocessing.Classes, split.Training.Length, preprocessing.FeatureNames, preprocessing.Image);
    }

    /// <summary>What a learner must know before it sees a row.</summary>
    public DataShape Shape { get; private set; }

    /// <summary>What predicting needs later.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>SHA-256 of all rows as they were prepared, in hexadecimal: equal for equal data. Computed when it is first asked for, O(rows).</summary>
    public string Sha256 => Table.Identity;

    /// <summary>
    /// Of a fold, and if it was asked for, SHA-256 of all rows as the source holds them, neither split nor scaled, in hexadecimal: the
    /// same for every fold of equal data; of a text, of its contents. Empty otherwise.
    /// </summary>
    public string SourceSha256 { get; private set; } = string.Empty;

    /// <summary>How many rows of the source were left out because they lack values (data.missing: drop).</summary>
    public int DroppedRows { get; private set; }

    /// <summary>How features were scaled.</summary>
    public Scaler Scaler => Preprocessing.Scaler;

    /// <summary>The training rows, to be evaluated.</summary>
    public RowRange Training => new(Table, _trainingAsRead);

    /// <summary>The validation rows; may be none.</summary>
    public RowRange Validation => new(Table, _split.Validation);

    /// <summary>The test rows; may be none.</summary>
    public RowRange Test => new(Table, _split.Test);

    private RowTable Table { get; }

    /// <summary>Reads and prepares the data of a job.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="numbers">The element type that its learner asks for.</param>
    /// <exception cref="BadInputException">The data cannot be used as it is.</exception>
    public static PreparedData Load(JobSpec spec, NumberKind numbers) => Load(spec, numbers, RowStorage.Default);

    /// <summary>Reads and prepares the data of a job.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="numbers">The element type that its learner asks for.</param>
    /// <param name="storage">Where rows are kept. They are the same wherever that is.</param>
    /// <exception cref="BadInputException">The data cannot be used as it is.</exception>
    public static PreparedData Load(JobSpec spec, NumberKind numbers, RowStorage storage) => spec.Learner.DataOf(spec.Model.Options) switch
    {
        DataForm.Windows windows => PrepareText(spec, windows.Length, storage),
        DataForm.Passages passages => PreparePassages(spec, passages.Window, storage),
        DataForm.Episodes episodes => PrepareEpisodes(spec, episodes, numbers),
        _ => Prepare(spec, numbers, storage, raw => SplitTable.Cut(raw, spec.Data.Split, spec.Seed)),
    };

    /// <summary>Reads and prepares one fold: its rows are the test split, all others the training split.</summary>
    /// <param name="spec">The job; its own split is not used. Rows that the source itself sets aside for testing stay out.</param>
    /// <param name="numbers">The element type that its learner asks for.</param>
    /// <param name="fold">From 0.</param>
    /// <param name="folds">How many folds, at least 2.</param>
    /// <param name="storage">Where rows are kept; null for <see cref="RowStorage.Default"/>.</param>
    /// <exception cref="BadInputException">The data cannot be used as it is.</exception>
    public static PreparedData LoadFold(JobSpec spec, NumberKind numbers, int fold, int folds, RowStorage? storage = null) =>
        LoadFold(spec, numbers, fold, new FoldPlan(folds), storage);

    /// <summary>Reads and prepares one fold of a plan: its rows are the test split, and what it is trained on the training split.</summary>
    /// <param name="spec">The job; its own split is not used. Rows that the source itself sets aside for testing stay out.</param>
    /// <param name="numbers">The element type that its learner asks for.</param>
    /// <param name="index">From 0; of repeated folds all of the first time come first.</param>
    /// <param name="plan">How rows are dealt.</param>
    /// <param name="storage">Where rows are kept; null for <see cref="RowStorage.Default"/>.</param>
    /// <exception cref="BadInputException">The data cannot be used as it is.</exception>
    public static PreparedData LoadFold(JobSpec spec, NumberKind numbers, int index, FoldPlan plan, RowStorage? storage = null) => !spec.Data.IsRead
        ? throw new BadInputException(spec.Name, null, null, "rows that can be dealt to folds", "episodes that are played", "train it; its test episodes are fresh ones")
        : spec.Data.Text is not null
        ? throw new BadInputException(spec.Data.Source, null, null, "rows that can be dealt to folds", "a text, whose tokens belong together", "train it with data.split instead")
        : Prepare(spec, numbers, storage ?? RowStorage.Default, raw => FoldCut.Of(raw, plan, index, spec.Seed), identifies: true, holdsOut: true, group: plan.Group);

    /// <summary>Reads and prepares the data of a job, and tells which data it is, whatever the job makes of it: <see cref="SourceSha256"/>.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="numbers">The element type that its learner asks for.</param>
    /// <param name="storage">Where rows are kept.</param>
    /// <exception cref="BadInputException">The data cannot be used as it is.</exception>
    public static PreparedData LoadIdentified(JobSpec spec, NumberKind numbers, RowStorage storage)
    {
        if (spec.Data.Text is null && spec.Data.IsRead) return Prepare(spec, numbers, storage, raw => SplitTable.Cut(raw, spec.Data.Split, spec.Seed), identifies: true);
        PreparedData data = Load(spec, numbers, storage);
        data.SourceSha256 = SourceIdentity.Of(spec.Data);
        return data;
    }

    /// <summary>The data of a job whose validation and test rows show the trigger of an attack, and keep their classes.</summary>
    /// <exception cref="BadInputException">The data cannot be used as it is.</exception>
    internal static PreparedData LoadTriggered(JobSpec spec, PoisonSpec attack, NumberKind numbers, RowStorage storage) =>
        Prepare(spec, numbers, storage, raw => SplitTable.Cut(raw, spec.Data.Split, spec.Seed), shown: attack);

    /// <summary>Rows that are cut already, in memory: what an attacker trains on.</summary>
    /// <param name="table">The rows, scaled.</param>
    /// <param name="training">Which of them are learned from.</param>
    /// <param name="test">Which of them are measured on.</param>
    /// <param name="preprocessing">How they were made.</param>
    internal static PreparedData Of(RowTable table, int[] training, int[] test, Preprocessing preprocessing) =>
        new(table, new SplitTable(training, [], test), preprocessing);

    /// <summary>Rows that a trained model is asked about: the test rows, beside none to train on.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="preprocessing">The model's.</param>
    /// <param name="sourceSha256">Identifies what they were read from.</param>
    internal static PreparedData OfAsked(RowRange rows, Preprocessing preprocessing, string sourceSha256) =>
        new(rows.Table, new SplitTable([], [], rows.Order.ToArray()), preprocessing) { SourceSha256 = sourceSha256 };

    /// <summary>Reads rows to predict: their targets, known or not, are not looked at.</summary>
    /// <param name="source">A CSV file with the model's columns, or IDX images; of a folder, its test images.</param>
    /// <param name="preprocessing">From the model.</param>
    /// <param name="numbers">The element type that the model asks for.</param>
    /// <param name="storage">Where rows are kept; null for <see cref="RowStorage.Default"/>.</param>
    /// <returns>All rows, in file order.</returns>
    /// <exception cref="BadInputException">The data cannot be used as it is.</exception>
    public static RowRange LoadForPrediction(string source, Preprocessing preprocessing, NumberKind numbers, RowStorage? storage = null) =>
        LoadFor(source, preprocessing, TargetReading.None, numbers, storage ?? RowStorage.Default);

    /// <summary>Reads rows whose targets are known, to measure a model on them.</summary>
    /// <param name="source">A CSV file with the model's columns, or IDX images; of a folder, its test images.</param>
    /// <param name="preprocessing">From the model, whose classes are found by name.</param>
    /// <param name="chosen">The classes that the model's job looks at (data.classes): rows of others are left out. None: they are refused.</param>
    /// <param name="numbers">The element type that the model asks for.</param>
    /// <param name="storage">Where rows are kept; null for <see cref="RowStorage.Default"/>.</param>
    /// <returns>The rows in file order, without those that are left out; Table.Targets is empty if there are no targets.</returns>
    /// <exception cref="BadInputException">The data cannot be used as it is.</exception>
    public static RowRange LoadForEvaluation(
        string source, Preprocessing preprocessing, IReadOnlyList<string> chosen, NumberKind numbers, RowStorage? storage = null)
    {
        ClassNames? known = preprocessing.TargetKind == TargetKind.Class ? new ClassNames(preprocessing.Classes) : null;
        RowRange rows = LoadFor(source, preprocessing, new TargetReading(preprocessing.TargetKind, known, chosen.Count > 0), numbers, storage ?? RowStorage.Default, drops: true);
        if (known is null || chosen.Count == 0 || rows.Table.Targets.Length == 0) return rows;
        int[] kept = [.. Enumerable.Range(0, rows.Count).Where(row => rows.Table.Targets[row] >= 0)];
        return kept.Length > 0 ? rows with { Order = kept }
            : throw new BadInputException(source, null, null, $"rows of the classes {string.Join(", ", chosen)}, which data.classes of the model's job names", "none", "use data of the same kind");
    }

    private static RowRange LoadFor(string source, Preprocessing preprocessing, TargetReading targets, NumberKind numbers, RowStorage storage, bool drops = false)
    {
        if (preprocessing.Text is { } text) return ReadText(source, preprocessing, text, storage);
        RawRows raw = SourceRows.ReadFor(source, preprocessing, targets, storage, drops);
        if (raw.Columns != preprocessing.FeatureNames.Count)
            throw new BadInputException(raw.File, null, null, $"{preprocessing.FeatureNames.Count} features, as the model was trained with", $"{raw.Columns}", "use images of the same size");
        if (raw.Facts.Image is { } image && preprocessing.Image is { } wanted && image != wanted)
            throw new BadInputException(
                raw.File, null, null, $"images of {wanted.Height} x {wanted.Width} x {wanted.Channels}, as the model was trained with",
                $"{image.Height} x {image.Width} x {image.Channels}", "use images of the same size");
        RowTable table = RowTable.Of(raw, preprocessing.Scaler, numbers, targets.Kind != TargetKind.None);
        return new RowRange(table, Enumerable.Range(0, raw.Rows).ToArray()) { DroppedRows = raw.Facts.Dropped };
    }

    /// <summary>What a model learns to say; classes where its kind is not known.</summary>
    /// <param name="model">As in the job file.</param>
    public static TargetKind TargetOf(ModelSpec model) => LearnerRegistry.Find(model.Kind)?.TargetOf(model.Options) ?? TargetKind.Class;

    /// <summary>The training rows of one data shard: those whose id leaves the remainder <paramref name="index"/>.</summary>
    /// <param name="index">Which shard, from 0.</param>
    /// <param name="count">How many shards.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such shard.</exception>
    public TrainingShard Shard(int index, int count)
    {
        if (count < 1 || index < 0 || index >= count)
            throw new ArgumentOutOfRangeException(nameof(index), $"PreparedData.Shard: wanted a shard of at least 1, got {index} of {count}.");
        return _shards?.Shard(index, count) ?? new TrainingShard(index, Table, _split.Shard(index, count), _split.ShardIds(index, count));
    }

    /// <summary>A text: window w of stream s has the id w·streams + s, so that step w of an epoch takes window w of every stream.</summary>
    private static PreparedData PrepareText(JobSpec spec, int window, RowStorage storage)
    {
        TextCorpus corpus = TextCorpus.Read(spec.Data, storage);
        int streams = spec.Training.Batch;
        TextWindows windows = new(window);
        (int made, int perStream) = windows.Add(corpus.Training, streams);
        if (made < streams)
            throw new BadInputException(spec.Data.Source, null, null, $"at least {2 * streams} training tokens for {streams} streams (training.batch)", $"{corpus.Training.Length}", "use a longer text, or lower training.batch");
        int training = windows.Rows;
        windows.Add(corpus.Validation, streams);
        int validation = windows.Rows - training;
        windows.Add(corpus.Test, streams);
        SplitTable split = new(
            [.. Enumerable.Range(0, training).Select(id => ((id % streams) * perStream) + (id / streams))],
            [.. Enumerable.Range(training, validation)], [.. Enumerable.Range(training + validation, windows.Rows - training - validation)]);
        if (spec.Data.Split.Validation > 0 && validation == 0)
            throw new BadInputException(spec.Data.Source, null, null, "at least 2 tokens to validate on", $"{corpus.Validation.Length}", "use a longer text, or change data.split");
        Preprocessing preprocessing = new(["token"], null, TargetKind.Class, corpus.Vocabulary.Tokens, Scaler.Identity, null)
        {
            Text = new TextPreprocessing(spec.Data.Text!.Unit, window, streams),
        };
        return new PreparedData(windows.ToTable(spec.Data.Source), split, preprocessing, Enumerable.Range(0, training).ToArray());
    }

    private static RowRange ReadText(string source, Preprocessing preprocessing, TextPreprocessing text, RowStorage storage)
    {
        int[] tokens = TextCorpus.EncodeFile(source, Vocabulary.Of(preprocessing.Classes), text.Unit, storage);
        TextWindows windows = new(text.Window);
        windows.Add(tokens, text.Streams);
        if (windows.Rows == 0)
            throw new BadInputException(source, null, null, "at least 2 tokens, the second to be predicted", $"{tokens.Length}", "use a longer text");
        return new RowRange(windows.ToTable(source), Enumerable.Range(0, windows.Rows).ToArray());
    }

    /// <summary>Passages of a text, for vectors of words.</summary>
    private static PreparedData PreparePassages(JobSpec spec, int window, RowStorage storage)
    {
        PassageTable passages = PassageTable.Of(TextCorpus.Read(spec.Data, storage), window, spec.Data.Source);
        if (passages.Words.Counts.Count(count => count > 0) < 2)
            throw new BadInputException(spec.Data.Source, null, null, "at least 2 words to tell apart", "fewer", "use a longer text, or lower data.minimum-count");
        Preprocessing preprocessing = new([], null, TargetKind.None, [], Scaler.Identity, null);
        PreparedData data = new(passages.Table, passages.Split, preprocessing);
        data.Shape = data.Shape with { Words = passages.Words };
        return data;
    }

    /// <summary>Episodes, training.batch of them to learn from: rows are the states that they begin in when they are measured.</summary>
    private static PreparedData PrepareEpisodes(JobSpec spec, DataForm.Episodes episodes, NumberKind numbers)
    {
        int training = spec.Training.Batch, rows = training + episodes.Validation + episodes.Test, columns = episodes.Starts.Columns.Count;
        NumericBuffer starts = new(numbers, checked(rows * columns));
        double[] start = new double[columns];
        for (int row = 0; row < rows; row++)
        {
            episodes.Starts.Fill(spec.Seed, row, start);
            for (int i = 0; i < columns; i++)
                if (numbers == NumberKind.Float32) starts.Floats[(row * columns) + i] = (float)start[i];
                else starts.Doubles[(row * columns) + i] = start[i];
        }
        SplitTable split = new(
            [.. Enumerable.Range(0, training)], [.. Enumerable.Range(training, episodes.Validation)],
            [.. Enumerable.Range(training + episodes.Validation, episodes.Test)]);
        return new PreparedData(new RowTable(starts, columns, []), split, new Preprocessing(episodes.Starts.Columns, null, TargetKind.None, [], Scaler.Identity, null));
    }

    private static PreparedData Prepare(JobSpec spec, NumberKind numbers, RowStorage storage, Func<RawRows, SplitTable> cut, bool identifies = false, bool holdsOut = false,
        PoisonSpec? shown = null, string? group = null)
    {
        TargetKind target = TargetOf(spec.Model);
        RawRows read = SourceRows.Read(spec.Data, target, storage, group);
        RawRows raw = spec.Privacy is null ? ChosenRows.OfClasses(read, spec.Data.Classes) : GivenClasses.Of(read, spec.Data.Classes);
        if (group is not null) raw = GroupedRows.PutAside(raw);
        RequireClasses(raw, spec, target);
        SplitTable split = ChosenRows.Few(cut(raw), raw, spec.Data.ExamplesPerClass, spec.Seed);
        RequireRows(raw, split, holdsOut ? new SplitSpec(1, 0, 0, false) : spec.Data.Split);
        RawRows honest = raw;
        if ((spec.Data.Attack ?? shown) is { } attack)
            raw = PoisonedRows.Of(
                honest, attack, split.Training.Span, spec.Data.Attack is not null, shown is null ? [] : [.. split.Validation.Span, .. split.Test.Span], raw.Facts.Image ?? ImageOf(spec, raw), spec.Seed);
        EncodingFit? fit = EncodingFit.Of(spec.Data, raw, split);
        RawRows encoded = fit?.Over(raw) ?? raw;
        Scaler scaler = ScalerOf(spec.Data, encoded, split, fit?.Encoding);
        string? targetName = target == TargetKind.None || raw.Facts.Image is not null ? null : spec.Data.Target;
        IReadOnlyList<string> classes = target == TargetKind.Class ? raw.Classes : [];
        Preprocessing preprocessing = new(encoded.Facts.FeatureNames, targetName, target, classes, scaler, raw.Facts.Image ?? ImageOf(spec, encoded))
        {
            Encoding = fit?.Encoding,
            Dialect = raw.Facts.Dialect,
        };
        bool adapts = spec.Data.AdaptTo is not null;
        RawRows all = adapts ? OtherDomain.Below(encoded, spec.Data.AdaptTo!, preprocessing, storage) : encoded;
        RowTable table = RowTable.Of(all, scaler, numbers, adapts || target != TargetKind.None);
        PreparedData data = adapts ? WithOtherDomain(table, raw, split, preprocessing, storage) : new PreparedData(table, split, preprocessing, file: raw.File, storage: storage);
        // What was fitted differs from fold to fold; what an attacker changed is no part of the source; groups are no part of the rows.
        if (identifies) data.SourceSha256 = fit is not null || group is not null ? SourceIdentity.Of(spec.Data) : RowTable.Sha256Of(spec.Data.Attack is null ? all : honest);
        data.DroppedRows = raw.Facts.Dropped;
        return data;
    }

    /// <summary>The scaler leaves indicator columns (0 or 1) as they are.</summary>
    private static Scaler ScalerOf(DataSpec data, RawRows rows, SplitTable split, TableEncoding? encoding)
    {
        Scaler scaler = data.Bounds is { } bounds ? Scaler.Given(bounds, rows) : Scaler.Fit(data.Scale, rows.Store, split.Training.Span);
        return encoding is null || data.Bounds?.Low.Count > 1 ? scaler : scaler.Sparing(encoding.AreBinary);
    }

    /// <summary>Rows without targets below all others: they are learned from with the training rows, and never measured.</summary>
    private static PreparedData WithOtherDomain(RowTable table, RawRows raw, SplitTable split, Preprocessing preprocessing, RowStorage storage)
    {
        int first = raw.Rows;
        int[] learned = [.. split.Training.Span, .. Enumerable.Range(first, table.Rows - first)];
        PreparedData data = new(table, new SplitTable(learned, split.Validation.ToArray(), split.Test.ToArray()), preprocessing, split.Training, raw.File, storage);
        data.Shape = data.Shape with { UnlabelledExamples = table.Rows - first };
        return data;
    }

    /// <summary>The image that the job says a row of a table is.</summary>
    private static ImageShape? ImageOf(JobSpec spec, RawRows raw)
    {
        if (spec.Data.Image is not { } image || (long)image.Height * image.Width * image.Channels == raw.Columns) return spec.Data.Image;
        throw new BadInputException(
            spec.Data.Source, null, null, $"{raw.Columns} numbers in an image, as there are columns",
            $"data.image of {image.Height} x {image.Width} x {image.Channels}", "correct data.image, or leave other columns out by data.ignore");
    }

    private static void RequireClasses(RawRows raw, JobSpec spec, TargetKind target)
    {
        if (target != TargetKind.Class) return;
        DecimalTarget.Refuse(raw, spec.Data.Target);
        if (raw.Classes.Count < 2)
            throw new BadInputException(raw.File, null, null, "at least 2 classes to tell apart", $"1 (every row is '{raw.Classes[0]}')", "name another column in data.target, or add rows of another class");
        if (raw.Classes.Count > spec.Learner.ClassesMax)
            throw new BadInputException(raw.File, null, null, $"{spec.Learner.ClassesMax} classes for model.kind {spec.Model.Kind}", $"{raw.Classes.Count}", $"use model.kind softmax for more than {spec.Learner.ClassesMax}");
    }

    private static void RequireRows(RawRows raw, SplitTable split, SplitSpec wanted)
    {
        if (split.Training.Length == 0)
            throw new BadInputException(raw.File, null, null, "at least one training row", $"none of {raw.Rows}", "add rows, or change data.split");
        RequirePart(raw, "validation", wanted.Validation, split.Validation.Length);
        RequirePart(raw, "test", wanted.Test, split.Test.Length);
    }

    /// <summary>A part that was asked for and is empty would be left out of everything without a word, early stopping among it.</summary>
    private static void RequirePart(RawRows raw, string name, double share, int rows)
    {
        if (share > 0 && rows == 0)
            throw new BadInputException(
                raw.File, null, null, $"at least one {name} row", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"none: {share} of {raw.OwnTestStart} rows is less than half a row"),
                $"raise data.split.{name}, set it to 0, or add rows");
    }
}
