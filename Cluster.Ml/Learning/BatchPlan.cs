using Cluster.Ml.Data;
using Cluster.Ml.Jobs;

namespace Cluster.Ml.Learning;

/// <summary>Which examples take part in which step: a pure function of the job, and if it is private of each step's key, so that any worker can compute any part of it.</summary>
/// <remarks>
/// Equation  ordinary: each epoch each shard is shuffled, and step t takes its positions [t·b, (t + 1)·b), b = batch / micro-batches;
///           private: example i joins step t with probability q = batch / N, each alone (Poisson sampling);
///           text: as ordinary, but never shuffled, so that step t takes window t of every stream;
///           episodes: all rows of a shard in each step, which plays them anew;
///           full batch: every row, in order, in every step: one an epoch, or as many as <see cref="ILearner.IsWithinEpoch"/> asks for;
///           local SGD: a step is H local steps, so it takes the positions of H ordinary ones, in their order
/// Range     each example exactly once an epoch (not private); never a function of how many workers there are
/// </remarks>
public sealed class BatchPlan
{
    private readonly int _microBatch;
    private readonly bool _allRows;
    private readonly bool _inOrder;
    private readonly ulong _seed;

    private BatchPlan(JobSpec spec, int trainingExamples, bool fullBatch)
    {
        _seed = spec.Seed;
        DataForm form = spec.Learner.DataOf(spec.Model.Options);
        DataForm.Episodes? episodes = form as DataForm.Episodes;
        _allRows = fullBatch || episodes is not null;
        _inOrder = form is DataForm.Windows;
        int shards = spec.Training.MicroBatches;
        Private = spec.Privacy is not null && !fullBatch;
        int localSteps = spec.Training.Mode is TrainingMode.LocalSgd local ? local.Steps : 1;
        _microBatch = fullBatch ? 0 : checked(spec.Training.Batch / shards * localSteps);
        if (!fullBatch && _microBatch < 1)
            throw new ArgumentException($"BatchPlan: wanted a batch of at least {shards} examples (one a micro-batch), got {spec.Training.Batch}.", nameof(spec));
        SampleRate = fullBatch ? 1 : Math.Min(1.0, (double)spec.Training.Batch / trainingExamples);
        int largestShard = (trainingExamples + shards - 1) / shards;
        StepsPerEpoch = episodes is not null ? episodes.StepsPerEpoch
            : fullBatch ? 1
            : Private ? Math.Max(1, trainingExamples / spec.Training.Batch)
            : Math.Max(1, (largestShard + _microBatch - 1) / _microBatch);
    }

    /// <summary>How many updates an epoch has; at least, where the learner decides.</summary>
    public long StepsPerEpoch { get; }

    /// <summary>Whether batches are drawn by Poisson sampling.</summary>
    public bool Private { get; }

    /// <summary>The share of the training rows that one step looks at; for private training exactly the sampling probability q.</summary>
    public double SampleRate { get; }

    /// <summary>The plan of a job.</summary>
    /// <param name="spec">Batch, micro-batches, seed, privacy.</param>
    /// <param name="trainingExamples">Rows of the training split, N ≥ 1.</param>
    /// <param name="fullBatch">Whether the learner looks at every row in each step.</param>
    /// <exception cref="ArgumentException">The batch is smaller than the number of micro-batches, or there are no rows.</exception>
    public static BatchPlan For(JobSpec spec, int trainingExamples, bool fullBatch)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(trainingExamples);
        return new BatchPlan(spec, trainingExamples, fullBatch);
    }

    /// <summary>Draws the examples of one shard. One per thread.</summary>
    /// <remarks>What a job says of its learner, data and privacy leaves one sampler that is right, so no key chooses among them.</remarks>
    public ShardSampler CreateSampler(TrainingShard shard) =>
        _allRows ? new FullBatchSampler(shard)
        : _inOrder ? new ConsecutiveSampler(shard, _microBatch)
        : Private ? new PoissonSampler(shard, SampleRate)
        : new ShuffledSampler(shard, _seed, _microBatch);
}
