using System.Globalization;
using Cluster.Coordinator.Bench;

namespace Cluster.Benchmarks.Beside;

/// <summary>A reference program for a task.</summary>
/// <param name="Task">The task of `cluster bench`.</param>
/// <param name="Name">What the program calls itself in its rows.</param>
/// <param name="Script">The program.</param>
/// <param name="Arguments">What makes it do this task.</param>
internal sealed record Peer(string Task, string Name, string Script, params IReadOnlyList<string> Arguments)
{
    private static readonly IReadOnlyList<Peer> Known =
    [
        new("sgemm", "numpy", "machine_limits.py", "--only", "gemm"),
        new("mnist-mlp", "torch", "torch_classify.py", "--task", "mlp"),
        new("mnist-mlp", "torch-gloo-ddp", "torch_classify.py", "--task", "mlp", "--ddp", "ddp") { Processes = 2 },
        new("cifar-cnn", "torch", "torch_classify.py", "--task", "cnn"),
        new("cifar-cnn", "torch-gloo-ddp", "torch_classify.py", "--task", "cnn", "--ddp", "ddp") { Processes = 2 },
        new("char-lstm", "torch", "torch_lstm.py", "--task", "char", "--steps", BenchTasks.CharacterSteps.ToString(CultureInfo.InvariantCulture)),
        new("word-lstm", "torch", "torch_lstm.py", "--task", "word") { RowTask = "wikitext2-word-lstm" },
        new("mnist-vae", "torch", "torch_vae.py"),
        new("kjv-word2vec", "gensim", "gensim_w2v.py"),
        new("mnist-dpsgd-mlp", "bookkeeping", "dp_sgd.py", "--model", "mlp", "--ways", "plain,bookkeeping") { Variant = "private" },
        new("mnist-dpsgd-cnn", "bookkeeping", "dp_sgd.py", "--model", "cnn", "--ways", "plain,bookkeeping") { Variant = "private" },
        new("allreduce", "torch-gloo", "allreduce.py") { Processes = 2 },
    ];

    /// <summary>Those whose task this version of the command has.</summary>
    public static IEnumerable<Peer> All => Known.Where(peer => BenchTasks.Find(peer.Task) is not null);

    /// <summary>Its processes. If there are two, it is compared with two workers of one thread each.</summary>
    public int Processes { get; init; } = 1;

    /// <summary>What its rows call the task, where that is another name.</summary>
    public string? RowTask { get; init; }

    /// <summary>Which of our rows it is compared with, where a task has several of one name.</summary>
    public string Variant { get; init; } = "";
}
