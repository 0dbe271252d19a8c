using Cluster.Ml.Aggregation;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Learning;

/// <summary>Trains a learner step by step over the fixed tree, asking for the subtrees that this many workers would hold.</summary>
internal static class TreeTraining
{
    public sealed record Result(NumericBuffer State, int Steps, bool Converged, double Loss, Metrics Training);

    public static Result Train(ILearner learner, JobSpec spec, PreparedData data, int workers = 1)
    {
        int leaves = spec.Training.MicroBatches;
        (NumericBuffer state, NumericBuffer optimizerState) = (new(learner.Numbers, learner.StateLength), new(learner.Numbers, learner.OptimizerStateLength));
        learner.Initialize(state, optimizerState);
        BatchPlan plan = BatchPlan.For(spec, data.Shape.TrainingExamples, learner.FullBatch);
        ShardSampler[] samplers = [.. Enumerable.Range(0, leaves).Select(s => plan.CreateSampler(data.Shard(s, leaves)))];
        IContributor[] contributors = [.. Enumerable.Range(0, workers).Select(_ => learner.CreateContributor())];
        UpdateOutcome outcome = default;
        (int step, int epoch) = (0, 0);
        for (; epoch < spec.Training.Epochs && !outcome.Converged; step++)
        {
            StepContext context = new(step, epoch, plan.StepsPerEpoch);
            SumTree tree = new(leaves, learner.Combine, _ => { });
            for (int worker = workers - 1; worker >= 0; worker--)       // the last first: arrival order must not matter
                foreach (Subtree subtree in SubtreesOf(worker, workers, leaves))
                {
                    MicroBatch[] batches = [.. Enumerable.Range(subtree.First, subtree.Count).Select(s => samplers[s].MicroBatch(epoch, 0))];
                    NumericBuffer sum = new(learner.Numbers, learner.ContributionLength);
                    sum.Bytes.Fill(0xFF);                               // a contribution must be overwritten, not added to
                    contributors[worker].Contribute(state, batches, sum, context);
                    tree.Offer(subtree, sum);
                }
            outcome = learner.Update(state, optimizerState, tree.Total, context);
            if (!learner.IsWithinEpoch(state)) epoch++;
        }
        Metrics training = EvaluationPlan.Measure(learner, contributors[0], state, data.Training, leaves);
        return new Result(state, step, outcome.Converged, outcome.Loss, training);
    }

    private static List<Subtree> SubtreesOf(int worker, int workers, int leaves)
    {
        List<Subtree> cover = [];
        Subtree.Cover([.. Enumerable.Range(0, leaves).Select(s => s * workers / leaves == worker)], cover);
        return cover;
    }
}
