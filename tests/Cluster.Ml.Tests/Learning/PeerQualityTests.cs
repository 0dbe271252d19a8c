using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Learning;

/// <summary>
/// Models as good as PyTorch's of the same sizes after the same budget on the same data; the peers' figures are those of
/// docs/performance.md, "Quality beside the peers". Minutes each: run with CLUSTER_SLOW_TESTS=1 and -c Release, where the data stands beside
/// the repository.
/// </summary>
public sealed class PeerQualityTests
{
    private const double TwoPercent = 0.02, OnePoint = 0.01;

    [SkippableFact]
    public void A_network_of_filters_reads_99_of_100_digits() =>
        Example("mnist-cnn.yaml", "mnist")["accuracy"]!.Value.ShouldBeGreaterThanOrEqualTo(0.99);

    // torch_vae.py: 784-400-20, Adam 0.001, batch 128, 5 epochs.
    [SkippableFact]
    public void A_variational_autoencoder_s_bound_is_at_most_two_percent_below_the_peer_s()
    {
        double peer = Mean(-108.4, -108.1);

        double elbo = Task("mnist-vae.yaml", 0)["elbo"]!.Value;

        elbo.ShouldBeGreaterThanOrEqualTo(peer - (TwoPercent * Math.Abs(peer)));
    }

    // torch_classify.py --task cnn: 122,570 parameters, Adam 0.001, batch 64, 5 epochs.
    [SkippableFact]
    public void Images_of_CIFAR_are_told_at_most_a_point_worse_than_by_the_peer()
    {
        double peer = Mean(0.487, 0.460, 0.478);

        Task("cifar-cnn.yaml", 0)["accuracy"]!.Value.ShouldBeGreaterThanOrEqualTo(peer - OnePoint);
    }

    // torch_lstm.py --task word: embedding and units 128, Adam 0.002, batch 20, 35 words back, 3 epochs of WikiText-2's validation text.
    [SkippableFact]
    public void Words_are_at_most_two_percent_more_perplexing_than_to_the_peer()
    {
        const double peer = 230.6;

        Task("word-lstm.yaml", 0)["perplexity"]!.Value.ShouldBeLessThanOrEqualTo(peer * (1 + TwoPercent));
    }

    // torch_lstm.py --task char --steps 1470: embedding 64, 256 units, Adam 0.002, batch 32, 64 characters back; ours 3 epochs, 1,467 steps.
    [SkippableFact]
    public void Characters_are_at_most_two_percent_more_perplexing_than_to_the_peer()
    {
        double peer = Mean(4.897, 4.948);

        double perplexity = Mean(Task("char-lstm.yaml", 0)["perplexity"]!.Value, Task("char-lstm.yaml", 1)["perplexity"]!.Value);

        perplexity.ShouldBeLessThanOrEqualTo(peer * (1 + TwoPercent));
    }

    /// <summary>What a job of deploy/jobs comes to on its test rows.</summary>
    private static Metrics Example(string job, string source)
    {
        string data = Data();
        return OnTest(JobFile.Read(RepositoryFiles.Path("deploy", "jobs", job), [$"data.source={Path.Combine(data, source)}"]));
    }

    /// <summary>What the job of a performance task comes to on its test rows.</summary>
    private static Metrics Task(string job, int seed)
    {
        string data = Data();
        return OnTest(JobFile.Parse(
            File.ReadAllText(RepositoryFiles.Path("Cluster.Coordinator", "Bench", "Jobs", job)), job, data, [FormattableString.Invariant($"seed={seed}")]));
    }

    private static string Data()
    {
        string? data = SharedData.Find("data");
        Skip.If(data is null, "The data sets are not beside this repository.");
        Skip.If(Environment.GetEnvironmentVariable("CLUSTER_SLOW_TESTS") != "1", "Slow: set CLUSTER_SLOW_TESTS=1 to run it.");
        return data;
    }

    private static Metrics OnTest(JobSpec job) => SequentialTrainer.Train(job, PreparedData.Load(job, Learners.NumbersFor(job))).Test;

    private static double Mean(params double[] figures) => figures.Average();
}
