using System.Globalization;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Linear;
using Cluster.Ml.Numerics;
using Cluster.Ml.Reinforcement.Environments;

namespace Cluster.Ml.Reinforcement.QLearning;

/// <summary>Q-learning: a table of what each action is worth in each state, learned from episodes that try things.</summary>
/// <remarks>
/// Objective    Q(s, a) = E[r + γ·maxₐ′ Q(s′, a′)], 0 after the end
/// Equation     contribution: for each (s, a) Σ δ and n over the moments of the episodes, δ = r + γ·maxₐ′ Q(s′, a′) − Q(s, a), with the published Q;
///              update: Q(s, a) ← Q(s, a) + α·Σδ / n where n &gt; 0
/// Shapes       state [cells × actions]; contribution: Σ δ [cells × actions], n [cells × actions], the step's statistics, whose examples are moments
/// Determinism  a row is an episode, keyed by (seed, step, row); best actions are ties' first
/// Complexity   a step: actions played; a prediction: one row of the table
/// Source       Watkins and Dayan, "Q-Learning", Machine Learning 8 (1992); Sutton and Barto (2018), § 6.5
/// Differs      from the papers in that values move once a step, by the mean of what many episodes saw, and not with every action
/// </remarks>
public sealed class QLearner : ILearner, ILearnedNumbers, IMembership
{
    private QLearner(JobSpec spec)
    {
        (Options, Seed) = (spec.Model.As<QLearningOptions>(), spec.Seed);
        Process = Options.Process;
    }

    /// <inheritdoc/>
    public NumberKind Numbers => NumberKind.Float64;

    /// <inheritdoc/>
    public int StateLength => Process.Cells * Actions;

    /// <inheritdoc/>
    public int OptimizerStateLength => 0;

    /// <inheritdoc/>
    public int ContributionLength => (2 * StateLength) + StepStatistics.Length;

    /// <inheritdoc/>
    public int EvaluationLength => ReturnSums.Length;

    /// <inheritdoc/>
    public bool FullBatch => true;

    /// <inheritdoc/>
    public IReadOnlyList<string> MembershipNames => [.. Process.ActionNames.Select(action => $"value_{action}")];

    internal QLearningOptions Options { get; }

    internal DecisionProcess Process { get; }

    internal ulong Seed { get; }

    internal int Actions => Process.ActionNames.Count;

    /// <summary>The learner of a job of kind q-learning.</summary>
    /// <param name="spec">The job.</param>
    /// <exception cref="ArgumentException">The job is of another kind.</exception>
    public static QLearner Create(JobSpec spec) => new(spec);

    /// <inheritdoc/>
    public void Initialize(NumericBuffer state, NumericBuffer optimizerState) => state.Clear();

    /// <inheritdoc/>
    public IContributor CreateContributor() => new QContributor(this);

    /// <inheritdoc/>
    public UpdateOutcome Update(NumericBuffer state, NumericBuffer optimizerState, NumericBuffer sum, in StepContext step)
    {
        Span<double> values = state.Doubles, errors = sum.Doubles[..StateLength], counts = sum.Doubles.Slice(StateLength, StateLength), statistics = sum.Doubles[(2 * StateLength)..];
        if (!DoubleVectors.AllFinite(sum.Doubles)) throw new DivergedException(step.Step, "action values", "sums that are not", "lower model.discount or model.rate");
        for (int i = 0; i < values.Length; i++)
            if (counts[i] > 0) values[i] += Options.Rate * (errors[i] / counts[i]);
        double examples = statistics[StepStatistics.Examples];
        return new UpdateOutcome(false, examples > 0 ? statistics[StepStatistics.LossSum] / examples : 0, (long)examples);
    }

    /// <inheritdoc/>
    public Metrics Measure(ReadOnlySpan<double> evaluationSums) => ReturnSums.Measure(evaluationSums);

    /// <inheritdoc/>
    public IReadOnlyList<LearnedNumbers> Learned(NumericBuffer state, Preprocessing preprocessing) =>
        [LearnedNumbers.Matrix("action_values", Actions, state.Doubles.ToArray())];

    /// <inheritdoc/>
    public ModelSummary Summarize(NumericBuffer state)
    {
        const int cellsShown = 50;
        List<IReadOnlyList<string>> rows = [];
        for (int cell = 0; cell < Math.Min(cellsShown, Process.Cells); cell++)
        {
            double[] values = ValuesOf(state, cell).ToArray();
            rows.Add([
                cell.ToString(CultureInfo.InvariantCulture), Process.ActionNames[QTable.BestOf(values)],
                .. values.Select(value => value.ToString("G6", CultureInfo.InvariantCulture))]);
        }
        return new ModelSummary(
            $"q-learning on {Process.Name}: {Process.Cells} cells, {Actions} actions", ["cell", "best", .. Process.ActionNames], rows,
            Process.Cells > cellsShown ? [$"the first {cellsShown} of {Process.Cells} cells"] : []);
    }

    /// <summary>What the actions of a cell are worth, [actions].</summary>
    internal ReadOnlySpan<double> ValuesOf(NumericBuffer state, int cell) => state.Doubles.Slice(cell * Actions, Actions);
}
