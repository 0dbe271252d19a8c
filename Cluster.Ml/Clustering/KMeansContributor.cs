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
    private const double NearlyNever = 1e300;       // for an example that is a centroid already; finite, so that it can be chosen if all are

    private readonly KMeansLearner _learner;
    private readonly CentroidDistances[] _distances;
    private readonly CentroidDistances _best;
    private readonly RowBlock _block;
    private readonly int[] _places = new int[RowBlock.RowsMax], _ids = new int[RowBlock.RowsMax], _nearest = new int[RowBlock.RowsMax];
    private readonly double[] _squared = new double[RowBlock.RowsMax], _clocks = new double[RowBlock.RowsMax];
    private readonly ulong[] _words = new ulong[RowBlock.RowsMax];

    public KMeansContributor(KMeansLearner learner)
        : base(learner)
    {
        _learner = learner;
        _distances = new CentroidDistances[Layout.Restarts];
        for (int r = 0; r < _distances.Length; r++) _distances[r] = new CentroidDistances(Layout.Clusters, Layout.Features);
        _best = new CentroidDistances(Layout.Clusters, Layout.Features);
        _block = new RowBlock(Layout.Features);
    }

    private KMeansLayout Layout => _learner.Layout;

    public override void Evaluate(NumericBuffer state, RowRange rows, Span<double> sums)
    {
        SetBest(state);
        for (int first = 0; first < rows.Count; first += RowBlock.RowsMax)
        {
            FindNearest(rows, first);
            foreach (double squared in _squared.AsSpan(0, _block.Count)) ClusteringSums.Add(sums, squared);
        }
    }

    public override void Predict(NumericBuffer state, RowRange rows, Span<double> predictions, Span<double> scores)
    {
        SetBest(state);
        for (int first = 0; first < rows.Count; first += RowBlock.RowsMax)
        {
            FindNearest(rows, first);
            for (int i = 0; i < _block.Count; i++) predictions[first + i] = _nearest[i];
        }
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
        for (int restart = 0; restart < Layout.Restarts; restart++)
        {
            KMeansPart part = Layout.Part(parts, restart);
            (part.Key, part.Id) = (double.PositiveInfinity, double.PositiveInfinity);
        }
        int chosen = (int)state.Doubles[KMeansLayout.Chosen];
        if (chosen < Layout.Clusters) Choose(leaf, state, parts, chosen);
        else Assign(leaf, state, parts);
        Span<double> statistics = parts[^StepStatistics.Length..];
        statistics[StepStatistics.LossSum] = Layout.Part(parts, (int)state.Doubles[KMeansLayout.Best]).Inertia;
        statistics[StepStatistics.Examples] = leaf.Count;
    }

    private void Assign(in MicroBatch leaf, NumericBuffer state, Span<double> parts)
    {
        for (int first = 0; first < leaf.Count; first += RowBlock.RowsMax)
        {
            Load(leaf, first);
            for (int restart = 0; restart < Layout.Restarts; restart++)
                if (Layout.Run(state.Doubles, restart).Settled == 0) Assign(Layout.Part(parts, restart), restart);
        }
    }

    // Adds the rows of the block to the sums of their clusters.
    private void Assign(KMeansPart part, int restart)
    {
        _distances[restart].Nearest(_block, _nearest, _squared);
        for (int i = 0; i < _block.Count; i++)
        {
            ReadOnlySpan<double> x = _block[i];
            DoubleVectors.AddScaled(1, x, part.Sums.Slice(_nearest[i] * Layout.Features, Layout.Features));
            part.Sizes[_nearest[i]]++;
            part.Inertia += _squared[i];
            part.Offer(-_squared[i], _ids[i], x);
        }
    }

    private void Choose(in MicroBatch leaf, NumericBuffer state, Span<double> parts, int round)
    {
        if (round == 0 || _learner.StartDistancesOf(leaf) is not { } kept) Choose(leaf, parts, round, null, 0);
        else
            lock (kept)
            {
                int covered = kept.CoveredOf(state, round);
                kept.Forget();
                Choose(leaf, parts, round, kept, covered);
                kept.Cover(state, round);
            }
    }

    private void Choose(in MicroBatch leaf, Span<double> parts, int round, StartDistances? kept, int covered)
    {
        for (int first = 0; first < leaf.Count; first += RowBlock.RowsMax)
        {
            Load(leaf, first);
            for (int restart = 0; restart < Layout.Restarts; restart++)
            {
                Span<double> squared = kept is null ? _squared.AsSpan(0, _block.Count) : kept.Of(restart).Slice(first, _block.Count);
                if (covered == 0) _distances[restart].Nearest(_block, _nearest, squared);
                else
                    for (int centroid = covered; centroid < round; centroid++) Approach(squared, restart, centroid);
                Offer(Layout.Part(parts, restart), squared, restart, round);
            }
        }
    }

    // Distances become those to the nearest of one centroid more.
    private void Approach(Span<double> squared, int restart, int centroid)
    {
        for (int i = 0; i < squared.Length; i++) squared[i] = Math.Min(squared[i], _distances[restart].Squared(_block[i], centroid));
    }

    // Offers the rows of the block as the next centroid of a start.
    private void Offer(KMeansPart part, ReadOnlySpan<double> squared, int restart, int round)
    {
        bool plain = round == 0 || _learner.StartsAnywhere;
        DrawClocks(restart, round);
        for (int i = 0; i < squared.Length; i++)
        {
            double key = round > 0 && squared[i] == 0 ? _clocks[i] * NearlyNever : plain ? _clocks[i] : _clocks[i] / squared[i];
            part.Inertia += squared[i];
            if (key <= part.Key) part.Offer(key, _ids[i], _block[i]);
        }
    }

    /// <summary>Exponential variables of the block's examples, −ln u, keyed by their ids.</summary>
    private void DrawClocks(int restart, int round)
    {
        Span<ulong> words = _words.AsSpan(0, _block.Count);
        Span<double> clocks = _clocks.AsSpan(0, _block.Count);
        long major = ((long)restart * Layout.Clusters) + round;
        Philox.FillFirst(words, _learner.Spec.Seed, RandomPurpose.ClusterStart, major, _ids.AsSpan(0, _block.Count));
        for (int i = 0; i < clocks.Length; i++) clocks[i] = ((words[i] >> 11) + 0.5) * (1.0 / (1UL << 53));
        StableMath.Log(clocks, clocks);
        for (int i = 0; i < clocks.Length; i++) clocks[i] = -clocks[i];
    }

    private void Load(in MicroBatch leaf, int first)
    {
        ReadOnlySpan<int> positions = leaf.Positions.Span.Slice(first, Math.Min(RowBlock.RowsMax, leaf.Count - first));
        for (int i = 0; i < positions.Length; i++) (_places[i], _ids[i]) = (leaf.Shard.Rows[positions[i]], leaf.Shard.Ids[positions[i]]);
        _block.Load(leaf.Shard.Table, _places.AsSpan(0, positions.Length));
    }

    private void FindNearest(RowRange rows, int first)
    {
        _block.Load(rows.Table, rows.Order.Span.Slice(first, Math.Min(RowBlock.RowsMax, rows.Count - first)));
        _best.Nearest(_block, _nearest, _squared);
    }

    private void SetBest(NumericBuffer state)
    {
        int count = Math.Clamp((int)state.Doubles[KMeansLayout.Chosen], 1, Layout.Clusters);
        _best.Set(Layout.BestRun(state.Doubles).Centroids, count);
    }
}
