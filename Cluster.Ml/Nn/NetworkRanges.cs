using Cluster.Ml.Learning.Ranges;
using Cluster.Ml.Nn.Graph;

namespace Cluster.Ml.Nn;

/// <summary>How the parameters of a network are cut into ranges, by the places of their gradients.</summary>
/// <remarks>
/// Range  parameters that are frozen for good go with those before them, and the first ones with the first range
/// </remarks>
internal sealed class NetworkRanges(NetworkModel model, GradientCells cells)
{
    /// <summary>Cuts the model into at most so many ranges.</summary>
    public ParameterRange[] Cut(int servers)
    {
        Slice[] sums = RangeGrid.Cut(model.Layout.GradientCount, servers);
        ParameterRange[] ranges = new ParameterRange[sums.Length];
        for (int i = 0, start = 0; i < sums.Length; i++)
        {
            int end = i + 1 < sums.Length ? ParameterAt(sums[i].End) : model.Layout.ParameterCount;
            ranges[i] = new ParameterRange(i, sums.Length, new Slice(start, end - start), sums[i], StateOf(sums[i]));
            start = end;
        }
        return ranges;
    }

    /// <summary>How many parameters that an objective trains have their gradient before this place.</summary>
    public static int TrainedBefore(Objective objective, int gradient)
    {
        int before = 0;
        foreach (ParameterBlock block in objective.Trained) before += Math.Clamp(gradient - block.GradientOffset, 0, block.Count);
        return before;
    }

    private int ParameterAt(int gradient)
    {
        foreach (ParameterBlock block in model.Layout.Blocks)
            if (!block.Frozen && gradient < block.GradientOffset + block.Count) return block.Offset + gradient - block.GradientOffset;
        return model.Layout.ParameterCount;
    }

    /// <summary>A slice of each vector of each objective's optimizer, and of the cells.</summary>
    private List<Slice> StateOf(Slice sum)
    {
        List<Slice> optimizerState = [];
        int start = 0;
        foreach (Objective objective in model.Objectives)
        {
            int first = TrainedBefore(objective, sum.Start), length = TrainedBefore(objective, sum.End) - first;
            for (int vector = 0; vector < objective.Optimizer.OptimizerStatePerParameter; vector++)
            {
                optimizerState.Add(new Slice(start + first, length));
                start += objective.TrainedCount;
            }
        }
        optimizerState.Add(cells.Of(sum, start));
        return optimizerState;
    }
}
