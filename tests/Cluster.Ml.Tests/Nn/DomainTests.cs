using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Export;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Nn;

/// <summary>What is gained on real digits by adapting to another domain, and by beginning with what was learned of another task.</summary>
public sealed class DomainTests : IDisposable
{
    private const int Seeds = 2;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Adaptation_knows_more_turned_digits_than_the_upright_ones_alone_teach()
    {
        double alone = 0, adapted = 0;
        for (int seed = 1; seed <= Seeds; seed++)
        {
            alone += OnTurnedDigits($"seed={seed}", "model.adapt.weight=0") / Seeds;
            adapted += OnTurnedDigits($"seed={seed}") / Seeds;
        }
        adapted.ShouldBeGreaterThan(alone + 0.05);
    }

    [SkippableFact]
    public void With_ten_examples_a_digit_the_filters_of_other_digits_beat_a_fresh_start()
    {
        string? source = SharedData.Find("data", "mnist");
        Skip.If(source is null, "MNIST is not beside this repository.");
        Skip.If(Environment.GetEnvironmentVariable("CLUSTER_SLOW_TESTS") != "1", "Slow: set CLUSTER_SLOW_TESTS=1 to run it.");
        double fresh = 0, transferred = 0;
        for (int seed = 1; seed <= Seeds; seed++)
        {
            string[] settings = [$"data.source={source}", $"seed={seed}"];
            string model = Path.Combine(_folder.Path, $"low-{seed}.cluster");
            Save(model, Job("mnist-low-digits.yaml", settings));
            fresh += OnTest(Job("mnist-high-digits-fresh.yaml", settings)) / Seeds;
            transferred += OnTest(Job("mnist-high-digits-transfer.yaml", [.. settings, $"model.start-from={model}"])) / Seeds;
        }
        transferred.ShouldBeGreaterThan(fresh);
    }

    private static double OnTurnedDigits(params string[] settings)
    {
        JobSpec job = Job("digits-turned.yaml", settings);
        PreparedData data = PreparedData.Load(job, Learners.NumbersFor(job));
        TrainedModel model = SequentialTrainer.Train(job, data);
        ILearner learner = Learners.Create(job, data.Shape);
        RowRange turned = PreparedData.LoadForEvaluation(RepositoryFiles.Example("digits-turned-test.csv"), data.Preprocessing, job.Data.Classes, learner.Numbers);
        Metrics metrics = EvaluationPlan.Measure(learner, learner.CreateContributor(), model.State, turned, job.Training.MicroBatches);
        return metrics["accuracy"]!.Value;
    }

    private static double OnTest(JobSpec job) => SequentialTrainer.Train(job, PreparedData.Load(job, Learners.NumbersFor(job))).Test["accuracy"]!.Value;

    private static void Save(string path, JobSpec job)
    {
        PreparedData data = PreparedData.Load(job, Learners.NumbersFor(job));
        ModelFile.Write(path, new SavedModel(job, data.Shape, data.Preprocessing, SequentialTrainer.Train(job, data)));
    }

    private static JobSpec Job(string name, params string[] settings) => JobFile.Read(RepositoryFiles.Path("deploy", "jobs", name), settings);
}
