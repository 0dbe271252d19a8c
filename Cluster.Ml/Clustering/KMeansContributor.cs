using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Learning;
using Cluster.Ml.Linear;
using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Clustering;

/// <summary>Assigns rows to centroids, and offers rows as start centroids.</summary>
internal sealed class KMeansContributor : LeafContributor
{
    private const int DrawnAtOnce = 4096;
    private const double NearlyNever = 1e300;       // for an example that is a centroid already; finite, so that it can be chosen if all are

    private readonly KMeansLearner _learner;
    private readonly CentroidDistances[] _distances;
    private readonly CentroidDistances _best;
    private readonly ulong[] _words = new ulong[DrawnAtOnce];
    private readonly int[] _ids = new int[DrawnAtOnce];

    public KMeansContributor(KMeansLearner learner)
        : base(learner)
    {
        _learner = learner;
        _distances = new CentroidDistances[Layout.Restarts];
        for (int r = 0; r < _distances.Length; r++) _distances[r] = new CentroidDistances(Layout.Clusters, Layout.Features);
        _best = new CentroidDistances(Layout.Clusters, Layout.Features);
    }

    private KMeansLayout Layout => _learner.Layout;

    public override void Evaluate(NumericBuffer state, RowRange rows, Span<double> sums)
    {
        SetBest(state);
        foreach (int row in rows.Order.Span) ClusteringSums.Add(sums, _best.Nearest(rows.Table.DoublesOf(row)).Squared);
    }

    public override void Predict(NumericBuffer state, RowRange rows, Span<double> predictions, Span<double> scores)
    {
        SetBest(state);
        ReadOnlySpan<int> order = rows.Order.Span;
        for (int i = 0; i < order.Length; i++) predictions[i] = _best.Nearest(rows.Table.DoublesOf(order[i])).Cluster;
    }

    protected override void Prepare(NumericBuffer state)
    {
        // Before any centroid is chosen the zero vector stands for one: its distances only give the first loss a value.
        int count = Math.Max(1, (int)state.Doubles[KMeansLayout.Chosen]);
        for (int r = 0; r < _distances.Length; r++) _distances[r].Set(Layout.Run(state.Doubles, r).Centroids, count);
    }

    protected override void ContributeLeaf(NumericBuffer state, in MicroBatch leaf, NumericBuffer contribution, in StepContext step)
    {
        contribution.Clear();
        Span<double> parts = contribution.Doubles;
        int chosen = (int)state.Doubles[KMeansLayout.Chosen];
        bool choosing = chosen < Layout.Clusters;
        for (int restart = 0; restart < Layout.Restarts; restart++)
        {
            KMeansPart part = Layout.Part(parts, restart);
            (part.Key, part.Id) = (double.PositiveInfinity, double.PositiveInfinity);
            if (choosing) Choose(leaf, part, restart, chosen);
            else if (Layout.Run(state.Doubles, restart).Settled == 0) Assign(leaf, part, restart);
        }
        Span<double> statistics = parts[^StepStatistics.Length..];
        statistics[StepStatistics.LossSum] = Layout.Part(parts, (int)state.Doubles[KMeansLayout.Best]).Inertia;
        statistics[StepStatistics.Examples] = leaf.Count;
    }

    private void Assign(MicroBatch leaf, KMeansPart part, int restart)
    {
        (ShardNumbers rows, ShardNumbers ids) = (leaf.Shard.Rows, leaf.Shard.Ids);
        foreach (int position in leaf.Positions.Span)
        {
            ReadOnlySpan<double> x = leaf.Shard.Table.DoublesOf(rows[position]);
            (int cluster, double squared) = _distances[restart].Nearest(x);
            DoubleVectors.AddScaled(1, x, part.Sums.Slice(cluster * Layout.Features, Layout.Features));
            part.Sizes[cluster]++;
            part.Inertia += squared;
            part.Offer(-squared, ids[position], x);
        }
    }

    private void Choose(MicroBatch leaf, KMeansPart part, int restart, int round)
    {
        bool plain = round == 0 || _learner.StartsAnywhere;
        ReadOnlySpan<int> positions = leaf.Positions.Span;
        ShardNumbers rows = leaf.Shard.Rows;
        for (int i = 0; i < positions.Length; i++)
        {
            int drawn = i % DrawnAtOnce;
            if (drawn == 0) DrawWords(leaf, i, restart, round);
            ReadOnlySpan<double> x = leaf.Shard.Table.DoublesOf(rows[positions[i]]);
            double squared = _distances[restart].Nearest(x).Squared;
            double clock = -StableMath.Log(((_words[drawn] >> 11) + 0.5) * (1.0 / (1UL << 53)));
            double key = round > 0 && squared == 0 ? clock * NearlyNever : plain ? clock : clock / squared;
            part.Inertia += squared;
            part.Offer(key, _ids[drawn], x);
        }
    }

    /// <summary>Random words of the next examples, keyed by their ids.</summary>
    private void DrawWords(MicroBatch leaf, int first, int restart, int round)
    {
        int count = Math.Min(DrawnAtOnce, leaf.Count - first);
        ReadOnlySpan<int> positions = leaf.Positions.Span.Slice(first, count);
        for (int i = 0; i < count; i++) _ids[i] = leaf.Shard.Ids[positions[i]];
        long major = ((long)restart * Layout.Clusters) + round;
        Philox.FillFirst(_words.AsSpan(0, count), _learner.Spec.Seed, RandomPurpose.ClusterStart, major, _ids.AsSpan(0, count));
    }

    private void SetBest(NumericBuffer state)
    {
        int count = Math.Clamp((int)state.Doubles[KMeansLayout.Chosen], 1, Layout.Clusters);
        _best.Set(Layout.BestRun(state.Doubles).Centroids, count);
    }
}
