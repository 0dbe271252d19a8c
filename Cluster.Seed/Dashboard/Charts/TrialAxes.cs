using System.Globalization;
using Cluster.Messages.Node.Settings;
using Cluster.Seed.Dashboard.History;

namespace Cluster.Seed.Dashboard.Charts;

/// <summary>Where the trials of a search lie on parallel axes: numbers by their value, other settings by the order of their names.</summary>
/// <param name="Names">The settings that are not the same in all trials, then the figure.</param>
/// <param name="Lowest">What each axis has at 0.</param>
/// <param name="Highest">What each axis has at 1.</param>
/// <param name="Trials">Of each trial its places, 0 to 1, and the share of trials whose figure is lower.</param>
internal sealed record TrialAxes(
    ImmutableArray<string> Names, ImmutableArray<string> Lowest, ImmutableArray<string> Highest, ImmutableArray<(ImmutableArray<double> Places, double Rank)> Trials)
{
    private const int NameMax = 22;

    /// <summary>The axes; null if nothing can be compared: fewer than two trials, or no setting that differs.</summary>
    public static TrialAxes? Of(IReadOnlyList<TaskSight> tasks)
    {
        TaskSight[] trials = [.. tasks.Where(task => !task.Outcome.Figures.IsDefaultOrEmpty && double.IsFinite(task.Outcome.Figures[0].Value))];
        if (trials.Length < 2) return null;
        string[] keys = [.. TrialLabel.KeysOf(trials.Select(trial => trial.Outcome.Label))
            .Where(key => trials.Select(trial => TrialLabel.ValueOf(trial.Outcome.Label, key)).Distinct().Count() > 1)];
        if (keys.Length == 0 || keys is ["task"]) return null;
        double[] figures = [.. trials.Select(trial => trial.Outcome.Figures[0].Value)];
        Axis[] axes =
        [
            .. keys.Select(key => Axis.Of(key, [.. trials.Select(trial => TrialLabel.ValueOf(trial.Outcome.Label, key))])),
            Axis.OfNumbers(trials[0].Outcome.Figures[0].Name, figures, figures.Select(PageText.Number)),
        ];
        return new TrialAxes(
            [.. axes.Select(axis => axis.Name)], [.. axes.Select(axis => axis.Lowest)], [.. axes.Select(axis => axis.Highest)],
            [.. trials.Select((_, trial) => (axes.Select(axis => axis.Places[trial]).ToImmutableArray(), (double)figures.Count(other => other < figures[trial]) / figures.Length))]);
    }

    private sealed record Axis(string Name, string Lowest, string Highest, ImmutableArray<double> Places)
    {
        public static Axis Of(string key, ImmutableArray<string> values)
        {
            double[] numbers = [.. values.Select(value => ValueKind.Number.TryRead(value, out double number) ? number : double.NaN)];
            if (numbers.All(double.IsFinite)) return OfNumbers(key, numbers, values);
            string[] known = [.. values.Distinct().Order(StringComparer.Ordinal)];
            return new Axis(Short(key), Short(known[0]), Short(known[^1]), [.. values.Select(value => Array.IndexOf(known, value) / Math.Max(1.0, known.Length - 1))]);
        }

        public static Axis OfNumbers(string name, double[] numbers, IEnumerable<string> texts)
        {
            string[] shown = [.. texts];
            double low = numbers.Min(), high = numbers.Max();
            return new Axis(
                Short(name), Short(shown[Array.IndexOf(numbers, low)]), Short(shown[Array.IndexOf(numbers, high)]),
                [.. numbers.Select(number => high > low ? ((number / 2) - (low / 2)) / ((high / 2) - (low / 2)) : 0.5)]);
        }

        /// <summary>The end of a path says most.</summary>
        private static string Short(string text) => text.Length <= NameMax ? text : string.Create(CultureInfo.InvariantCulture, $"…{text.AsSpan(text.Length - NameMax + 1)}");
    }
}
