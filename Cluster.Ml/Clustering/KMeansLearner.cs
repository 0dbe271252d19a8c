using System.Globalization;
using System.Runtime.CompilerServices;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Linear;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Clustering;

/// <summary>K-means by Lloyd's steps, or steps on batches, from several k-means++ (or random) starts side by side; the best is kept.</summary>
/// <remarks>
/// Objective    inertia = Σᵢ min_c ‖xᵢ − μ_c‖²
/// Assumptions  features of comparable scale
/// Shapes       see KMeansLayout; the first k steps choose one start centroid each, then each step is one Lloyd step
/// Complexity   O(n·d) a start centroid, O(n·k·d) a Lloyd step, for each start; see <see cref="CentroidDistances"/> for what is measured
/// Determinism  the next start centroid is the example with the smallest key −ln u / d², u keyed by (seed, start and round, example):
///              of exponential clocks with rates d² the first rings with probability d² / Σd², in any order of comparisons;
///              ties go to the smaller example number or centroid
/// Range        stops when no centroid moves or the relative gain is at most training.tolerance; an empty cluster takes the
///              example that is farthest from its centroid, one a step
/// Mini-batch   each step, those that choose centroids as well, looks at a batch; see <see cref="MiniBatchStep"/>. It ends with training.epochs
/// Source       Arthur and Vassilvitskii, "k-means++: The Advantages of Careful Seeding", SODA 2007, § 2.2;
///              Lloyd, IEEE Trans. Inf. Theory 28 (1982); keys: Efraimidis and Spirakis, Inf. Process. Lett. 97 (2006)
/// Differs      from scikit-learn, which tries several candidates for each start centroid
/// </remarks>
public sealed class KMeansLearner : ILearner, ILearnedNumbers, IOnnxSource
{
    private readonly DataShape _shape;
    private readonly bool _miniBatch;
    private readonly ConditionalWeakTable<TrainingShard, StartDistances> _startDistances = [];

    private KMeansLearner(JobSpec spec, DataShape shape, KMeansLayout layout)
    {
        Spec = spec;
        (StartsAnywhere, _miniBatch) = (spec.Model.As<KMeansOptions>().StartsAnywhere, spec.Model.As<KMeansOptions>().MiniBatch);
        _shape = shape;
        Layout = layout;
    }

    /// <inheritdoc/>
    public NumberKind Numbers => NumberKind.Float64;

    /// <inheritdoc/>
    public int StateLength => Layout.StateLength;

    /// <inheritdoc/>
    public int OptimizerStateLength => 0;

    /// <inheritdoc/>
    public int ContributionLength => (Layout.Restarts * Layout.PartLength) + StepStatistics.Length;

    /// <inheritdoc/>
    public int EvaluationLength => ClusteringSums.Length;

    /// <inheritdoc/>
    public bool FullBatch => !_miniBatch;

    internal KMeansLayout Layout { get; }

    internal JobSpec Spec { get; }

    /// <summary>Whether centroids begin on any rows.</summary>
    internal bool StartsAnywhere { get; }

    /// <summary>The learner of a job.</summary>
    /// <param name="spec">Clusters, restarts and start are read from model; training.tolerance ends a start.</param>
    /// <param name="shape">At least as many training rows as clusters.</param>
    /// <exception cref="BadInputException">There are fewer rows than clusters, or clusters × features × restarts is too large.</exception>
    public static KMeansLearner Create(JobSpec spec, DataShape shape)
    {
        KMeansOptions options = spec.Model.As<KMeansOptions>();
        if (shape.TrainingExamples < options.Clusters)
            throw new BadInputException(spec.Data.Source, null, null, $"at least {options.Clusters} training rows for {options.Clusters} clusters", $"{shape.TrainingExamples}", "lower model.clusters, or add rows");
        double numbers = (double)options.Clusters * (shape.Features + 2) * (options.Restarts + 1);
        const double numbersMax = NumericBuffer.LengthMax / 4.0;
        if (numbers > numbersMax)
            throw new BadInputException(spec.Data.Source, null, null, $"clusters x features x restarts of at most {numbersMax}", $"{numbers}", "lower model.restarts or model.clusters");
        return new KMeansLearner(spec, shape, new KMeansLayout(options.Clusters, shape.Features, options.Restarts));
    }

