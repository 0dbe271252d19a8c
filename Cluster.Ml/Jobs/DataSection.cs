using Cluster.Ml.Data;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Jobs;

/// <summary>The key data.</summary>
internal static class DataSection
{
    private const int SourceMax = 4096;
    private const int ColumnMax = 1000;
    private const double SumTolerance = 1e-9;

    public static DataSpec Read(JobMap map, ModelSpec model, string baseDirectory)
    {
        string kind = model.Kind;
        string source = map.Text("source", SourceMax) ?? "";
        if (!map.Has("source"))
            map.Errors.Add(map.Place, "data to have the key 'source'", "none", "add source: and the path of a CSV file, a folder of images or a text");
        DataFormat format = map.Choice("format", DataFormat.Auto,
            [new("auto", DataFormat.Auto), new("csv", DataFormat.Csv), new("idx", DataFormat.Idx), new("cifar", DataFormat.Cifar), new("text", DataFormat.Text)]);
        if (format == DataFormat.Text || (format == DataFormat.Auto && SourceFormat.OfName(source) == DataFormat.Text)) return ReadText(map, kind, source, baseDirectory);
        if (LearnerRegistry.Find(kind) is { ReadsText: true })
            map.Error("format", $"text with kind: {kind}", "write format: text, or name the file .txt");
        TextSection.Refuse(map);
        TargetKind learned = PreparedData.TargetOf(model);
        bool csv = format == DataFormat.Csv || (format == DataFormat.Auto && SourceFormat.OfName(source) == DataFormat.Csv);
        string? target = map.Text("target", ColumnMax) ?? (csv && learned != TargetKind.None ? "target" : null);
        ValueList<string> ignore = ReadNames(map, "ignore", "the name of a column", "[column, column]", mayBeEmpty: true);
        ValueList<string> classes = ReadNames(map, "classes", "the name of a class", "[class, class]");
        int perClass = map.Whole("examples-per-class", 0, 1, int.MaxValue);
        if (learned != TargetKind.Class && kind.Length > 0)
            foreach (string key in new[] { "classes", "examples-per-class" }) map.Refuse(key, "where no classes are learned", "remove it");
        if (target is not null && ignore.Contains(target))
            map.Error("ignore", "without the target column", $"'{target}'", "a column cannot be learned and left out");
        SplitSpec split = ReadSplit(map.Map("split", "{ train: 0.7, validation: 0.15, test: 0.15 }"), csv, learned == TargetKind.Class);
        bool given = ScaleSection.IsGiven(map);
        ScaleBounds? bounds = given ? ScaleSection.Read(map) : null;
        ScaleKind scale = given ? ScaleKind.MinMax : map.Choice("scale", csv ? ScaleKind.None : ScaleKind.Unit255,
        [
            new("none", ScaleKind.None), new("standard", ScaleKind.Standard),
            new("minmax", ScaleKind.MinMax), new("unit255", ScaleKind.Unit255),
        ]);
        AugmentSpec? augment = ReadAugment(map.Map("augment", "{ shift: 2, flip: true }"));
        if (augment is not null && LearnerRegistry.Find(kind) is { } learner && !learner.Can(Capability.Augmentation)) map.Error("augment", $"absent with kind: {kind}", "only networks learn from changed images; remove it");
        ImageShape? image = ReadImage(map, csv);
        string? adaptTo = map.Text("adapt-to", SourceMax) is { } path ? Path.GetFullPath(path, baseDirectory) : null;
        map.Done();
        return new DataSpec(source.Length == 0 ? "" : Path.GetFullPath(source, baseDirectory), format, target, ignore, split, scale) { Bounds = bounds, Image = image, Augment = augment, AdaptTo = adaptTo, Classes = classes, ExamplesPerClass = perClass };
    }

