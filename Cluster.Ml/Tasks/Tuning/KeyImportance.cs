using Cluster.Ml.Jobs;

namespace Cluster.Ml.Tasks.Tuning;

/// <summary>How much of the difference between trials each key alone accounts for.</summary>
/// <remarks>
/// Equation  η² = Σ n_g (r̄_g − r̄)² / Σ (r − r̄)², r the rank of a trial's loss, groups g of trials of equal value; of numbers, of which there
///           are more than four, four groups of equal size by value
/// Range     0 (none) to 1 (all); of few trials it is high without cause, as any grouping is; what keys do together is in none of them
/// Source    the correlation ratio (Fisher 1925), of ranks as in Kruskal and Wallis, J. Am. Stat. Assoc. 47 (1952)
/// </remarks>
public static class KeyImportance
{
    /// <summary>The fewest trials of which anything is told.</summary>
    public const int TrialsMin = 8;

    private const int GroupsOfNumbers = 4;

    /// <summary>The keys that were searched, the most important first; none if there are too few trials.</summary>
    /// <param name="searched">The job.</param>
    /// <param name="trials">The reports, by index; with halving, those of the first round count.</param>
    public static IReadOnlyList<KeyValuePair<string, double>> Of(JobSpec searched, IReadOnlyList<TaskReport> trials)
    {
        TuneSpec tune = searched.Tune!;
        TaskReport[] first = [.. trials.Take(tune.Search == TuneSpec.Grid ? TrialDraw.GridSize(tune) : tune.Trials)];
        if (first.Length < TrialsMin) return [];
        double[] ranks = Ranks([.. first.Select(trial => TrialRounds.LossOf(searched, trial))]);
        string[][] values = [.. first.Select(trial => ValuesOf(tune, trial))];
        return
        [
            .. tune.Keys.Select((key, k) => KeyValuePair.Create(key.Path, Share(ranks, Groups([.. values.Select(trial => trial[k])]))))
                .OrderByDescending(key => key.Value),
        ];
    }

    /// <summary>Ranks from 1; equal losses share their mean rank, and failed trials that of the worst.</summary>
    private static double[] Ranks(double[] losses)
    {
        double[] sortable = [.. losses.Select(loss => double.IsNaN(loss) ? double.PositiveInfinity : loss)];
        return [.. sortable.Select(loss => sortable.Count(other => other < loss) + ((sortable.Count(other => other == loss) + 1) / 2.0))];
    }

    private static string[] ValuesOf(TuneSpec tune, TaskReport trial)
    {
        IReadOnlyList<KeyValuePair<string, string>> settings = TrialSettings.Parse(trial.Label);
        return [.. tune.Keys.Select(key => settings.FirstOrDefault(setting => setting.Key == key.Path).Value ?? "")];
    }

    private static int[] Groups(string[] values)
    {
        string[] distinct = [.. values.Distinct()];
        double[] numbers = [.. values.Select(value => NumberText.TryRead(value, out double number) ? number : double.NaN)];
        if (distinct.Length <= GroupsOfNumbers || numbers.Any(double.IsNaN)) return [.. values.Select(value => Array.IndexOf(distinct, value))];
        return [.. numbers.Select(number => numbers.Count(other => other < number) * GroupsOfNumbers / numbers.Length)];
    }

    private static double Share(double[] ranks, int[] groups)
    {
        double mean = ranks.Average(), all = ranks.Sum(rank => (rank - mean) * (rank - mean));
        if (all == 0) return 0;
        double between = 0;
        foreach (IGrouping<int, int> group in Enumerable.Range(0, ranks.Length).GroupBy(trial => groups[trial]))
        {
            double apart = group.Average(trial => ranks[trial]) - mean;
            between += group.Count() * apart * apart;
        }
        return between / all;
    }
}
