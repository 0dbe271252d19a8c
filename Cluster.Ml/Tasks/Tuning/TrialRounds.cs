using System.Globalization;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;

namespace Cluster.Ml.Tasks.Tuning;

/// <summary>The rounds of a search: one, or with halving several, each of the best trials of the round before for more epochs.</summary>
/// <remarks>
/// Equation     with n trials, E epochs and factor k there are s + 1 rounds, s = ⌊log n / log k⌋ but k^s ≤ E; round i has ⌊n / kⁱ⌋ trials
///              of ⌊E / k^(s − i)⌋ epochs, each trained anew
/// Ties         of equal trials the first goes on; one whose training failed never does
/// Source       Jamieson and Talwalkar, "Non-stochastic Best Arm Identification and Hyperparameter Optimization", AISTATS 2016, algorithm 1
/// Differs      in that a trial begins anew in each round, so that a round depends on figures alone: at most k / (k − 1) times the epochs
/// </remarks>
internal sealed class TrialRounds
{
    private const string EpochsKey = "training.epochs";
    private readonly JobSpec _job;
    private readonly IReadOnlyList<string> _drawn;
    private readonly int _factor;
    private readonly int _reductions;

    public TrialRounds(JobSpec job, TuneSpec tune)
    {
        (_job, _factor) = (job, tune.Keep);
        _drawn = TrialDraw.Of(job, tune);
        if (tune.Search != TuneSpec.Halving) return;
        for (long power = _factor; power <= _drawn.Count && power <= job.Training.Epochs; power *= _factor) _reductions++;
    }

    /// <summary>What the next round tries, by index; none if the search is over.</summary>
    /// <param name="done">The reports so far, by index, of whole rounds.</param>
    public IReadOnlyList<string> Next(IReadOnlyList<TaskReport> done)
    {
        int round = 0, start = 0;
        IReadOnlyList<string> settings = Round(0, _drawn);
        while (start < done.Count)
        {
            if (round == _reductions) return [];
            settings = After(round, settings, done, start, out int count);
            (start, round) = (start + count, round + 1);
        }
        return settings;
    }

    /// <summary>The best trial: of the last round in which one stayed finite; null if none did.</summary>
    public int? Best(IReadOnlyList<TaskReport> done)
    {
        int? best = null;
        int start = 0;
        IReadOnlyList<string> settings = Round(0, _drawn);
        for (int round = 0; start < done.Count && settings.Count > 0; round++)
        {
            int first = start;
            best = Order(done, first, Math.Min(settings.Count, done.Count - first)).Select(index => (int?)index).FirstOrDefault() ?? best;
            if (round == _reductions) break;
            settings = After(round, settings, done, first, out int count);
            start += count;
        }
        return best;
    }

    private IReadOnlyList<string> After(int round, IReadOnlyList<string> settings, IReadOnlyList<TaskReport> done, int start, out int count)
    {
        count = settings.Count;
        int kept = Math.Max(1, (int)(_drawn.Count / Power(round + 1)));
        return Round(round + 1, [.. Order(done, start, Math.Min(count, done.Count - start)).Take(kept).Order().Select(index => Plain(done[index].Label))]);
    }

    /// <summary>The trials that stayed finite, the best first.</summary>
    private IEnumerable<int> Order(IReadOnlyList<TaskReport> done, int start, int count) => Enumerable.Range(start, count)
        .Where(index => double.IsFinite(LossOf(_job, done[index])))
        .OrderBy(index => LossOf(_job, done[index])).ThenBy(index => index);

    /// <summary>What trials are compared by, lower being better; NaN if training failed.</summary>
    public static double LossOf(JobSpec job, TaskReport report) =>
        report.Reason.Length > 0 ? double.NaN : Figure.LossOf(TrialFigures.Deciding(job), report.Figures);

    private IReadOnlyList<string> Round(int round, IReadOnlyList<string> settings)
    {
        if (_reductions == 0) return settings;
        long epochs = Math.Max(1, _job.Training.Epochs / Power(_reductions - round));
        return [.. settings.Select(setting => TrialSettings.Join([.. TrialSettings.Split(setting), string.Create(CultureInfo.InvariantCulture, $"{EpochsKey}={epochs}")]))];
    }

    /// <summary>The settings without the epochs of a round.</summary>
    private static string Plain(string settings) => TrialSettings.Join(TrialSettings.Split(settings)[..^1]);

    private long Power(int exponent)
    {
        long power = 1;
        for (int i = 0; i < exponent; i++) power *= _factor;
        return power;
    }
}
