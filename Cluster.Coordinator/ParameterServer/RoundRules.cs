using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.ParameterServer;

/// <summary>Makes what gathers the contributions of rounds.</summary>
/// <param name="microBatches">How many there are.</param>
/// <param name="combine">Merges the right contribution into the left one.</param>
/// <param name="release">Takes back a buffer that is no longer needed.</param>
internal delegate IContributionSum MakeSum(int microBatches, Action<NumericBuffer, NumericBuffer> combine, Action<NumericBuffer> release);

/// <summary>
/// The two rules on which the same model through any fault rests: how contributions are summed, and when they are asked for
/// again. Given from outside, so that a simulation can show that it notices when one of them is wrong.
/// </summary>
internal sealed record RoundRules
{
    /// <summary>The rules as they are meant.</summary>
    public static RoundRules Default { get; } = new();

    /// <summary>How contributions are summed. Default: in the fixed binary tree, duplicates dropped.</summary>
    public MakeSum Sum { get; init; } = static (microBatches, combine, release) => new SumTree(microBatches, combine, release);

    /// <summary>When they are asked for again.</summary>
    public Func<RoundPacer> Pacer { get; init; } = static () => new RoundPacer();
}
