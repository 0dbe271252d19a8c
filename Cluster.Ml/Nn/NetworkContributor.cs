using Cluster.Ml.Data;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Nn.Losses;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn;

/// <summary>Computes gradients, evaluations and predictions of a network on one thread.</summary>
/// <remarks>
/// A subtree of micro-batches passes through the network at once, as rows do not touch each other; only where gradients of
/// parameters are summed do the micro-batches count, and there the kernels keep them apart.
/// </remarks>
internal sealed class NetworkContributor : IContributor
{
    /// <summary>Rows that are evaluated or predicted at a time; no result depends on it.</summary>
    private const int ReadingRows = 256;

    private readonly NetworkLearner _learner;
    private readonly Network _network;
    private readonly QualitySums _quality;
    private readonly NetworkPass _pass;
    private readonly TrainingChance _chance;
    private int[] _ends = [];
    private double[] _targets = [];
    private float[] _factors = [];
    private float[] _statistics = [];
    private int[] _statisticsEnds = [];

    public NetworkContributor(NetworkLearner learner, QualitySums quality)
    {
        _learner = learner;
        _network = learner.Network;
        _quality = quality;
        _pass = new NetworkPass(_network);
        _chance = new TrainingChance(learner.Spec.Seed);
    }

    public void Contribute(NumericBuffer state, ReadOnlySpan<MicroBatch> subtree, NumericBuffer contribution, in StepContext step)
    {
        NetworkLearner.Require(state, _learner.StateLength, "state");
        NetworkLearner.Require(contribution, _learner.ContributionLength, "contribution");
        if (!int.IsPow2(subtree.Length))
            throw new ArgumentException($"NetworkLearner: wanted a power of two of micro-batches, got {subtree.Length}.", nameof(subtree));

        int rows = Gather(subtree);
        Span<float> gradient = contribution.Floats[.._network.ParameterCount], statistics = contribution.Floats[_network.ParameterCount..];
        if (rows == 0)
        {
            contribution.Clear();
            return;
        }
        ReadOnlySpan<float> parameters = state.Floats;
        ReadOnlySpan<int> ends = _ends.AsSpan(0, subtree.Length);
        _chance.Step = step.Step;
        _pass.Forward(parameters, _chance);
        Lose(ends, statistics, step);
        _pass.BackwardInputs(parameters, _chance);
        if (_learner.Spec.Privacy is { } privacy) Clip(parameters, (float)privacy.Clip, step);
        _pass.BackwardParameters(parameters, ends, gradient);
    }

    public void Evaluate(NumericBuffer state, RowRange rows, Span<double> sums)
    {
        Loss loss = _network.Loss;
        for (int first = 0; first < rows.Count; first += ReadingRows)
        {
            int count = Read(state, rows, first);
            for (int row = 0; row < count; row++)
            {
                ReadOnlySpan<float> outputs = OutputsOf(row);
                double target = rows.Table.Targets[rows.Order.Span[first + row]];
                _quality.Add(sums, target, loss.Predict(outputs, []), loss.Row(outputs, target, []));
            }
        }
    }

    public void Predict(NumericBuffer state, RowRange rows, Span<double> predictions, Span<double> scores)
    {
        int classes = scores.IsEmpty || rows.Count == 0 ? 0 : scores.Length / rows.Count;
        for (int first = 0; first < rows.Count; first += ReadingRows)
        {
            int count = Read(state, rows, first);
            for (int row = 0; row < count; row++)
                predictions[first + row] = _network.Loss.Predict(OutputsOf(row), scores.Slice((first + row) * classes, classes));
        }
    }

    private ReadOnlySpan<float> OutputsOf(int row) => _pass.Outputs.Slice(row * _network.Outputs, _network.Outputs);

    /// <summary>Copies the examples of all micro-batches into the input, one after another.</summary>
    private int Gather(ReadOnlySpan<MicroBatch> subtree)
    {
        if (_ends.Length < subtree.Length) _ends = new int[subtree.Length];
        int rows = 0;
        for (int i = 0; i < subtree.Length; i++) _ends[i] = rows += subtree[i].Count;
        _pass.Begin(rows);
        if (_targets.Length < rows)
        {
            _targets = new double[rows];
            _factors = new float[rows];
            _chance.ExampleIds = new int[rows];
        }
        int row = 0;
        Span<float> inputs = _pass.Inputs;
        foreach (MicroBatch batch in subtree)
            foreach (int position in batch.Positions.Span)
            {
                int place = batch.Shard.Rows[position];
                batch.Shard.Table.FloatsOf(place).CopyTo(inputs[(row * _network.Inputs)..]);
                _targets[row] = batch.Shard.Table.Targets[place];
                _chance.ExampleIds[row] = batch.Shard.Ids[position];
                row++;
            }
        return rows;
    }

    private int Read(NumericBuffer state, RowRange rows, int first)
    {
        NetworkLearner.Require(state, _learner.StateLength, "state");
        int count = Math.Min(ReadingRows, rows.Count - first);
        _pass.Begin(count);
        Span<float> inputs = _pass.Inputs;
        ReadOnlySpan<int> order = rows.Order.Span;
        for (int row = 0; row < count; row++)
            rows.Table.FloatsOf(order[first + row]).CopyTo(inputs[(row * _network.Inputs)..]);
        _pass.Forward(state.Floats, null);
        return count;
    }

    /// <summary>Losses and their gradients; the statistics of each micro-batch are added up as its gradient will be.</summary>
    private void Lose(ReadOnlySpan<int> ends, Span<float> statistics, in StepContext step)
    {
        if (_statistics.Length < ends.Length * StepStatistics.Length)
        {
            _statistics = new float[ends.Length * StepStatistics.Length];
            _statisticsEnds = new int[ends.Length];
        }
        Span<float> gradients = _pass.OutputGradient;
        int row = 0;
        for (int batch = 0; batch < ends.Length; batch++)
        {
            double sum = 0;
            int correct = 0, count = ends[batch] - row;
            for (; row < ends[batch]; row++)
            {
                ReadOnlySpan<float> outputs = OutputsOf(row);
                sum += _network.Loss.Row(outputs, _targets[row], gradients.Slice(row * outputs.Length, outputs.Length));
                if (_network.Loss.Classifies && _network.Loss.Predict(outputs, []) == _targets[row]) correct++;
            }
            if (!float.IsFinite((float)sum)) throw new DivergedException(step.Step, _pass.FirstNotFinite() ?? "loss", $"a loss of {sum}");
            Span<float> tail = _statistics.AsSpan(batch * StepStatistics.Length, StepStatistics.Length);
            tail[StepStatistics.LossSum] = (float)sum;
            tail[StepStatistics.Examples] = count;
            tail[StepStatistics.Correct] = correct;
            _statisticsEnds[batch] = batch + 1;
        }
        SumTrees.SumRows(_statistics, StepStatistics.Length, _statisticsEnds.AsSpan(0, ends.Length), statistics);
    }

    /// <summary>Scales every example's gradient to a norm of at most C, without forming it.</summary>
    private void Clip(ReadOnlySpan<float> parameters, float clip, in StepContext step)
    {
        Span<float> factors = _factors.AsSpan(0, _pass.Rows);
        _pass.SquaredNorms(parameters, factors);
        foreach (ref float factor in factors)
        {
            float norm = MathF.Sqrt(factor);
            if (!float.IsFinite(norm)) throw new DivergedException(step.Step, "gradient", $"an example's gradient of norm {norm}");
            factor = norm > clip ? clip / norm : 1;
        }
        _pass.ScaleRows(parameters, factors);
    }
}
