using System.Text.Json;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Clustering;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Clustering;

public sealed class MiniBatchStepTests
{
    [Theory]
    [InlineData("iris")]
    [InlineData("digits")]
    public void Inertia_of_all_rows_is_within_two_percent_of_scikit_learns(string name)
    {
        JsonElement golden = JsonDocument.Parse(File.ReadAllText(RepositoryFiles.Golden("mini_batch_kmeans.json"))).RootElement.GetProperty("sets")
            .EnumerateArray().Single(set => set.GetProperty("data").GetString() == name);

        (NumericBuffer state, PreparedData data, KMeansLearner learner) = Train(
            name, 1, $"model.clusters={golden.GetProperty("clusters")}", $"training.batch={golden.GetProperty("batch")}");

        double inertia = EvaluationPlan.Measure(learner, learner.CreateContributor(), state, data.Training, 8)["inertia"]!.Value;

        inertia.ShouldBeLessThan(1.02 * golden.GetProperty("mini_batch").GetDouble());
        inertia.ShouldBeGreaterThan(0.999 * golden.GetProperty("lloyd").GetDouble());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Any_number_of_workers_gives_the_same_bytes(int workers)
    {
        string[] settings = ["model.clusters=3", "training.batch=32"];

        Train("iris", workers, settings).State.Bytes.ToArray().ShouldBe(Train("iris", 1, settings).State.Bytes.ToArray());
    }

    // Sculley's algorithm as it is written: each row of the batch by itself, its rate one over the rows that its centroid has had.
    [Fact]
    public void A_step_is_what_the_rows_one_by_one_come_to()
    {
        KMeansLayout layout = new(2, 2, 1);
        (var model, var sums) = (new double[layout.StateLength], new double[layout.PartLength]);
        KMeansRun run = layout.Run(model, 0);
        KMeansPart part = layout.Part(sums, 0);
        ((double[])[0, 0, 10, 10]).CopyTo(run.Centroids);
        ((double[])[3, 1]).CopyTo(run.Sizes);
        (double[] centroids, double[] seen) = (run.Centroids.ToArray(), run.Sizes.ToArray());
        (int Cluster, double[] X)[] batch = [(0, [1, 2]), (1, [9, 8]), (0, [-3, 0.5]), (0, [0.25, 4])];
        foreach ((int cluster, double[] x) in batch)
        {
            double rate = 1 / ++seen[cluster];
            part.Sizes[cluster]++;
            for (int f = 0; f < 2; f++)
            {
                centroids[(cluster * 2) + f] = ((1 - rate) * centroids[(cluster * 2) + f]) + (rate * x[f]);
                part.Sums[(cluster * 2) + f] += x[f];
            }
        }

        MiniBatchStep.Apply(layout, run, part, isFirst: true, isLast: false);

        run.Sizes.ToArray().ShouldBe(seen);
        for (int i = 0; i < 4; i++) run.Centroids[i].ShouldBe(centroids[i], 1e-14);
    }

    [Theory]
    [InlineData(true, 7)]
    [InlineData(false, 5)]
    public void A_centroid_without_rows_takes_the_farthest_one_when_an_epoch_ends(bool isLast, double wanted)
    {
        KMeansLayout layout = new(2, 1, 1);
        (var model, var sums) = (new double[layout.StateLength], new double[layout.PartLength]);
        KMeansRun run = layout.Run(model, 0);
        KMeansPart part = layout.Part(sums, 0);
        ((double[])[0, 5]).CopyTo(run.Centroids);
        (part.Sizes[0], part.Key, part.Id, part.Row[0]) = (2, -49, 3, 7);

        MiniBatchStep.Apply(layout, run, part, isFirst: true, isLast);

        run.Centroids[1].ShouldBe(wanted);
    }

    [Fact]
    public void The_losses_of_an_epoch_are_those_of_its_batches()
    {
        List<UpdateOutcome> outcomes = [];
        (JobSpec spec, PreparedData data, KMeansLearner learner) = Prepare("iris", "model.clusters=3", "model.restarts=1", "training.batch=32");

        NumericBuffer state = Train(learner, spec, data, 1, outcomes);

        UpdateOutcome[] last = [.. outcomes.TakeLast(outcomes.Count / spec.Training.Epochs)];
        last.Length.ShouldBeGreaterThan(2);
        last.Sum(outcome => outcome.Loss * outcome.Examples).ShouldBe(learner.Layout.BestRun(state.Doubles).Inertia, 1e-9);
    }

    private static (NumericBuffer State, PreparedData Data, KMeansLearner Learner) Train(string name, int workers, params string[] settings)
    {
        (JobSpec spec, PreparedData data, KMeansLearner learner) = Prepare(name, settings);
        return (Train(learner, spec, data, workers), data, learner);
    }

    private static (JobSpec Spec, PreparedData Data, KMeansLearner Learner) Prepare(string name, params string[] settings)
    {
        JobSpec spec = DataJobs.Of(RepositoryFiles.Example($"{name}.csv"), "kmeans", ["data.target=target", "model.mini-batch=true", "training.epochs=10", .. settings]);
        PreparedData data = PreparedData.Load(spec, NumberKind.Float64);
        return (spec, data, KMeansLearner.Create(spec, data.Shape));
    }

    private static NumericBuffer Train(KMeansLearner learner, JobSpec spec, PreparedData data, int workers, List<UpdateOutcome>? outcomes = null)
    {
        int leaves = spec.Training.MicroBatches;
        (NumericBuffer state, NumericBuffer none) = (new(learner.Numbers, learner.StateLength), new(learner.Numbers, 0));
        learner.Initialize(state, none);
        BatchPlan plan = BatchPlan.For(spec, data.Shape.TrainingExamples, learner.FullBatch);
        ShardSampler[] samplers = [.. Enumerable.Range(0, leaves).Select(shard => plan.CreateSampler(data.Shard(shard, leaves)))];
        IContributor[] contributors = [.. Enumerable.Range(0, workers).Select(_ => learner.CreateContributor())];
        for (int step = 0; step < spec.Training.Epochs * plan.StepsPerEpoch; step++)
        {
            StepContext context = new(step, (int)(step / plan.StepsPerEpoch), plan.StepsPerEpoch);
            SumTree tree = new(leaves, learner.Combine, _ => { });
            for (int leaf = leaves - 1; leaf >= 0; leaf--)      // the last first: arrival order must not matter
            {
                NumericBuffer sum = new(learner.Numbers, learner.ContributionLength);
                contributors[leaf % workers].Contribute(state, [samplers[leaf].MicroBatch(context.Epoch, context.StepInEpoch)], sum, context);
                tree.Offer(new Subtree(leaf, 1), sum);
            }
            UpdateOutcome outcome = learner.Update(state, none, tree.Total, context);
            outcome.Converged.ShouldBeFalse();
            outcomes?.Add(outcome);
        }
        return state;
    }
}
