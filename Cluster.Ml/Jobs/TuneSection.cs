using System.Globalization;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;
using Cluster.Ml.Tasks.Tuning;

namespace Cluster.Ml.Jobs;

/// <summary>The key tune: what `cluster tune` searches. Training a job does not look at it.</summary>
internal static class TuneSection
{
    public const string Example = "{ search: random, trials: 20, keys: { training.optimizer.adam.rate: { log: [ 1e-4, 1e-1 ] } } }";

    private const string KeysExample = "{ training.optimizer.adam.rate: { log: [ 1e-4, 1e-1 ] }, training.batch: [ 32, 64 ] }";
    private const string EpochsKey = "training.epochs";
    private const string Uniform = "uniform", Log = "log", Whole = "whole", LogWhole = "log-whole", Points = "points";
    private const int ChoicesMax = 1000, PointsDefault = 5, FigureMax = 40;
    private const double WholeMax = 1_000_000_000;
    private static readonly string[] s_scales = [Uniform, Log, Whole, LogWhole];
    private static readonly string[] s_sections = ["model", "training", "data.scale", "data.augment"];

    /// <summary>All keys of the section.</summary>
    public static readonly KeySet<TuneSpec> Declared = new KeySet<TuneSpec>(new TuneSpec())
        .Word("search", "How values are chosen: every combination, at random, or at random with few epochs of which the best trials get more.",
            tune => tune.Search, (tune, search) => tune with { Search = search }, [TuneSpec.Grid, TuneSpec.Random, TuneSpec.Halving])
        .Whole("trials", "How many combinations are drawn; a grid has all.", tune => tune.Trials, (tune, trials) => tune with { Trials = trials }, 1, TuneSpec.TrialsMax, unit: "trials")
        .Written(tune => tune.Search != TuneSpec.Grid)
        .Whole("keep", "With halving: of so many trials one goes on, for so many times the epochs.", tune => tune.Keep, (tune, keep) => tune with { Keep = keep }, 2, 100,
            source: "Li et al., \"Hyperband\", JMLR 18 (2018)")
        .Written(tune => tune.Search == TuneSpec.Halving)
        .Text("by", "The figure that trials are compared by; each has one direction that is better.", tune => tune.By, (tune, by) => tune with { By = by }, FigureMax, "the model's first figure with a direction")
        .Flag("refit", "Whether a model is trained with the best values in the end.", tune => tune.Refit, (tune, refit) => tune with { Refit = refit })
        .Named("keys", "The keys that are searched, each with a list of values or a range.", "keys of the job, each with a list of values or a range", ReadKeys, tune => WriteKeys(tune.Keys))
        .Otherwise("none")
        .Check(Check);

    /// <summary>Notes a figure that models of this kind do not have.</summary>
    public static void JudgeFigure(JobMap map, TuneSpec tune, LearnerKind kind, ModelOptions options)
    {
        string[] known = [.. TrialFigures.Of(kind, options).Where(figure => figure.Better != Better.Neither).Select(figure => figure.Name)];
        if (tune.By is not { } by || known.Contains(by)) return;
        if (known.Length == 0) map.Refuse("by", $"with kind: {kind.Name}, of which no figure says how good it is", "remove it");
        else map.Error("by", $"{string.Join(" or ", known)}, what a trial of kind: {kind.Name} is measured by", Nearest.Advice(by, known));
    }

    private static void Check(JobMap map, TuneSpec tune)
    {
        if (tune.Search == TuneSpec.Grid) map.Refuse("trials", "with search: grid, which tries all combinations", "remove it");
        if (tune.Search != TuneSpec.Halving) map.Refuse("keep", "without search: halving", "remove it");
        if (tune.Search == TuneSpec.Halving && tune.Keys.Any(key => key.Path == EpochsKey))
            map.Error("keys", $"without {EpochsKey}", "it, which halving sets itself", "remove it; training.epochs of the job is what the best trials get");
        if (!map.Has("keys")) map.Errors.Add(map.Place, $"{map.Name} to have the key 'keys'", "none", $"add keys: {KeysExample}");
        else if (tune.Search == TuneSpec.Grid && TrialDraw.GridSize(tune) > TuneSpec.TrialsMax)
            map.Error("keys", $"at most {TuneSpec.TrialsMax} combinations", "more", "search at random, or give fewer values");
    }

