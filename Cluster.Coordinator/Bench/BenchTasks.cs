namespace Cluster.Coordinator.Bench;

/// <summary>The named performance tasks. One that trains is a job file in Bench/Jobs and a line here.</summary>
internal static class BenchTasks
{
    private const string Samples = "samples_per_s";
    private const double MnistImages = 60_000;

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<BenchTask> All =
    [
        new ProductTask(),
        new TrainingTask("mnist-mlp", "784-256-128-10 on MNIST, Adam, batch 128", new TrainingTask.Job("mnist-mlp.yaml", Samples, MnistImages)),
        new TrainingTask("mnist-dpsgd-mlp", "the same with SGD, batch 256, plain and private",
            new TrainingTask.Job("mnist-plain-mlp.yaml", Samples, MnistImages) { Variant = "plain" },
            new TrainingTask.Job("mnist-dpsgd-mlp.yaml", Samples, MnistImages) { Variant = "private" }),
        new AllReduceTask(),
    ];

    /// <summary>The task of that name, or null.</summary>
    public static BenchTask? Find(string name) => All.FirstOrDefault(task => task.Name == name);
}
