using Cluster.Ml.Learning;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Nn.Losses;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn;

/// <summary>Takes the costs of all heads and their gradients; the statistics of each micro-batch are added up as its gradient will be.</summary>
internal sealed class StepLoss
{
    private float[] _statistics = [];
    private int[] _ends = [];

    /// <summary>The sum that was not finite, after <see cref="Take"/> has said no.</summary>
    public double NotFinite { get; private set; }

    /// <summary>Fills the gradients of the heads and the step's statistics.</summary>
    /// <param name="network">The network that the rows have passed through.</param>
    /// <param name="pass">Its buffers.</param>
    /// <param name="rows">Where each row's target is.</param>
    /// <param name="ends">[micro-batches]: the row before which each ends.</param>
    /// <param name="statistics">[StepStatistics.Length], overwritten.</param>
    /// <remarks>Rows without a target cost what their heads say, but count neither as examples nor as right or wrong.</remarks>
    /// <returns>Whether all losses are finite.</returns>
    public bool Take(Network network, NetworkPass pass, ReadOnlySpan<MicroBatchRow> rows, ReadOnlySpan<int> ends, Span<float> statistics)
    {
        if (_statistics.Length < ends.Length * StepStatistics.Length)
        {
            _statistics = new float[ends.Length * StepStatistics.Length];
            _ends = [.. Enumerable.Range(1, ends.Length)];
        }
        int row = 0;
        for (int batch = 0; batch < ends.Length; batch++)
        {
            double sum = 0;
            int correct = 0, count = 0;
            for (; row < ends[batch]; row++)
            {
                Target target = rows[row].Target;
                if (target.IsKnown) count++;
                foreach (Head head in network.Heads) sum += TakeRow(head, pass, row, target, ref correct);
            }
            if (!float.IsFinite((float)sum))
            {
                NotFinite = sum;
                return false;
            }
            Span<float> tail = _statistics.AsSpan(batch * StepStatistics.Length, StepStatistics.Length);
            tail[StepStatistics.LossSum] = (float)sum;
            tail[StepStatistics.Examples] = count;
            tail[StepStatistics.Correct] = correct;
        }
        SegmentedSum.SumRows(_statistics, StepStatistics.Length, _ends.AsSpan(0, ends.Length), statistics);
        return true;
    }

    private static double TakeRow(Head head, NetworkPass pass, int row, in Target target, ref int correct)
    {
        ReadOnlySpan<float> outputs = pass.OutputOf(head, row);
        Span<float> gradients = pass.OutputGradientOf(head), gradient = gradients.IsEmpty ? default : gradients.Slice(row * outputs.Length, outputs.Length);
        double loss = head.Loss.Row(outputs, target, gradient);
        if (head.Weight != 1) Reductions.Scale(gradient, head.Weight);
        if (head.Loss.Classifies && head.Loss.Predict(outputs, []) == target.Value) correct++;
        return head.Weight * loss;
    }
}
