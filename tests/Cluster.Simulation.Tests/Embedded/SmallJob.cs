using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Worker.Data;

namespace Cluster.Simulation.Tests.Embedded;

/// <summary>The job of every simulation: small enough to run in milliseconds, with all that a job can have.</summary>
/// <remarks>
/// Two classes, three features, 40 rows; a network with dropout and Adam, so that chance, optimizer memory and every bit of
/// the sum matter; checkpoints every other step; validation, so that the best state is kept.
/// </remarks>
internal sealed class SmallJob
{
    private const string Text = """
        name: small
        seed: 11
        data:
          source: small.csv
          target: kind
          split: { train: 0.7, validation: 0.15, test: 0.15, stratify: true }
          scale: standard
        model: { kind: mlp, layers: [ { dense: 4, activation: tanh }, { dropout: 0.2 } ] }
        training:
          epochs: 3
          batch: 8
          micro-batches: 4
          optimizer: { adam: { rate: 0.05 } }
          early-stopping: { patience: 2 }
        checkpoint: { every-steps: 2 }
        """;

    private readonly string _folder;
    private readonly PreparedData _data;

    private SmallJob()
    {
        _folder = Directory.CreateTempSubdirectory("cluster-simulation").FullName;
        File.WriteAllLines(Path.Combine(_folder, "small.csv"), Enumerable.Range(0, 40).Select(Row).Prepend("a,b,c,kind"));
        JobSpec spec = JobFile.Parse(Text, "small.yaml", _folder);
        Submit = new SubmitJob(new JobId("small"), spec.Text, _folder, "/run", Folds: 0);
        _data = PreparedData.Load(spec, Learners.NumbersFor(spec));
        Oracle = SequentialTrainer.Train(spec, _data);
    }

    /// <summary>The job of this process.</summary>
    public static SmallJob Shared { get; } = new();

    /// <summary>What the client asks for.</summary>
    public SubmitJob Submit { get; }

    /// <summary>What one thread without any cluster gives.</summary>
    public TrainedModel Oracle { get; }

    /// <summary>The data of the workers, read once for all simulations.</summary>
    public DataSetCache DataSets { get; } = new();

    /// <summary>Reads the coordinator's data: always the same.</summary>
    public PreparedData Load(JobSpec spec, NumberKind numbers) => _data;

    private static string Row(int i)
    {
        double a = Math.Round(Math.Sin(i * 1.7) * 5, 3), b = Math.Round(Math.Cos(i * 2.3) * 3, 3), c = i % 7;
        return FormattableString.Invariant($"{a},{b},{c},{(a + b + (i % 5) > 2 ? "yes" : "no")}");
    }
}
