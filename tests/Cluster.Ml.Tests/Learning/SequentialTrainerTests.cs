using Cluster.Ml.Aggregation;
using Cluster.Ml.Compression;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Privacy;
using Cluster.Ml.Randomness;
using Cluster.Ml.Tests.Numerics;
using Cluster.Ml.Tests.Privacy;

namespace Cluster.Ml.Tests.Learning;

public sealed class SequentialTrainerTests : IDisposable
{
    private readonly SyntheticRows _rows = new();

    public static readonly TheoryData<string> Kinds = new() { "linear", "newton", "kmeans", "softmax", "logistic", "mlp", "private", "local", "int8", "fp16", "top-k", "sparse", "carried", "carried-int8", "carried-fp16" };

    public void Dispose() => _rows.Dispose();

    private JobSpec Job(string kind, params string[] settings)
    {
        (string target, string ignore, string model, string training) = kind switch
        {
            "linear" => ("value", "[kind, half]", "{ kind: linear-regression }", "{ }"),
            "newton" => ("half", "[kind, value]", "{ kind: logistic }", "{ optimizer: newton, regularize: { l2: 0.001 } }"),
            "kmeans" => ("kind", "[half, value]", "{ kind: kmeans, clusters: 3, restarts: 4 }", "{ epochs: 50 }"),
            "softmax" => ("kind", "[half, value]", "{ kind: softmax }", "{ epochs: 3, batch: 16, optimizer: { sgd: { rate: 0.1, momentum: 0.9 } } }"),
            "logistic" => ("half", "[kind, value]", "{ kind: logistic }", "{ epochs: 3, batch: 32, micro-batches: 16, regularize: { l1: 0.001 } }"),
            "mlp" => ("kind", "[half, value]", "{ kind: mlp, layers: [ { dense: 9, activation: tanh }, { dropout: 0.2 }, { dense: 5 } ] }",
                "{ epochs: 4, batch: 16, early-stopping: { patience: 2 } }"),
            "local" => ("kind", "[half, value]", "{ kind: mlp, layers: [ { dense: 9, activation: tanh }, { dropout: 0.2 } ] }",
                "{ epochs: 4, batch: 16, optimizer: { sgd: { rate: 0.2, momentum: 0.5 } }, mode: { local-sgd: { steps: 3 } } }"),
            "int8" => ("kind", "[half, value]", "{ kind: mlp, layers: [ { dense: 9, activation: tanh }, { dropout: 0.2 }, { dense: 40 } ] }",
                "{ epochs: 4, batch: 16, compression: int8 }"),
            "fp16" => ("kind", "[half, value]", "{ kind: mlp, layers: [ { dense: 9, activation: tanh }, { dense: 40 } ] }",
                "{ epochs: 4, batch: 16, optimizer: { sgd: { rate: 0.2 } }, mode: { local-sgd: { steps: 2 } }, compression: fp16 }"),
            "top-k" => ("kind", "[half, value]", "{ kind: mlp, layers: [ { dense: 9, activation: tanh }, { dropout: 0.2 }, { dense: 40 } ] }",
                "{ epochs: 4, batch: 16, compression: { top-k: 0.03, window: 3 } }"),
            "sparse" => ("kind", "[half, value]", "{ kind: mlp, layers: [ { dense: 9, activation: tanh }, { dense: 40 } ] }",
                "{ epochs: 4, batch: 16, optimizer: { sgd: { rate: 0.2 } }, mode: { local-sgd: { steps: 2 } }, compression: { top-k: 0.1, feedback: false } }"),
            "carried" => ("kind", "[half, value]", "{ kind: mlp, layers: [ { dense: 9, activation: tanh } ] }",
                "{ epochs: 4, batch: 8, optimizer: { sgd: { rate: 0.2 } }, mode: { local-sgd: { steps: 2 } }, compression: { top-k: 0.2, window: 4 } }"),
            "carried-int8" => ("kind", "[half, value]", "{ kind: mlp, layers: [ { dense: 9, activation: tanh }, { dropout: 0.2 }, { dense: 40 } ] }",
                "{ epochs: 4, batch: 16, compression: { kind: int8, feedback: true, window: 3 } }"),
            "carried-fp16" => ("kind", "[half, value]", "{ kind: mlp, layers: [ { dense: 9, activation: tanh } ] }",
                "{ epochs: 4, batch: 8, optimizer: { sgd: { rate: 0.2 } }, mode: { local-sgd: { steps: 2 } }, compression: { kind: fp16, feedback: true, window: 4 } }"),
            "private" => ("kind", "[half, value]", "{ kind: mlp, layers: [ { dense: 6 } ] }",
                "{ epochs: 9, batch: 16 }\nprivacy: { noise: 1.2, target-epsilon: 3.8 }"),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind"),
        };
        string text = $"data: {{ source: '{_rows.Source}', target: {target}, ignore: {ignore}, {(kind == "private" ? "classes: [ k0, k1, k2 ]" : "scale: standard")} }}\nmodel: {model}\ntraining: {training}\n";
        return JobFile.Parse(text, "rows.yaml", "/", settings);
    }

