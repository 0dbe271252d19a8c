using Cluster.Coordinator.Checkpoints;
using Cluster.Coordinator.ParameterServer;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Numerics;
using Cluster.Ml.Privacy;

namespace Cluster.Coordinator.Tests;

/// <summary>Values that tests need and do not care about.</summary>
internal static class Some
{
    public const string TextHash = "5f";

    public static readonly JobId Job = new("digits");

    public static TrainingPlan Plan(int microBatches = 4, long stepsPerEpoch = 3, int everySteps = 0, PrivacyLedger? ledger = null) =>
        new(Job, microBatches, stepsPerEpoch, Epochs: 5, Classes: true, everySteps, ledger);

    public static NumericBuffer Doubles(params double[] values)
    {
        NumericBuffer buffer = new(NumberKind.Float64, values.Length);
        values.CopyTo(buffer.Doubles);
        return buffer;
    }

    public static Checkpoint Checkpoint(long step, int bestEpoch = -1, string textHash = TextHash, double value = 1.5) => new(
        new CheckpointHeader
        {
            JobTextSha256 = textHash,
            Step = step,
            Epoch = (int)(step / 3),
            StepInEpoch = step % 3,
            Tally = new StepTally(0.1, 7, 3, false),
            LastTally = new StepTally(double.NaN, 9, 2, true),
            Incarnation = 4,
            BestEpoch = bestEpoch,
            Numbers = NumberKind.Float64,
            StateLength = 2,
            OptimizerStateLength = 3,
        },
        Doubles(value, step), Doubles(1, 2, 3), bestEpoch >= 0 ? Doubles(8, 9) : null);

    /// <summary>What <see cref="SummingLearner"/> would get of these micro-batches: value, loss, examples, correct.</summary>
    public static PushContribution Push(RoundId round, int first, int count = 1, double value = 1, string worker = "a") => new(
        Job, round, new WorkerId(worker), new SubtreeId(first, count), RangeId.Whole,
        new TensorPayload(PayloadKind.Float64, Doubles(value, 0.1 * value, count, 1).Memory));

    public static PushContribution PushEvaluation(RoundId round, int first, int count = 1, double value = 1) => new(
        Job, round, new WorkerId("a"), new SubtreeId(first, count), RangeId.Whole,
        new TensorPayload(PayloadKind.Float64, Doubles(value, count).Memory));
}
