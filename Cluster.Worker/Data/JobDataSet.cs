using Cluster.Messages.Identifiers;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Learning.Ranges;

namespace Cluster.Worker.Data;

/// <summary>A job, its data, and the learner built for them: what all shards of the job in this process share.</summary>
internal sealed class JobDataSet
{
    private readonly Lock _lock = new();
    private readonly Stack<IContributor> _idle = new();
    private volatile IReadOnlyList<ParameterRange>? _ranges;     // of the number asked for last: a job has one

    private JobDataSet(JobSpec spec, (string, string) key, PreparedData rows, ILearner learner)
    {
        Key = key;
        Spec = spec;
        Rows = rows;
        Learner = learner;
        Batches = BatchPlan.For(spec, rows.Shape.TrainingExamples, learner.FullBatch);
    }

    /// <summary>The job's text and base directory: equal keys, equal rows.</summary>
    public (string JobText, string BaseDirectory) Key { get; }

    /// <summary>The job.</summary>
    public JobSpec Spec { get; }

    /// <summary>All rows, split and scaled.</summary>
    public PreparedData Rows { get; }

    /// <summary>The learner; it has no state, so several threads use it.</summary>
    public ILearner Learner { get; }

    /// <summary>Which rows take part in which step.</summary>
    public BatchPlan Batches { get; }

    /// <summary>How many shards the job has.</summary>
    public int ShardCount => Spec.Training.MicroBatches;

    /// <summary>Reads the job and its data, from its source or from the folder to which that was copied.</summary>
    /// <exception cref="BadInputException">One of them is wrong.</exception>
    public static JobDataSet Load(string jobText, string fileName, string baseDirectory, RowStorage storage, string? folder = null)
    {
        JobSpec spec = JobFile.Parse(jobText, fileName, baseDirectory);
        if (folder is not null) spec = SourceFiles.Moved(spec, folder);
        PreparedData rows = PreparedData.Load(spec, Learners.NumbersFor(spec), storage);
        return new JobDataSet(spec, (jobText, baseDirectory), rows, Learners.Create(spec, rows.Shape));
    }

    /// <summary>The step that a training round is about.</summary>
    public StepContext StepOf(RoundId round) => new(round.Step, round.Epoch, Batches.StepsPerEpoch);

    /// <summary>One shard of the training rows.</summary>
    public ShardRows Shard(int index) => new(this, Rows.Shard(index, ShardCount));

    /// <summary>The ranges that so many servers keep; null if the learner cannot be cut, or not into so many.</summary>
    public IReadOnlyList<ParameterRange>? RangesOf(int servers)
    {
        if (_ranges?.Count != servers) _ranges = (Learner as IRangedLearner)?.Cut(servers);
        return _ranges is { } cut && cut.Count == servers ? cut : null;
    }

    /// <summary>The rows that a round of this purpose measures.</summary>
    public RowRange SplitFor(RoundPurpose purpose) => purpose switch
    {
        RoundPurpose.EvaluateTraining => Rows.Training,
        RoundPurpose.EvaluateValidation => Rows.Validation,
        RoundPurpose.EvaluateTest => Rows.Test,
        _ => throw new ArgumentOutOfRangeException(nameof(purpose), purpose, "JobDataSet.SplitFor: wanted a purpose that measures."),
    };

    /// <summary>A workspace for one piece of work; as many are made as pieces run at once.</summary>
    public IContributor RentContributor()
    {
        lock (_lock)
        {
            if (_idle.TryPop(out IContributor? idle)) return idle;
        }
        return Learner.CreateContributor();
    }

    /// <summary>Takes the workspace back. One that threw is not given back: its buffers may be half written.</summary>
    public void ReturnContributor(IContributor contributor)
    {
        lock (_lock) _idle.Push(contributor);
    }
}
