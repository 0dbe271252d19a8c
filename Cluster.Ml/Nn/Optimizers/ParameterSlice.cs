using Cluster.Ml.Learning.Ranges;

namespace Cluster.Ml.Nn.Optimizers;

/// <summary>A run of parameters of one kind, with the places of their gradient and of their optimizer state.</summary>
/// <param name="Block">How messages name what they belong to.</param>
/// <param name="IsWeights">Whether penalties are laid on them.</param>
/// <param name="Parameters">Their places among the parameters of the model.</param>
/// <param name="Gradient">Where their gradient begins in a contribution; −1 if they stay as they are.</param>
/// <param name="OptimizerState">Where they begin in each of the optimizer's vectors.</param>
/// <param name="Cells">Which piece of <see cref="GradientCells"/> counts their squares.</param>
internal readonly record struct ParameterSlice(string Block, bool IsWeights, Slice Parameters, int Gradient, int OptimizerState, int Cells)
{
    /// <summary>Whether they stay as they are.</summary>
    public bool IsFrozen => Gradient < 0;

    /// <summary>Parameters that stay as they are.</summary>
    public static ParameterSlice Frozen(string block, Slice parameters) => new(block, false, parameters, -1, 0, 0);

    /// <summary>The weights of a block, then its biases.</summary>
    /// <param name="block">How messages name it.</param>
    /// <param name="parameters">Its places among the parameters.</param>
    /// <param name="weights">How many of them are weights.</param>
    /// <param name="gradient">Where its gradient begins.</param>
    /// <param name="optimizerState">Where it begins in each of the optimizer's vectors.</param>
    /// <param name="layer">Which of the layers that are ever trained it is.</param>
    public static IEnumerable<ParameterSlice> Trained(string block, Slice parameters, int weights, int gradient, int optimizerState, int layer)
    {
        yield return new ParameterSlice(block, true, parameters with { Length = weights }, gradient, optimizerState, 2 * layer);
        yield return new ParameterSlice(
            block, false, new Slice(parameters.Start + weights, parameters.Length - weights), gradient + weights, optimizerState + weights, (2 * layer) + 1);
    }

    /// <summary>The same in pieces that end where their gradients' places are multiples of this length.</summary>
    public IEnumerable<ParameterSlice> Cut(int most)
    {
        for (int done = 0, length; done < Parameters.Length; done += length)
        {
            int place = IsFrozen ? done : Gradient + done;
            length = Math.Min(most - (place % most), Parameters.Length - done);
            yield return this with
            {
                Parameters = new Slice(Parameters.Start + done, length),
                Gradient = IsFrozen ? Gradient : place,
                OptimizerState = OptimizerState + done,
            };
        }
    }
}
