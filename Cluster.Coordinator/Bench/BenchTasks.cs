namespace Cluster.Coordinator.Bench;

/// <summary>The named performance tasks. One that trains is a job file in Bench/Jobs and a line here.</summary>
internal static class BenchTasks
{
    private const string Samples = "samples_per_s";
    private const double MnistImages = 60_000, KjvWords = 789_684;     // words: runs of a-z and apostrophes

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<BenchTask> All =
    [
        new ProductTask(),
        new TrainingTask("mnist-mlp", "784-256-128-10 on MNIST, Adam, batch 128", new TrainingTask.Job("mnist-mlp.yaml", Samples, MnistImages)),
        new TrainingTask("mnist-dpsgd-mlp", "the same with SGD, batch 256, plain and private",
            new TrainingTask.Job("mnist-plain-mlp.yaml", Samples, MnistImages) { Variant = "plain" },
            new TrainingTask.Job("mnist-dpsgd-mlp.yaml", Samples, MnistImages) { Variant = "private" }),
        new TrainingTask("kjv-word2vec", "skip-gram vectors of 100 numbers on the King James text",
            new TrainingTask.Job("kjv-word2vec.yaml", "words_per_s", KjvWords) { Epochs = 5 }),
        new AllReduceTask(),
    ];

    /// <summary>The task of that name, or null.</summary>
    public static BenchTask? Find(string name) => All.FirstOrDefault(task => task.Name == name);
}
