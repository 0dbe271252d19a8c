// A layer, a loss and a learner of this program's own, trained through the cluster; with arguments it is the whole `cluster` command with these parts.
// dotnet run docs/programs/parts.cs
// dotnet run docs/programs/parts.cs -- train docs/programs/huber.yaml --processes --workers 2
#:project ../../Cluster.Coordinator
#:property PublishAot=false

using Cluster.Coordinator.Programs;
using Cluster.Ml.Custom;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Privacy;

CustomParts.AddLayer("swish", "How steep the gate is.", NumberRange.Positive, (inputs, steepness) => new Swish(inputs, (float)steepness));
CustomParts.AddLoss("huber", "a network to a number, under Huber's loss", new Huber());
CustomParts.AddLearner(new NearestMeanKind());
if (args.Length > 0) return await ClusterCommand.RunAsync(args);

foreach (string job in (string[])["docs/programs/huber.yaml", "docs/programs/nearest-mean.yaml"])
{
    TrainedRun run = await new LocalTraining { Workers = 2 }.TrainAsync(job);
    Console.WriteLine($"{job}: {string.Join("  ", run.Test.Select(figure => $"{figure.Key} {figure.Value:G4}"))}  model {run.ModelSha256[..8]}");
}
return 0;

/// <summary>y = x·σ(s·x), each number alone (Ramachandran, Zoph, Le, 2017).</summary>
sealed class Swish(int inputs, float steepness) : CustomLayer(inputs, inputs)
{
    public override void Forward(ReadOnlySpan<float> x, ReadOnlySpan<float> weights, Span<float> y)
    {
        for (int i = 0; i < x.Length; i++) y[i] = x[i] * Gate(x[i]);
    }

    // ∂y/∂x = g + s·y·(1 − g),  g = σ(s·x)
    public override void Backward(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> weights, ReadOnlySpan<float> dy, Span<float> dx)
    {
        for (int i = 0; i < x.Length; i++) dx[i] = dy[i] * (Gate(x[i]) + (steepness * y[i] * (1 - Gate(x[i]))));
    }

    private float Gate(float x) => 1 / (1 + StableMath.Exp(-steepness * x));
}

/// <summary>½e² where |e| is at most 1, else |e| − ½, with e = y − t (Huber, 1964).</summary>
sealed class Huber : CustomLoss
{
    public override double Of(double output, double target) =>
        Math.Abs(output - target) is var error && error <= 1 ? error * error / 2 : error - 0.5;

    public override double Gradient(double output, double target) => Math.Clamp(output - target, -1, 1);
}

/// <summary>The class whose mean row is the nearest.</summary>
sealed class NearestMeanKind : LearnerKind
{
    public override string Name => "nearest-mean";

    public override string Meaning => "the class whose mean is the nearest";

    public override TargetKind TargetOf(ModelOptions options) => TargetKind.Class;

    public override OutputForm OutputOf(ModelOptions options) => OutputForm.Class;

    public override IReadOnlyList<Figure> FiguresOf(ModelOptions options) => Figure.OfClasses;

    public override LearnerForm FormOf(string optimizer) => LearnerForm.AllRows(Name)
        .Without($"with kind: {Name}", "a mean has no penalty; remove it", Capability.Penalties);

    public override ILearner Create(JobSpec spec, DataShape shape, PrivacySecret? secret) => new NearestMean(shape);
}

/// <summary>State: the mean row of each class, [classes, features]. Contribution: sums and counts by class, then the step's statistics.</summary>
sealed class NearestMean(DataShape shape) : ILearner
{
    public int Classes => shape.Classes.Count;

    public int Features => shape.Features;

    public NumberKind Numbers => NumberKind.Float64;

    public int StateLength => Classes * Features;

    public int OptimizerStateLength => 0;

    public int ContributionLength => (Classes * (Features + 1)) + StepStatistics.Length;

    public int EvaluationLength => new ClassificationSums(Classes).Length;

    public bool FullBatch => true;

    public void Initialize(NumericBuffer state, NumericBuffer optimizerState) => state.Clear();

    public IContributor CreateContributor() => new Rows(this);

    // All rows have been seen once: nothing is left to gain.
    public UpdateOutcome Update(NumericBuffer state, NumericBuffer optimizerState, NumericBuffer sum, in StepContext step)
    {
        Span<double> means = state.Doubles, sums = sum.Doubles;
        for (int i = 0; i < means.Length; i++) means[i] = sums[i] / Math.Max(1, sums[means.Length + (i / Features)]);
        Span<double> statistics = sums[^StepStatistics.Length..];
        return new UpdateOutcome(true, statistics[StepStatistics.LossSum], (long)statistics[StepStatistics.Examples]);
    }

    public Metrics Measure(ReadOnlySpan<double> evaluationSums) => new ClassificationSums(Classes).Measure(evaluationSums);

    public ModelSummary Summarize(NumericBuffer state) => new($"nearest mean: {Classes} classes, {Features} features", [], [], []);

    /// <summary>What rows add, and what is said of them.</summary>
    private sealed class Rows(NearestMean learner) : LeafContributor(learner)
    {
        private readonly double[] _probabilities = new double[learner.Classes];

        protected override void ContributeLeaf(NumericBuffer state, in MicroBatch leaf, NumericBuffer contribution, in StepContext step)
        {
            contribution.Clear();
            Span<double> sums = contribution.Doubles;
            foreach (int position in leaf.Positions.Span)
            {
                int row = leaf.Shard.Rows[position], label = (int)leaf.Shard.Table.Targets[row];
                ReadOnlySpan<double> x = leaf.Shard.Table.DoublesOf(row);
                for (int f = 0; f < x.Length; f++) sums[(label * x.Length) + f] += x[f];
                sums[state.Length + label]++;
                sums[learner.ContributionLength - StepStatistics.Length + StepStatistics.Examples]++;
            }
        }

        public override void Evaluate(NumericBuffer state, RowRange rows, Span<double> sums)
        {
            foreach (int row in rows.Order.Span)
            {
                int actual = (int)rows.Table.Targets[row], nearest = Ask(state, rows.Table.DoublesOf(row));
                new ClassificationSums(learner.Classes).Add(sums, actual, nearest, -StableMath.Log(Math.Max(1e-300, _probabilities[actual])));
            }
        }

        public override void Predict(NumericBuffer state, RowRange rows, Span<double> predictions, Span<double> scores)
        {
            for (int i = 0; i < rows.Count; i++)
            {
                predictions[i] = Ask(state, rows.Table.DoublesOf(rows.Order.Span[i]));
                if (!scores.IsEmpty) _probabilities.CopyTo(scores[(i * learner.Classes)..]);
            }
        }

        /// <summary>The nearest class, and p(c) ∝ exp(−½‖x − mean‖²): as if each class were a round cloud of equal size.</summary>
        private int Ask(NumericBuffer state, ReadOnlySpan<double> x)
        {
            for (int c = 0; c < _probabilities.Length; c++)
            {
                double distance = 0;
                for (int f = 0; f < x.Length; f++) distance += Math.Pow(x[f] - state.Doubles[(c * x.Length) + f], 2);
                _probabilities[c] = -distance / 2;
            }
            double best = _probabilities.Max(), total = 0;
            int nearest = Array.IndexOf(_probabilities, best);
            for (int c = 0; c < _probabilities.Length; c++) total += _probabilities[c] = StableMath.Exp(_probabilities[c] - best);
            for (int c = 0; c < _probabilities.Length; c++) _probabilities[c] /= total;
            return nearest;
        }
    }
}
