using System.Runtime.CompilerServices;
using Cluster.Ml.Privacy;

namespace Cluster.Coordinator.Tests;

/// <summary>Small jobs on the data that ships with the project.</summary>
internal static class TestData
{
    public static string Directory { get; } = Path.GetFullPath(Path.Combine(Here(), "..", "..", "deploy", "jobs", "data"));

    /// <summary>Of the private jobs, that they may be repeated.</summary>
    public static PrivacySecret Secret { get; } = PrivacySecret.FromBytes([.. Enumerable.Range(100, PrivacySecret.Length).Select(i => (byte)i)]);

    public static string Mlp(int epochs = 4, string extra = "") => $$"""
        name: digits-mlp
        seed: 42
        data: { source: digits.csv, target: target, split: { train: 0.7, validation: 0.15, test: 0.15, stratify: true }, scale: standard }
        model: { kind: mlp, layers: [ { dense: 24, activation: relu }, { dropout: 0.1 } ] }
        training: { epochs: {{epochs}}, batch: 256, micro-batches: 8, optimizer: { adam: { rate: 0.01 } }, early-stopping: { patience: 5 } }
        checkpoint: { every-steps: 2 }
        {{extra}}
        """;

    /// <summary>Trains all its epochs, however little the last of them bring: a job to be disturbed in its middle.</summary>
    public static string MlpToTheEnd(int epochs) => Mlp(epochs).Replace(", early-stopping: { patience: 5 }", "", StringComparison.Ordinal);

    public static string Private(int epochs = 3) =>
        Mlp(epochs, "privacy: { clip: 1.0, noise: 1.1, delta: 1e-5 }").Replace("early-stopping: { patience: 5 }", "regularize: { l2: 0 }", StringComparison.Ordinal)
            .Replace("scale: standard", "scale: { minmax: [ 0, 16 ] }, classes: [ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 ]", StringComparison.Ordinal);

    public const string Linear = """
        name: diabetes
        seed: 1
        data: { source: diabetes.csv, target: target, split: { train: 0.8, validation: 0, test: 0.2, stratify: false }, scale: standard }
        model: { kind: linear-regression }
        training: { epochs: 1, micro-batches: 4 }
        """;

    public const string KMeans = """
        name: iris
        seed: 3
        data: { source: iris.csv, ignore: [ target ], split: { train: 1, validation: 0, test: 0, stratify: false }, scale: none }
        model: { kind: kmeans, clusters: 3 }
        training: { epochs: 50, micro-batches: 8 }
        """;

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
