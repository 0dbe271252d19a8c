using System.Globalization;
using Cluster.Ml.Jobs;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Tasks.Tuning;

/// <summary>Which values each trial of a search has.</summary>
/// <remarks>
/// Determinism  a pure function of the job's seed and its section tune; a number has six significant digits
/// Equation     with u in [0, 1) of the stream (seed, purpose search, trial, place of the key): low + u (high − low), and
///              low (high / low)^u if it is logarithmic
/// Source       Bergstra and Bengio, "Random Search for Hyper-Parameter Optimization", JMLR 13 (2012)
/// </remarks>
internal static class TrialDraw
{
    /// <summary>The settings of every trial that is drawn or enumerated, by trial.</summary>
    public static IReadOnlyList<string> Of(JobSpec job, TuneSpec tune) =>
        tune.Search == TuneSpec.Grid ? Grid(tune) : [.. Enumerable.Range(0, tune.Trials).Select(trial => Random(job.Seed, tune, trial))];

    /// <summary>How many combinations a grid has, at most one more than are allowed.</summary>
    public static int GridSize(TuneSpec tune)
    {
        long size = 1;
        foreach (TuneKey key in tune.Keys) size = Math.Min(size * CountOf(key.Values), TuneSpec.TrialsMax + 1);
        return (int)size;
    }

    /// <summary>Every combination; the last key changes fastest.</summary>
    private static string[] Grid(TuneSpec tune)
    {
        string[] trials = new string[GridSize(tune)];
        for (int trial = 0; trial < trials.Length; trial++)
        {
            int rest = trial;
            string[] settings = new string[tune.Keys.Count];
            for (int k = settings.Length - 1; k >= 0; k--)
            {
                int count = CountOf(tune.Keys[k].Values);
                settings[k] = Setting(tune.Keys[k], At(tune.Keys[k].Values, rest % count));
                rest /= count;
            }
            trials[trial] = TrialSettings.Join(settings);
        }
        return trials;
    }

    private static string Random(ulong seed, TuneSpec tune, int trial) => TrialSettings.Join(
        tune.Keys.Select((key, place) =>
        {
            RandomStream stream = RandomStream.At(seed, RandomPurpose.Search, trial, place);
            return Setting(key, key.Values switch
            {
                TuneValues.Choices choices => choices.Texts[stream.Next(choices.Texts.Count)],
                TuneValues.Range { Whole: true, Logarithmic: false } range => Text(range.Low + stream.Next((int)(range.High - range.Low) + 1)),
                TuneValues.Range range => Between(range, stream.NextDouble()),
                _ => throw new InvalidOperationException($"TrialDraw: wanted choices or a range, got {key.Values}."),
            });
        }));

    private static int CountOf(TuneValues values) => values switch
    {
        TuneValues.Choices choices => choices.Texts.Count,
        TuneValues.Range range => range.Points,
        _ => 0,
    };

    private static string At(TuneValues values, int point) => values switch
    {
        TuneValues.Choices choices => choices.Texts[point],
        TuneValues.Range range => Between(range, point / (range.Points - 1.0)),
        _ => "",
    };

    private static string Between(TuneValues.Range range, double share)
    {
        double value = range.Logarithmic ? range.Low * Math.Pow(range.High / range.Low, share) : range.Low + (share * (range.High - range.Low));
        double rounded = range.Whole ? Math.Round(value, MidpointRounding.AwayFromZero) : SixDigits(value);
        return Text(Math.Clamp(rounded, range.Low, range.High));
    }

    private static double SixDigits(double value) => NumberText.TryRead(value.ToString("G6", CultureInfo.InvariantCulture), out double rounded) ? rounded : value;

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Setting(TuneKey key, string value) => $"{key.Path}={value}";
}