    /// <summary>The learner that another one starts from: of a job that is not about k-means.</summary>
    internal static KMeansLearner CreateStart(JobSpec spec, DataShape shape, int clusters, int restarts)
    {
        KMeansOptions options = new() { Clusters = clusters, Restarts = restarts };
        return Create(spec with { Model = new ModelSpec(new KMeansKind().Name, options) }, shape);
    }

    /// <inheritdoc/>
    public void Initialize(NumericBuffer state, NumericBuffer optimizerState) => state.Clear();

    /// <inheritdoc/>
    public IContributor CreateContributor() => new KMeansContributor(this);

    /// <inheritdoc/>
    public void Combine(NumericBuffer left, NumericBuffer right)
    {
        Span<double> to = left.Doubles, from = right.Doubles;
        for (int restart = 0; restart < Layout.Restarts; restart++)
        {
            KMeansPart mine = Layout.Part(to, restart), other = Layout.Part(from, restart);
            DoubleVectors.AddScaled(1, other.Added, mine.Added);
            mine.Offer(other.Key, other.Id, other.Row);
        }
        DoubleVectors.AddScaled(1, from[^StepStatistics.Length..], to[^StepStatistics.Length..]);
    }

    /// <summary>Keys are infinite if a micro-batch has no row to offer; what is added is not.</summary>
    public bool IsFinite(NumericBuffer contribution, int length)
    {
        for (int restart = 0; restart < Layout.Restarts; restart++)
            if (!DoubleVectors.AllFinite(Layout.Part(contribution.Doubles, restart).Added)) return false;
        return true;
    }

    /// <summary>What is kept of a shard's distances while centroids are chosen; null if they are too many, or not all rows of the shard take part.</summary>
    internal StartDistances? StartDistancesOf(in MicroBatch leaf)
    {
        int rows = leaf.Shard.Count;
        return _miniBatch || leaf.Count != rows || (long)rows * Layout.Restarts > StartDistances.NumbersMax
            ? null
            : _startDistances.GetValue(leaf.Shard, _ => new StartDistances(Layout, rows));
    }

    /// <inheritdoc/>
    public UpdateOutcome Update(NumericBuffer state, NumericBuffer optimizerState, NumericBuffer sum, in StepContext step)
    {
        Span<double> numbers = sum.Doubles, model = state.Doubles;
        double examples = numbers[^(StepStatistics.Length - StepStatistics.Examples)];
        if (examples == 0) return new UpdateOutcome(true, 0, 0);
        bool choosing = model[KMeansLayout.Chosen] < Layout.Clusters, converged = !choosing;
        for (int restart = 0; restart < Layout.Restarts; restart++)
        {
            KMeansRun run = Layout.Run(model, restart);
            KMeansPart part = Layout.Part(numbers, restart);
            if (!choosing && run.Settled != 0) continue;
            if (!DoubleVectors.AllFinite(part.Added)) throw new DivergedException(step.Step, $"k-means start {restart}", "sums that are not", DivergedException.TooLarge);
            if (choosing) part.Row.CopyTo(run.Centroids[((int)model[KMeansLayout.Chosen] * Layout.Features)..]);
            else if (_miniBatch) MiniBatchStep.Apply(Layout, run, part, step.StepInEpoch == 0 || run.Sizes.IndexOfAnyExcept(0.0) < 0, step.StepInEpoch == step.StepsPerEpoch - 1);
            else LloydStep.Apply(Layout, run, part, Spec.Training.Tolerance);
            if (choosing) run.Inertia = part.Inertia;
            converged &= run.Settled != 0;
        }
        if (choosing) model[KMeansLayout.Chosen]++;
        double inertia = KeepBest(model);
        // Of a batch the statistics are its own; the inertia of a start is that of the epoch so far.
        double loss = _miniBatch ? numbers[^(StepStatistics.Length - StepStatistics.LossSum)] : inertia;
        return new UpdateOutcome(converged, loss / examples, (long)examples);
    }

