using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Privacy;
using Cluster.Ml.Tasks;
using Cluster.Ml.Tasks.Tuning;
using Cluster.Worker.Data;

namespace Cluster.Simulation.Tests.Training;

/// <summary>The jobs of the simulations: small enough to run in milliseconds, with all that a job can have.</summary>
/// <remarks>40 rows of two classes; checkpoints every other step; a validation split, so that the best state is kept.</remarks>
internal sealed class SmallJob
{
    private const string Data = """
        seed: 11
        data:
          source: small.csv
          target: kind
          split: { train: 0.7, validation: 0.15, test: 0.15, stratify: true }
          scale: standard
        checkpoint: { every-steps: 2 }

        """;

    // Dropout and Adam: random numbers, optimizer state and every bit of the sum matter.
    private const string Network = """
        model: { kind: mlp, layers: [ { dense: 4, activation: tanh }, { dropout: 0.2 } ] }
        training: { epochs: 3, batch: 8, micro-batches: 4, optimizer: { adam: { rate: 0.05 } }, early-stopping: { patience: 2 } }
        """;

    // One worker is slow: what it owes is computed by the others, too.
    private const string Speculating = """
        model: { kind: mlp, layers: [ { dense: 4, activation: tanh }, { dropout: 0.2 } ] }
        training: { epochs: 3, batch: 8, micro-batches: 4, optimizer: { adam: { rate: 0.05 } }, speculation: { after: 2 } }
        """;

    // Micro-batches step at a pace of their own, and one worker is slow.
    private const string Stale = """
        model: { kind: mlp, layers: [ { dense: 4, activation: tanh } ] }
        training: { epochs: 6, batch: 8, micro-batches: 4, optimizer: { sgd: { rate: 0.3 } }, mode: { stale: { bound: 2 } } }
        """;

    // Each micro-batch takes steps alone, and states are averaged.
    private const string Local = """
        model: { kind: mlp, layers: [ { dense: 4, activation: tanh }, { dropout: 0.2 } ] }
        training: { epochs: 6, batch: 8, micro-batches: 4, optimizer: { sgd: { rate: 0.3, momentum: 0.5 } }, mode: { local-sgd: { steps: 2 } } }
        """;

    // Sums are rounded at random at every node of the tree, wherever it is added up.
    private const string Compressed = """
        model: { kind: mlp, layers: [ { dense: 4, activation: tanh }, { dropout: 0.2 } ] }
        training: { epochs: 3, batch: 8, micro-batches: 4, optimizer: { adam: { rate: 0.05 } }, compression: int8 }
        """;

    // What a micro-batch leaves out is with one worker until the window of steps ends, and the worker may be lost before.
    private const string Feedback = """
        model: { kind: mlp, layers: [ { dense: 4, activation: tanh }, { dropout: 0.2 } ] }
        training: { epochs: 3, batch: 4, micro-batches: 4, optimizer: { adam: { rate: 0.05 } }, compression: { top-k: 0.2, window: 3 } }
        """;

    // What rounding takes away is carried in the same way.
    private const string Rounded = """
        model: { kind: mlp, layers: [ { dense: 4, activation: tanh }, { dropout: 0.2 } ] }
        training: { epochs: 3, batch: 4, micro-batches: 4, optimizer: { adam: { rate: 0.05 } }, compression: { kind: int8, feedback: true, window: 3 } }
        """;

    // Several servers keep the parameters, each on a worker; the norm of the gradient is one over all of them.
    private const string Cut = """
        model: { kind: mlp, layers: [ { dense: 700, activation: tanh }, { dropout: 0.2 } ] }
        training: { epochs: 3, batch: 8, micro-batches: 4, optimizer: { adam: { rate: 0.05 } }, clip-norm: 0.5, early-stopping: { patience: 2 } }
        """;

    // Trials as tasks, in two rounds of which the second follows from the results of the first, and then a model of the best.
    private const string Search = """
        model: { kind: mlp, layers: [ { dense: 4, activation: tanh } ] }
        training: { epochs: 4, batch: 8, micro-batches: 4, optimizer: { adam: { rate: 0.05 } } }
        tune: { search: halving, trials: 4, keep: 4, keys: { training.optimizer.adam.rate: { log: [ 0.001, 0.1 ] } } }
        """;

    // Noise is accounted for in the journal before it is used, and the budget ends training in the middle of an epoch.
    private const string Private = """
        model: { kind: softmax }
        training: { epochs: 4, batch: 8, micro-batches: 4, optimizer: { sgd: { rate: 0.2 } } }
        privacy: { clip: 1.0, noise: 1.2, delta: 0.001, target-epsilon: 4.0 }
        """;