    private static ImageShape? ReadImage(JobMap map, bool csv)
    {
        if (!map.Has("image")) return null;
        if (!csv) map.Refuse("image", "with files of images", "they say their sizes themselves; remove it");
        return ImageLayers.ReadSizes(map, "image", 3, JobDefaults.UnitsMax, "[ 28, 28, 1 ]: height, width, channels") is [int height, int width, int channels]
            ? new ImageShape(height, width, channels)
            : null;
    }

    private static AugmentSpec? ReadAugment(JobMap? map)
    {
        if (map is null) return null;
        AugmentSpec augment = new(
            map.Whole("shift", 0, 0, JobDefaults.FilterMax), map.Flag("flip", false), map.Whole("crop", 0, 0, JobDefaults.FilterMax),
            map.Number("noise", 0, value => value is >= 0 and <= 1000, "a standard deviation from 0 to 1000"));
        map.Done();
        return augment;
    }

    private static DataSpec ReadText(JobMap map, string kind, string source, string baseDirectory)
    {
        if (LearnerRegistry.Find(kind) is { ReadsText: false })
            map.Error("source", $"a table or images with kind: {kind}", $"only {LearnerRegistry.NamesWhere(known => known.ReadsText)} learn from a text");
        TextSpec text = TextSection.Read(map, baseDirectory);
        SplitSpec split = ReadSplit(map.Map("split", "{ train: 0.9, validation: 0.1 }"), csv: false, classes: false);
        if (text.TestSource is not null && split.Test > 0)
            map.Error("test-source", "absent beside data.split.test above 0", "test on one of them: remove the other");
        if (split.Stratify)
            map.Error("split", "without stratify: true", "a text is cut into consecutive parts; remove it");
        map.Done();
        return new DataSpec(
            source.Length == 0 ? "" : Path.GetFullPath(source, baseDirectory), DataFormat.Text, null, new ValueList<string>([]), split, ScaleKind.None)
        { Text = text };
    }

    private static ValueList<string> ReadNames(JobMap map, string key, string wanted, string example, bool mayBeEmpty = false)
    {
        List<string> names = [];
        foreach (JobNode item in map.List(key, ColumnMax, example))
        {
            if (item is JobNode.Scalar scalar && (scalar.Text.Length > 0 || (mayBeEmpty && !scalar.Plain)))
                names.Add(scalar.Text);
            else
                map.Errors.Add(item.Place, wanted, item.Describe(), $"write data.{key}: {example}");
        }
        return new ValueList<string>(names);
    }

    /// <summary>Without the key: 70, 15 and 15 % of a CSV file; 90 and 10 % of IDX images, whose test rows come apart.</summary>
    private static SplitSpec ReadSplit(JobMap? map, bool csv, bool classes)
    {
        if (map is null) return csv ? new SplitSpec(0.7, 0.15, 0.15, classes) : new SplitSpec(0.9, 0.1, 0, classes);
        static bool Fits(double value) => value is >= 0 and <= 1;
        const string wanted = "a fraction from 0 to 1";
        double validation = map.Number("validation", 0, Fits, wanted), test = map.Number("test", 0, Fits, wanted);
        double rest = Math.Round(1 - validation - test, 12);   // train: may be left out
        double train = map.Has("train") ? map.Number("train", rest, value => value is > 0 and <= 1, "a fraction above 0, at most 1") : rest;
        if (train <= 0 || Math.Abs(train + validation + test - 1) > SumTolerance)
            map.Errors.Add(
                PlaceOfSum(map), "data.split.train (above 0), validation and test to add up to 1",
                FormattableString.Invariant($"{Math.Round(train + validation + test, 12)} with train {train}"), "change one of the three");
        bool stratify = map.Flag("stratify", classes);
        map.Done();
        return new SplitSpec(train, validation, test, stratify);
    }

    /// <summary>The flag that last changed a fraction, or the place of all three.</summary>
    private static JobPlace PlaceOfSum(JobMap map)
    {
        JobPlace place = map.Place;
        foreach (string key in new[] { "train", "validation", "test" })
            if (map.PlaceOf(key) is { Line: null } flag) place = flag;
        return place;
    }
}