    /// <inheritdoc/>
    public Metrics Measure(ReadOnlySpan<double> evaluationSums) => ClusteringSums.Measure(evaluationSums);

    /// <inheritdoc/>
    public IReadOnlyList<LearnedNumbers> Learned(NumericBuffer state, Preprocessing preprocessing)
    {
        KMeansRun best = Layout.BestRun(state.Doubles);
        double[] centroids = best.Centroids[..(Layout.Clusters * Layout.Features)].ToArray();
        for (int i = 0; i < centroids.Length; i++)
        {
            int column = i % Layout.Features;
            centroids[i] = (centroids[i] * preprocessing.Scaler.DivisorOf(column)) + preprocessing.Scaler.OffsetOf(column);
        }
        return [
            LearnedNumbers.Matrix("centroids", Layout.Features, centroids), LearnedNumbers.Vector("sizes", best.Sizes.ToArray()),
            LearnedNumbers.Scalar("inertia", best.Inertia)];
    }

    /// <inheritdoc/>
    public ModelSummary Summarize(NumericBuffer state)
    {
        const int shown = 8;
        KMeansRun best = Layout.BestRun(state.Doubles);
        List<IReadOnlyList<string>> rows = [];
        for (int c = 0; c < Layout.Clusters; c++)
        {
            List<string> cells = [c.ToString(CultureInfo.InvariantCulture), best.Sizes[c].ToString("F0", CultureInfo.InvariantCulture)];
            for (int f = 0; f < Math.Min(shown, Layout.Features); f++)
                cells.Add(best.Centroids[(c * Layout.Features) + f].ToString("G6", CultureInfo.InvariantCulture));
            rows.Add(cells);
        }
        return new ModelSummary(
            $"k-means: {Layout.Clusters} clusters of {Layout.Features} features",
            ["cluster", "rows", .. _shape.FeatureNames.Take(shown)], rows,
            [
                .. _miniBatch ? (string[])["rows are counted as often as steps have seen them; the inertia is that of the last epoch's batches, each before its step"] : [],
                string.Create(CultureInfo.InvariantCulture, $"inertia of the training rows {best.Inertia:G12}, start {state.Doubles[KMeansLayout.Best]} of {Layout.Restarts}"),
                .. ModelSummary.OfScaled("centroids", Spec.Data),
            ]);
    }

    /// <summary>The best start's centroids, [clusters, features].</summary>
    public ReadOnlySpan<double> Centroids(NumericBuffer state) => Layout.BestRun(state.Doubles).Centroids;

    /// <summary>How many training rows each cluster of the best start has, [clusters]; zeros before the first Lloyd step.</summary>
    public ReadOnlySpan<double> Sizes(NumericBuffer state) => Layout.BestRun(state.Doubles).Sizes;

    void IOnnxSource.WriteOnnx(OnnxModel model, NumericBuffer state)
    {
        OnnxGraph graph = model.Graph;
        string centroids = graph.Constant(OnnxTensor.Of(Layout.BestRun(state.Doubles).Centroids, Layout.Clusters, Layout.Features));
        string difference = graph.Add("Sub", [graph.Reshape(model.Rows, 1, Layout.Features), centroids]);
        string squared = graph.SumLast(graph.Add("Mul", [difference, difference]));
        model.OutputCluster(model.IndexOfMost(graph.Add("Neg", [squared])));
    }

    private double KeepBest(Span<double> model)
    {
        int best = 0;
        for (int restart = 1; restart < Layout.Restarts; restart++)
            if (Layout.Run(model, restart).Inertia < Layout.Run(model, best).Inertia) best = restart;
        model[KMeansLayout.Best] = best;
        Layout.Run(model, best).Numbers.CopyTo(Layout.BestRun(model).Numbers);
        return Layout.Run(model, best).Inertia;
    }
}
