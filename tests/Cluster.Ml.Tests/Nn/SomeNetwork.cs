using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Nn.Optimizers;
using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Tests.Nn;

/// <summary>Small jobs, data and networks for tests.</summary>
internal static class SomeNetwork
{
    public static readonly StepContext FirstStep = new(0, 0, 1);

    public static JobSpec Job(
        string kind = "mlp", LayerSpec[]? layers = null, OptimizerSpec? optimizer = null, PrivacySpec? privacy = null,
        double l1 = 0, double l2 = 0, int batch = 32, ulong seed = 42) =>
        new("test", seed,
            new DataSpec("none.csv", DataFormat.Csv, "target", [], new SplitSpec(1, 0, 0, false), ScaleKind.None),
            new ModelSpec(kind, new NetworkOptions { Layers = layers ?? [new DenseOptions(7, "tanh"), new DenseOptions(5, "relu")] }),
            new TrainingSpec(1, batch, 8, optimizer ?? new SgdOptions { Rate = 0.1 }, new RegularizeSpec(l1, l2), null, 0),
            privacy, new CheckpointSpec(0, 1), "", "");

    public static DataShape Shape(int features, int classes) =>
        new(features, [.. Enumerable.Range(0, classes).Select(c => $"c{c}")], 1000, [.. Enumerable.Range(0, features).Select(f => $"f{f}")], null);

    public static RowTable Rows(int rows, int features, int classes, long sequence = 1)
    {
        NumericBuffer numbers = new(NumberKind.Float32, rows * features);
        Philox.FillGaussian(numbers.Floats, 7, RandomPurpose.Augment, sequence, 0);
        RandomStream stream = RandomStream.At(7, RandomPurpose.Augment, sequence + 1000);
        double[] targets = new double[rows];
        for (int i = 0; i < rows; i++) targets[i] = classes > 0 ? stream.Next(classes) : stream.NextGaussian();
        return new RowTable(numbers, features, targets);
    }

    public static TrainingShard Shard(RowTable table) =>
        new(0, table, [.. Enumerable.Range(0, table.Rows)], [.. Enumerable.Range(100, table.Rows)]);

    /// <summary>Consecutive micro-batches of these sizes.</summary>
    public static MicroBatch[] Batches(TrainingShard shard, params int[] sizes)
    {
        int first = 0;
        return [.. sizes.Select(size =>
        {
            int[] positions = [.. Enumerable.Range(first, size)];
            first += size;
            return new MicroBatch(shard, positions);
        })];
    }

    public static NumericBuffer Start(ILearner learner, double spread = 0)
    {
        NumericBuffer state = new(learner.Numbers, learner.StateLength);
        learner.Initialize(state, new NumericBuffer(learner.Numbers, learner.OptimizerStateLength));
        if (spread > 0)
        {
            float[] noise = new float[state.Length];
            Philox.FillGaussian(noise, 7, RandomPurpose.Augment, 77, 0);
            for (int i = 0; i < noise.Length; i++) state.Floats[i] += (float)spread * noise[i];
        }
        return state;
    }

    public static NumericBuffer Contribution(
        NetworkLearner learner, NumericBuffer state, ReadOnlySpan<MicroBatch> subtree, StepContext? step = null)
    {
        NumericBuffer contribution = new(learner.Numbers, learner.ContributionLength);
        contribution.Floats.Fill(float.NaN);
        learner.CreateContributor().Contribute(state, subtree, contribution, step ?? FirstStep);
        return contribution;
    }

    public static int[] Bits(ReadOnlySpan<float> numbers)
    {
        int[] bits = new int[numbers.Length];
        for (int i = 0; i < bits.Length; i++) bits[i] = BitConverter.SingleToInt32Bits(numbers[i]);
        return bits;
    }
}
