using Cluster.Ml.Learning.Ranges;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Nn.Optimizers;

namespace Cluster.Ml.Nn;

/// <summary>One of the aims that a model's training takes turns at.</summary>
/// <param name="Name">What reports call it.</param>
/// <param name="Network">What is computed, what it costs, and which parameters it trains.</param>
/// <param name="Optimizer">How its gradient changes them.</param>
internal sealed record Objective(string Name, Network Network, Optimizer Optimizer)
{
    /// <summary>The parameters that this objective changes, each once, in the order of their places.</summary>
    public ParameterBlock[] Trained { get; } =
        [.. Network.Nodes.Where(node => node.Trained).Select(node => node.Block!).Distinct().OrderBy(block => block.Offset)];

    /// <summary>How many parameters that are.</summary>
    public int TrainedCount { get; } = Network.Nodes.Where(node => node.Trained).Select(node => node.Block!).Distinct().Sum(block => block.Count);
}

/// <summary>A model as it is described once and shared by all threads.</summary>
/// <param name="Layout">Where the parameters are.</param>
/// <param name="Objectives">What training takes turns at: step t follows objective t mod count.</param>
/// <param name="Asked">What evaluation and prediction run.</param>
/// <param name="Quality">What evaluation counts.</param>
internal sealed record NetworkModel(ParameterLayout Layout, IReadOnlyList<Objective> Objectives, Network Asked, Quality Quality)
{
    /// <summary>From a code that is drawn from the standard normal distribution to a row; null if the model makes none.</summary>
    public Network? Generator { get; init; }

    /// <summary>Whether the generator's outputs are logits of numbers in [0, 1].</summary>
    public bool GeneratesLogits { get; init; }

    /// <summary>The same as the steps of its optimizers see it.</summary>
    /// <param name="keepsNorms">Whether the norms of gradients are kept for reports.</param>
    /// <param name="carried">Numbers behind the parameters.</param>
    public StepLayout LayOutSteps(bool keepsNorms, int carried = 0) => new(
        [.. Layout.Blocks.Select(block => new StepBlock(block.Name, new Slice(block.Offset, block.Count), block.WeightCount, block.GradientOffset))],
        Objectives.Select(objective => (objective.Optimizer, (IReadOnlyList<bool>)[.. Layout.Blocks.Select(block => objective.Trained.Contains(block))])),
        NormRule.Blocks, keepsNorms, carried);

    /// <summary>Units that randomness decides on, of the network that has most.</summary>
    public int RandomPerRow => Math.Max(Asked.RandomPerRow, Objectives.Max(objective => objective.Network.RandomPerRow));
}