    // Doubles, one step an epoch over every row, and an end by convergence.
    private const string Clusters = """
        model: { kind: kmeans, clusters: 3, restarts: 2 }
        training: { epochs: 12, micro-batches: 4 }
        """;

    private readonly PreparedData _data;

    private SmallJob(string name, string text, int folds = 0, int servers = 1, bool searches = false)
    {
        string folder = Directory.CreateTempSubdirectory("cluster-simulation").FullName;
        File.WriteAllLines(Path.Combine(folder, "small.csv"), Enumerable.Range(0, 40).Select(Row).Prepend("a,b,c,kind"));
        JobSpec spec = JobFile.Parse($"name: {name}\n{text}", $"{name}.yaml", folder);
        Submit = new SubmitJob(new JobId(name), spec.Text, folder, "/run", searches ? new TaskOrder(TrialKind.KindName, "") : TaskOrder.OfFolds(folds), 0, servers);
        _data = PreparedData.Load(spec, Learners.NumbersFor(spec));
        Oracle = searches ? OfSearch(spec) : folds == 0
            ? JobResult.Of(SequentialTrainer.Train(spec, _data, secret: Secret))
            : JobResult.Of([.. Enumerable.Range(0, folds).Select(
                fold => SequentialTrainer.Train(spec, PreparedData.LoadFold(spec, Learners.NumbersFor(spec), fold, folds)))]);
    }

    /// <summary>Trial after trial, round after round, and then the best.</summary>
    private static JobResult OfSearch(JobSpec searched)
    {
        TrialKind kind = new();
        TaskJob job = new(searched, "");
        List<TaskDone> done = [];
        for (IReadOnlyList<string> round = kind.NextRound(job, done); round.Count > 0; round = kind.NextRound(job, done))
        {
            foreach (string specification in round.ToArray())
            {
                TaskInput input = new(searched.Name, searched.Text, searched.BaseDirectory, specification, done.Count);
                done.Add(new TaskDone(specification, kind.Run(input, kind.Load(input, RowStorage.Default))));
            }
        }
        JobSpec best = JobFile.Parse(kind.JobTextAfter(job, done), $"{searched.Name}.yaml", searched.BaseDirectory);
        return JobResult.Of([.. done.Select(kind.ReportOf)], SequentialTrainer.Train(best, PreparedData.Load(best, Learners.NumbersFor(best))));
    }

    /// <summary>What private jobs draw from; in the coordinator's journal, and nowhere else.</summary>
    public static PrivacySecret Secret { get; } = PrivacySecret.FromBytes([.. Enumerable.Range(7, PrivacySecret.Length).Select(i => (byte)(i * 5))]);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SmallJob> All { get; } =
    [
        new("network", Data + Network),
        new("private", Data.Replace("scale: standard", "scale: { minmax: [ -5, 6 ] }\n  classes: [ no, yes ]", StringComparison.Ordinal) + Private),
        new("clusters", Data.Replace("target: kind", "ignore: [kind]", StringComparison.Ordinal).Replace(", stratify: true", "", StringComparison.Ordinal) + Clusters),
        new("folds", Data + Network, folds: 3),
        new("speculating", Data + Speculating),
        new("stale", Data + Stale),
        new("local", Data + Local),
        new("compressed", Data + Compressed),
        new("feedback", Data + Feedback),
        new("two-servers", Data + Cut, servers: 2),
        new("three-servers", Data + Cut, servers: 3),
        new("rounded", Data + Rounded),
        new("search", Data + Search, searches: true),
    ];

    /// <summary>
    /// The job of a seed; a ninth of the seeds for each, but for those with several servers, which share one with the first, those with
    /// feedback, which share another, and a search, which shares that of the folds.
    /// </summary>
    public static SmallJob Of(int seed) => All[(seed % 9) switch
    {
        0 when seed % 27 == 9 => 9,
        0 when seed % 27 == 18 => 10,
        1 => 1,
        3 => 2,
        5 when seed % 27 == 14 => 12,
        5 => 3,
        4 => 4,
        6 => 5,
        7 => 6,
        2 => 7,
        8 when seed % 27 == 17 => 11,
        8 => 8,
        _ => 0,
    }];

    /// <summary>The worker that is slow, if the job is about one.</summary>
    public string? Straggler => Submit.Job.Value is "speculating" or "stale" ? "worker1" : null;

    /// <summary>How far a micro-batch may be ahead of the slowest; null if every model of the job is the same.</summary>
    public int? StalenessBound => Submit.Job.Value == "stale" ? 2 : null;

    /// <summary>Rows that each epoch must count exactly once.</summary>
    public int TrainingRows => _data.Training.Count;

    /// <summary>What the client asks for.</summary>
    public SubmitJob Submit { get; }

    /// <summary>What one thread without any cluster gives.</summary>
    public JobResult Oracle { get; }

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
