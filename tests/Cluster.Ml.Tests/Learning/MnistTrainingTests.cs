using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Tests.Learning;

/// <summary>Minutes of training: run with CLUSTER_SLOW_TESTS=1 and -c Release, where the data stands beside the repository.</summary>
public sealed class MnistTrainingTests
{
    private static (TrainedModel Model, int Rows) Train(string model, string training)
    {
        string? source = SharedData.Find("data", "mnist");
        Skip.If(source is null, "MNIST is not beside this repository.");
        Skip.If(Environment.GetEnvironmentVariable("CLUSTER_SLOW_TESTS") != "1", "Slow: set CLUSTER_SLOW_TESTS=1 to run it.");
        JobSpec job = JobFile.Parse(
            $"data: {{ source: '{source}', split: {{ train: 1 }}, classes: [ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 ] }}\nmodel: {model}\n{training}\n", "mnist.yaml", "/");
        PreparedData data = PreparedData.Load(job, Learners.NumbersFor(job));
        return (SequentialTrainer.Train(job, data), data.Shape.TrainingExamples);
    }

    [SkippableFact]
    public void A_network_reads_97_5_of_100_digits_after_five_epochs() =>
        Train("{ kind: mlp, layers: [ { dense: 256 }, { dense: 128 } ] }", "training: { epochs: 5, batch: 128, optimizer: { adam: { rate: 0.001 } } }")
            .Model.Test["accuracy"]!.Value.ShouldBeGreaterThanOrEqualTo(0.975);

    // Papernot et al., "Tempered Sigmoid Activations for Deep Learning with Differential Privacy", 2021: tanh keeps
    // gradients below the clipping norm where rectifiers do not.
    [SkippableFact]
    public void A_private_network_reads_92_of_100_digits_at_the_accountant_s_epsilon()
    {
        (TrainedModel model, int rows) = Train(
            "{ kind: mlp, layers: [ { dense: 256, activation: tanh }, { dense: 128, activation: tanh } ] }",
            "training: { epochs: 15, batch: 256, optimizer: { sgd: { rate: 0.25 } } }\nprivacy: { clip: 1.5, noise: 1.3 }");

        model.Test["accuracy"]!.Value.ShouldBeGreaterThanOrEqualTo(0.92);
        model.Steps.ShouldBe(15 * (rows / 256));
        model.Epsilon!.Value.ShouldBe(Accountant.Epsilon(256.0 / rows, 1.3, model.Steps, 1e-5).Epsilon, 1e-9);
    }
}