    private static (TrainedModel Model, List<CourseEvent> Events) Train(JobSpec job)
    {
        List<CourseEvent> events = [];
        TrainedModel model = SequentialTrainer.Train(job, PreparedData.Load(job, Learners.NumbersFor(job)), (_, happened) => events.Add(happened), SomeSecret.One);
        return (model, events);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Training_twice_gives_the_same_bytes_and_figures(string kind)
    {
        (TrainedModel first, List<CourseEvent> events) = Train(Job(kind));
        (TrainedModel second, List<CourseEvent> again) = Train(Job(kind));

        second.Sha256.ShouldBe(first.Sha256);
        second.Test.Values.ShouldBe(first.Test.Values);
        again.Count.ShouldBe(events.Count);
        first.Status.ShouldBe(kind == "private" ? CourseStatus.StoppedEarly : CourseStatus.Completed);
        first.Training.Values.ShouldNotBeEmpty();
        first.Validation.Values.ShouldNotBeEmpty();
    }

    // What a cluster does: other subtrees in another order, some of them twice, evaluated in parts.
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Any_cut_into_subtrees_in_any_order_gives_the_same_bytes(string kind)
    {
        JobSpec job = Job(kind);
        PreparedData data = PreparedData.Load(job, Learners.NumbersFor(job));
        TrainedModel wanted = SequentialTrainer.Train(job, data, secret: SomeSecret.One);

        for (ulong seed = 0; seed < 5; seed++)
        {
            ScatteredTraining scattered = new(job, data, seed);
            scattered.Train(wanted.Steps);

            TrainedModel.HashOf(scattered.State.Bytes).ShouldBe(wanted.Sha256);
            scattered.Measure(data.Test).Values.ShouldBe(wanted.Test.Values);
            scattered.Measure(data.Training).Values.ShouldBe(wanted.Training.Values);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_contributor_allocates_nothing_once_it_has_computed_a_step(string kind)
    {
        JobSpec job = Job(kind);
        PreparedData data = PreparedData.Load(job, Learners.NumbersFor(job));
        ILearner learner = Learners.Create(job, data.Shape);
        NumericBuffer state = new(learner.Numbers, learner.StateLength), sum = new(learner.Numbers, learner.ContributionLength);
        learner.Initialize(state, new NumericBuffer(learner.Numbers, learner.OptimizerStateLength));
        BatchPlan plan = BatchPlan.For(job, data.Shape.TrainingExamples, learner.FullBatch);
        int shards = job.Training.MicroBatches;
        MicroBatch[] batches = [.. Enumerable.Range(0, shards).Select(
            shard => plan.CreateSampler(data.Shard(shard, shards)).MicroBatch(0, 0, SomeSecret.One.SamplingKeyOf(0)) with { Residual = IFeedback.Of(learner)?.CreateResidual() })];
        IContributor contributor = learner.CreateContributor();
        StepContext step = new(0, 0, plan.StepsPerEpoch);

        contributor.Contribute(state, batches, sum, step);

        Allocations.Least(() => contributor.Contribute(state, batches, sum, step)).ShouldBe(0);
    }

    [Fact]
    public void Randomness_follows_the_seed()
    {
        Train(Job("kmeans", "seed=1", "model.restarts=1", "training.epochs=1")).Model.Sha256
            .ShouldNotBe(Train(Job("kmeans", "seed=2", "model.restarts=1", "training.epochs=1")).Model.Sha256);
    }

    [Fact]
    public void A_private_training_stops_within_its_budget_in_the_midst_of_an_epoch()
    {
        JobSpec job = Job("private");
        (TrainedModel model, List<CourseEvent> events) = Train(job);
        PrivacyPlan plan = PrivacyPlan.For(job, PreparedData.Load(job, NumberKind.Float32).Shape.TrainingExamples)!;

        model.Steps.ShouldBe(plan.StepsAllowed);
        model.Epsilon.ShouldBe(plan.EpsilonAfter(model.Steps));
        model.Epsilon!.Value.ShouldBeLessThanOrEqualTo(3.8);
        plan.EpsilonAfter(model.Steps + 1).ShouldBeGreaterThan(3.8);
        events.OfType<CourseEvent.PrivacyExhausted>().Single().StepsInEpoch.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Test_rows_are_measured_exactly_once()
    {
        (_, List<CourseEvent> events) = Train(Job("kmeans"));

        events.OfType<CourseEvent.Evaluated>().Count(measured => measured.Split == SplitKind.Test).ShouldBe(1);
        events[^1].ShouldBeOfType<CourseEvent.ModelSaved>();
    }

    [Fact]
    public void A_cancelled_training_stops_between_two_steps()
    {
        using CancellationTokenSource source = new();
        JobSpec job = Job("kmeans", "training.tolerance=0");
        TrainedModel model = SequentialTrainer.Train(
            job, PreparedData.Load(job, NumberKind.Float64), (course, _) => { if (course.EpochsDone == 2) source.Cancel(); }, cancellation: source.Token);

        model.Status.ShouldBe(CourseStatus.Cancelled);
        model.Steps.ShouldBe(2);
        model.Test.Values.ShouldBeEmpty();
    }

    [Fact]
    public void More_micro_batches_than_rows_are_no_matter()
    {
        JobSpec job = Job("linear", "training.micro-batches=256", "training.batch=256");

        Train(job).Model.Test["r2"]!.Value.ShouldBeGreaterThan(0.9);
    }

    [Fact]
    public void A_split_is_cut_into_parts_that_cover_it_in_order()
    {
        RowRange split = new(new RowTable(new NumericBuffer(NumberKind.Float64, 13), 1, new double[13]), Enumerable.Range(0, 13).ToArray());

        foreach (int parts in new[] { 1, 2, 8, 16 })
            Enumerable.Range(0, parts).SelectMany(part => EvaluationPlan.Part(split, part, parts).Order.ToArray()).ShouldBe(Enumerable.Range(0, 13));
    }

    /// <summary>Steps whose sums arrive as random subtrees in random order, now and then twice.</summary>
    private sealed class ScatteredTraining
    {
        private readonly JobSpec _job;
        private readonly ILearner _learner;
        private readonly PreparedData _data;
        private readonly NumericBuffer _optimizerState;
        private readonly Residual?[] _residuals;
        private RandomStream _random;

        public ScatteredTraining(JobSpec job, PreparedData data, ulong seed)
        {
            (_job, _data) = (job, data);
            _learner = Learners.Create(job, data.Shape, SomeSecret.One);
            State = new NumericBuffer(_learner.Numbers, _learner.StateLength);
            _optimizerState = new NumericBuffer(_learner.Numbers, _learner.OptimizerStateLength);
            _learner.Initialize(State, _optimizerState);
            _residuals = [.. Enumerable.Range(0, job.Training.MicroBatches).Select(_ => IFeedback.Of(_learner)?.CreateResidual())];
            _random = RandomStream.At(seed, RandomPurpose.Shuffle);
        }

        public NumericBuffer State { get; }

        public void Train(long steps)
        {
            BatchPlan plan = BatchPlan.For(_job, _data.Shape.TrainingExamples, _learner.FullBatch);
            for (long step = 0; step < steps; step++)
            {
                int epoch = (int)(step / plan.StepsPerEpoch);
                StepContext context = new(step, epoch, plan.StepsPerEpoch);
                SumTree tree = Gather(_learner.Combine, _learner.Numbers, _learner.ContributionLength, (subtree, sum) =>
                {
                    MicroBatch[] batches = [.. Enumerable.Range(subtree.First, subtree.Count)
                        .Select(shard => plan.CreateSampler(_data.Shard(shard, _job.Training.MicroBatches)).MicroBatch(epoch, step % plan.StepsPerEpoch, SomeSecret.One.SamplingKeyOf(step)) with { Residual = _residuals[shard] })];
                    _learner.CreateContributor().Contribute(State, batches, sum, context);
                });
                _learner.Update(State, _optimizerState, tree.Total, context);
            }
        }

        public Cluster.Ml.Evaluation.Metrics Measure(RowRange split) => _learner.Measure(
            Gather(EvaluationPlan.Combine, NumberKind.Float64, _learner.EvaluationLength, (subtree, sums) => EvaluationPlan.Measure(
                _learner, _learner.CreateContributor(), State, split, subtree, _job.Training.MicroBatches, sums)).Total.Doubles);

        private SumTree Gather(Action<NumericBuffer, NumericBuffer> combine, NumberKind kind, int length, Action<Subtree, NumericBuffer> compute)
        {
            SumTree tree = new(_job.Training.MicroBatches, combine, _ => { });
            while (!tree.IsComplete)
            {
                int count = 1 << _random.Next(int.Log2(tree.Leaves) + 1);
                Subtree subtree = new(count * _random.Next(tree.Leaves / count), count);
                NumericBuffer sum = new(kind, length);
                compute(subtree, sum);
                tree.Offer(subtree, sum);
            }
            return tree;
        }
    }
}
