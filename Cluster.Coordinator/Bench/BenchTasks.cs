namespace Cluster.Coordinator.Bench;

/// <summary>The named performance tasks. One that trains is a job file in Bench/Jobs and a line here.</summary>
internal static class BenchTasks
{
    /// <summary>All steps of char-lstm; its reference program is told to take as many.</summary>
    public const int CharacterSteps = 1473;

    // The reference program's clock starts after its first two steps.
    private const int TimedCharacterSteps = CharacterSteps - 2;

    private const string Samples = "samples_per_s";
    private const double MnistImages = 60_000, CifarImages = 10_000, KjvWords = 789_684;     // words: runs of a-z and apostrophes

    private const string FewUnits = "model.units=16";
    private const string FewFilters = "model.layers=[ { conv: 4, size: 3, stride: 2, activation: relu }, { max-pool: 2 }, { flatten: true } ]";

    // Streams of ⌊tokens / streams⌋ tokens, each but the last of a stream predicting the next.
    private const double Characters = 32 * (31_370 - 1), CharactersAStep = 32 * 64, WikiWords = 20 * (10_882 - 1);

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<BenchTask> All =
    [
        new ProductTask(),
        new TrainingTask("mnist-mlp", "784-256-128-10 on MNIST, Adam, batch 128", new TrainingTask.Job("mnist-mlp.yaml", Samples, MnistImages)),
        new TrainingTask("mnist-dpsgd-mlp", "the same with SGD, batch 256, plain and private",
            new TrainingTask.Job("mnist-plain-mlp.yaml", Samples, MnistImages) { Variant = "plain" },
            new TrainingTask.Job("mnist-dpsgd-mlp.yaml", Samples, MnistImages) { Variant = "private" }),
        new TrainingTask("cifar-cnn", "three convolutions on 10,000 images of CIFAR-10, Adam, batch 64",
            new TrainingTask.Job("cifar-cnn.yaml", Samples, CifarImages)),
        new TrainingTask("mnist-dpsgd-cnn", "two convolutions on MNIST with SGD, batch 256, plain and private",
            new TrainingTask.Job("mnist-plain-cnn.yaml", Samples, MnistImages) { Variant = "plain", QuickSettings = [FewFilters] },
            new TrainingTask.Job("mnist-dpsgd-cnn.yaml", Samples, MnistImages) { Variant = "private", QuickSettings = [FewFilters] }),
        new TrainingTask("char-lstm", "an LSTM of 256 units on the characters of Shakespeare",
            new TrainingTask.Job("char-lstm.yaml", "chars_per_s", Characters)
            {
                Epochs = TimedCharacterSteps * CharactersAStep / Characters,
                Unit = FormattableString.Invariant($"s/{TimedCharacterSteps} steps"),
                QuickSettings = [FewUnits],
            }),
        new TrainingTask("word-lstm", "an LSTM of 128 units on the words of WikiText-2",
            new TrainingTask.Job("word-lstm.yaml", "words_per_s", WikiWords) { QuickSettings = [FewUnits, "model.embedding=16", "data.vocabulary=500"] }),
        new TrainingTask("mnist-vae", "a variational autoencoder 784-400-20 on MNIST", new TrainingTask.Job("mnist-vae.yaml", Samples, MnistImages)),
        new TrainingTask("kjv-word2vec", "skip-gram vectors of 100 numbers on the King James text",
            new TrainingTask.Job("kjv-word2vec.yaml", "words_per_s", KjvWords) { Epochs = 5, Unit = "s/5 epochs" }),
        new AllReduceTask(),
    ];

    /// <summary>The task of that name, or null.</summary>
    public static BenchTask? Find(string name) => All.FirstOrDefault(task => task.Name == name);
}
