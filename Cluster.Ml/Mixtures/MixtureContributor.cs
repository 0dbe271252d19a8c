using Cluster.Ml.Clustering;
using Cluster.Ml.Data;
using Cluster.Ml.Learning;
using Cluster.Ml.Linear;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Mixtures;

/// <summary>The E-step: sums weighted moments of rows about the current means. Before it, the steps of the start.</summary>
internal sealed class MixtureContributor : LeafContributor
{
    private readonly GaussianMixtureLearner _learner;
    private readonly KMeansContributor _start;
    private readonly MixtureDensity[] _densities;
    private readonly MixtureDensity _best;
    private readonly CentroidDistances _centroids;

    public MixtureContributor(GaussianMixtureLearner learner)
        : base(learner)
    {
        _learner = learner;
        _start = new KMeansContributor(learner.Start);
        _densities = [.. Enumerable.Range(0, Layout.Restarts).Select(_ => new MixtureDensity(learner.Form, Layout.Components, Layout.Features))];
        _best = new MixtureDensity(learner.Form, Layout.Components, Layout.Features);
        _centroids = new CentroidDistances(Layout.Components, Layout.Features);
    }

    private MixtureLayout Layout => _learner.Layout;

    public override void Evaluate(NumericBuffer state, RowRange rows, Span<double> sums)
    {
        _best.Set(Layout.BestRun(state.Doubles));
        foreach (int row in rows.Order.Span) DensitySums.Add(sums, _best.Measure(rows.Table.DoublesOf(row)).LogDensity);
    }

    public override void Predict(NumericBuffer state, RowRange rows, Span<double> predictions, Span<double> scores)
    {
        _best.Set(Layout.BestRun(state.Doubles));
        ReadOnlySpan<int> order = rows.Order.Span;
        for (int i = 0; i < order.Length; i++)
        {
            (double logDensity, int likeliest) = _best.Measure(rows.Table.DoublesOf(order[i]));
            predictions[i] = likeliest;
            if (scores.IsEmpty) continue;
            Span<double> membership = scores.Slice(i * (Layout.Components + 1), Layout.Components + 1);
            _best.Responsibilities.CopyTo(membership);
            membership[^1] = logDensity;
        }
    }

    protected override void Prepare(NumericBuffer state)
    {
        if (Layout.Phase(state.Doubles) == MixtureLayout.Choosing) return;
        for (int restart = 0; restart < Layout.Restarts; restart++) _densities[restart].Set(Layout.Run(state.Doubles, restart));
    }

    protected override void ContributeLeaf(NumericBuffer state, in MicroBatch leaf, NumericBuffer contribution, in StepContext step)
    {
        Span<double> model = state.Doubles, numbers = contribution.Doubles;
        double phase = Layout.Phase(model);
        if (phase == MixtureLayout.Choosing) _start.Contribute(state, new ReadOnlySpan<MicroBatch>(in leaf), contribution, step);
        else
        {
            contribution.Clear();
            for (int restart = 0; restart < Layout.Restarts; restart++)
            {
                MixtureRun run = Layout.Run(model, restart);
                MixturePart part = Layout.Part(numbers, restart);
                if (run.Settled != 0) part.LogLikelihood = run.LogLikelihood * leaf.Count;
                else if (phase == MixtureLayout.Assigning) Assign(leaf, run, part, _densities[restart]);
                else Expect(leaf, part, _densities[restart]);
            }
            numbers[^(StepStatistics.Length - StepStatistics.LossSum)] = -Layout.Part(numbers, (int)Layout.Best(model)).LogLikelihood;
            numbers[^(StepStatistics.Length - StepStatistics.Examples)] = leaf.Count;
        }
        numbers[Layout.PhaseOfSums] = phase;
    }

    // Each row belongs to its nearest centroid; what is summed as its log-likelihood is minus its squared distance.
    private void Assign(in MicroBatch leaf, MixtureRun run, MixturePart part, MixtureDensity density)
    {
        _centroids.Set(run.Means, Layout.Components);
        ShardNumbers rows = leaf.Shard.Rows;
        foreach (int position in leaf.Positions.Span)
        {
            ReadOnlySpan<double> x = leaf.Shard.Table.DoublesOf(rows[position]);
            (int nearest, double squared) = _centroids.Nearest(x);
            Add(part, nearest, 1, density.Difference(x, nearest));
            part.LogLikelihood -= squared;
        }
    }

    private void Expect(in MicroBatch leaf, MixturePart part, MixtureDensity density)
    {
        ShardNumbers rows = leaf.Shard.Rows;
        foreach (int position in leaf.Positions.Span)
        {
            ReadOnlySpan<double> x = leaf.Shard.Table.DoublesOf(rows[position]);
            part.LogLikelihood += density.Measure(x).LogDensity;
            for (int c = 0; c < Layout.Components; c++)
                if (density.Responsibilities[c] is var responsibility && responsibility != 0) Add(part, c, responsibility, density.Difference(x, c));
        }
    }

    private void Add(MixturePart part, int component, double weight, ReadOnlySpan<double> difference)
    {
        part.Counts[component] += weight;
        DoubleVectors.AddScaled(weight, difference, part.Firsts.Slice(component * Layout.Features, Layout.Features));
        _learner.Form.Add(part.Seconds, component, weight, difference);
    }
}