    private static TuneSpec ReadKeys(JobMap map, TuneSpec tune)
    {
        if (map.Map("keys", KeysExample) is not { } keys) return tune;
        List<TuneKey> read = [];
        foreach (string path in keys.Keys.ToArray())
        {
            keys.Know(path);
            if (!Array.Exists(s_sections, section => path == section || path.StartsWith(section + ".", StringComparison.Ordinal)))
                keys.Error(path, $"a key of {string.Join(", ", s_sections)}", $"'{path}'", "trials are compared on the same rows, so that no other key may differ");
            else if (ReadValues(keys, path) is { } values) read.Add(new TuneKey(path, values));
        }
        if (keys.Keys.Any()) return tune with { Keys = new ValueList<TuneKey>(read) };
        map.Error("keys", "at least one key", "none", $"write keys: {KeysExample}");
        return tune;
    }

    private static TuneValues? ReadValues(JobMap keys, string path)
    {
        switch (keys.Node(path))
        {
            case JobNode.Sequence { Items.Count: >= 1 and <= ChoicesMax } list when !list.Items.Select(NodeText.Write).Any(text => text.Any(char.IsControl)):
                return new TuneValues.Choices(new ValueList<string>(list.Items.Select(NodeText.Write)));
            case JobNode.Mapping mapping:
                return ReadRange(keys, path, new JobMap(mapping, keys.PathOf(path), keys.Errors));
            default:
                keys.Error(path, $"a list of 1 to {ChoicesMax} values, or a range", $"write for example {path}: [ 16, 32 ], or {path}: {{ log: [ 1e-4, 1e-1 ] }}");
                return null;
        }
    }

    private static TuneValues.Range? ReadRange(JobMap keys, string path, JobMap range)
    {
        string[] scales = [.. s_scales.Where(range.Has)];
        int points = range.Whole(Points, PointsDefault, 2, ChoicesMax);
        range.Done();
        if (scales is not [var scale])
        {
            keys.Error(path, $"exactly one of {string.Join(", ", s_scales)}", scales.Length == 0 ? "none" : string.Join(" and ", scales), $"write for example {path}: {{ log: [ 1e-4, 1e-1 ] }}");
            return null;
        }
        bool logarithmic = scale is Log or LogWhole, whole = scale is Whole or LogWhole;
        double[] bounds = [.. range.List(scale, 2, "[ 1, 10 ]").Select(bound => JobMap.NumberOf(bound) ?? double.NaN)];
        if (bounds is [var low, var high] && low < high && (!logarithmic || low > 0) && (!whole || IsWhole(low, high)))
            return new TuneValues.Range(low, high, logarithmic, whole, whole ? (int)Math.Min(points, high - low + 1) : points);
        range.Error(
            scale, $"two {(whole ? "whole " : "")}numbers{(logarithmic ? " above 0" : "")}, the lower first", $"write for example {scale}: {(whole ? "[ 16, 512 ]" : "[ 1e-4, 1e-1 ]")}");
        return null;
    }

    private static bool IsWhole(double low, double high) => low == Math.Floor(low) && high == Math.Floor(high) && Math.Abs(low) <= WholeMax && Math.Abs(high) <= WholeMax;

    private static string WriteKeys(ValueList<TuneKey> keys) => $"{{ {string.Join(", ", keys.Select(key => $"{JobText.Quote(key.Path)}: {Write(key.Values)}"))} }}";

    private static string Write(TuneValues values) => values switch
    {
        TuneValues.Choices choices => $"[ {string.Join(", ", choices.Texts)} ]",
        TuneValues.Range range => $"{{ {ScaleOf(range)}: [ {Number(range.Low)}, {Number(range.High)} ], {Points}: {range.Points} }}",
        _ => throw new InvalidOperationException($"TuneSection: wanted choices or a range, got {values}."),
    };

    private static string ScaleOf(TuneValues.Range range) => range.Logarithmic ? range.Whole ? LogWhole : Log : range.Whole ? Whole : Uniform;

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
