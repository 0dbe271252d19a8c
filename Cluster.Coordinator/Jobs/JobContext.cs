using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Cluster.Coordinator.ParameterServer;
using Cluster.Coordinator.Privacy;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Compression;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Learning.Ranges;
using Cluster.Ml.Numerics;
using Cluster.Ml.Privacy;

namespace Cluster.Coordinator.Jobs;

/// <summary>Reads the data of a job.</summary>
internal delegate PreparedData LoadData(JobSpec spec, NumberKind numbers);

/// <summary>A job, read and understood: all that follows from its text and its data. The rows themselves are let go.</summary>
internal sealed class JobContext
{
    private readonly SubmitJob _submitted;
    private readonly PrivacyPlan? _privacy;
    private readonly string _sourceSha256;

    /// <param name="submitted">What was asked.</param>
    /// <param name="spec">Its text, read.</param>
    /// <param name="data">Its data; only what is not rows is kept.</param>
    /// <param name="learner">What is trained.</param>
    /// <param name="secret">What a private run draws from; null if it is not private.</param>
    /// <param name="sourceSha256">Identifies the source data of a private job, before splits and scaling.</param>
    internal JobContext(SubmitJob submitted, JobSpec spec, PreparedData data, ILearner learner, PrivacySecret? secret = null, string sourceSha256 = "")
    {
        _sourceSha256 = sourceSha256;
        _submitted = submitted;
        Spec = spec;
        Shape = data.Shape;
        DataSha256 = data.Sha256;
        Preprocessing = data.Preprocessing;
        ValidationRows = data.Validation.Count;
        TestRows = data.Test.Count;
        Learner = learner;
        Secret = spec.Privacy is null ? null : secret;
        TextSha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JobChange.PastOf(spec) + Secret?.Identity)));
        Ranges = RangesOf(spec, learner, submitted.Servers);
        _privacy = PrivacyPlan.For(spec, data.Shape.TrainingExamples);
        BatchPlan batches = BatchPlan.For(spec, data.Shape.TrainingExamples, learner.FullBatch);
        Plan = new TrainingPlan(
            submitted.Job, spec.Training.MicroBatches, batches.StepsPerEpoch, spec.Training.Epochs, data.Shape.Classes.Count > 0,
            spec.Checkpoint.EverySteps, _privacy?.OpenLedger())
        {
            StalenessBound = (spec.Training.Mode as TrainingMode.Stale)?.Bound,
            SpeculateAfter = spec.Training.Speculation?.After,
            UncompressedLength = (learner as CompressedLearner)?.UncompressedLength,
            Feedback = IFeedback.Of(learner),
            NominalBatch = _privacy is null ? null : spec.Training.Batch,
        };
    }

    public JobId Job => _submitted.Job;

    public JobSpec Spec { get; }

    /// <summary>Where checkpoints and the model go.</summary>
    public string RunDirectory => _submitted.RunDirectory;

    /// <summary>What a private run draws its noise and its rows from; null if it is not private.</summary>
    public PrivacySecret? Secret { get; }

    /// <summary>
    /// Identifies what the job's steps depend on, a private job's secret included: a checkpoint of another past is not this job's, and after
    /// other noise, steps would be taken again with noise that nobody has accounted for.
    /// </summary>
    public string TextSha256 { get; }

    /// <summary>Identifies the job's data: a checkpoint of other data is not this job's.</summary>
    public string DataSha256 { get; }

    public DataShape Shape { get; }

    public Preprocessing Preprocessing { get; }

    public int ValidationRows { get; }

    public int TestRows { get; }

    public ILearner Learner { get; }

    /// <summary>The layers whose gradients' norms are told; none if the learner tells none.</summary>
    public IReadOnlyList<string> GradientLayers => (Learner as IGradientNorms)?.GradientLayers ?? [];

    public TrainingPlan Plan { get; }

    /// <summary>The ranges of its parameters that several servers keep; none if they are in one place.</summary>
    public IReadOnlyList<ParameterRange> Ranges { get; }

    /// <summary>δ; NaN if training is not private.</summary>
    public double Delta => _privacy?.Delta ?? double.NaN;

    /// <summary>Reads a job and its data. Long; runs on the compute pool.</summary>
    /// <exception cref="BadInputException">The text or the data is wrong.</exception>
    public static JobContext Load(SubmitJob submitted, LoadData load, PrivacySecret secret)
    {
        JobSpec spec = Parse(submitted);
        PreparedData data = load(spec, Learners.NumbersFor(spec));
        ILearner learner = Learners.Create(spec, data.Shape, secret);
        MemoryNeed.Require(spec, learner, spec.Training.Servers, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        learner.LoadStart();
        return new JobContext(submitted, spec, data, learner, secret, spec.Privacy is null ? "" : SourceIdentity.Of(spec.Data));
    }

    /// <summary>Reads the job's text alone.</summary>
    /// <exception cref="BadInputException">The text is wrong.</exception>
    public static JobSpec Parse(SubmitJob submitted) =>
        JobFile.Parse(submitted.JobText, $"{submitted.Job}.yaml", submitted.BaseDirectory);

    private static IReadOnlyList<ParameterRange> RangesOf(JobSpec spec, ILearner learner, int servers)
    {
        if (servers == 1) return [];
        if (spec.Privacy is not null)
            throw new BadInputException(
                spec.Name, null, null, "training.servers: 1 where training is private: only the coordinator may know the noise, and servers of ranges are on workers",
                $"{servers}", "remove training.servers");
        if (learner is not IRangedLearner ranged || spec.Training.Mode is TrainingMode.Stale)
            throw new BadInputException(
                spec.Name, null, null, "training.servers: 1 where a step is not taken parameter by parameter",
                $"{servers} with kind: {spec.Model.Kind}, mode and compression as given", "remove training.servers");
        IReadOnlyList<ParameterRange> ranges = ranged.Cut(servers);
        if (ranges.Max(range => ranged.SquaresLength(range, default)) > Limits.SquaresBytesMax / sizeof(float))
            throw new BadInputException(
                spec.Name, null, null, $"at most {Limits.SquaresBytesMax / sizeof(float) * 1024L} parameters a server with clip-norm",
                $"{ranges.Max(range => range.Sum.Length)}", "raise training.servers");
        return ranges.Count > 1 ? ranges : [];
    }

    /// <summary>ε after so many steps; NaN if training is not private.</summary>
    public double Epsilon(long steps) => _privacy?.EpsilonAfter(steps) ?? double.NaN;

    /// <summary>Whether training is private: nothing is told of its rows that ε does not cover.</summary>
    public bool IsPrivate => _privacy is not null;

    /// <summary>What the run has spent of its data when it has drawn the noise of so many steps; null if training is not private.</summary>
    public DataSpending? Spending(long steps) => _privacy is null ? null : new DataSpending(_sourceSha256, TextSha256, Spec.Name, steps, _privacy);

    /// <summary>What opens the job's first shard for this life of its parameter server.</summary>
    public OpenShard OpenShard(IActorRef parameterServer, long incarnation) => new(
        Job, 0, Plan.MicroBatches, _submitted.JobText, _submitted.BaseDirectory, DataSha256, parameterServer, incarnation);

    /// <summary>The answer about an epoch that was trained.</summary>
    public EpochTrained Trained(Decision.EpochDone done, NumericBuffer optimizerState) => new(
        Job, done.Epoch, done.Step, done.Tally.MeanLoss, done.Tally.Accuracy(Plan.Classes),
        done.Tally.Examples, done.Tally.Converged, new TensorPayload(PayloadKind.Float64, GradientNorms(optimizerState)));

    private byte[] GradientNorms(NumericBuffer optimizerState) =>
        MemoryMarshal.AsBytes<double>((Learner as IGradientNorms)?.GradientNorms(optimizerState) ?? []).ToArray();
}
