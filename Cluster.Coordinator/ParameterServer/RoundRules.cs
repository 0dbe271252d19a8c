using Cluster.Messages.Identifiers;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Learning.Ranges;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.ParameterServer;

/// <summary>Makes what gathers the contributions of rounds.</summary>
/// <param name="microBatches">How many there are.</param>
/// <param name="combine">Merges the right contribution into the left one.</param>
/// <param name="release">Takes back a buffer that is no longer needed.</param>
internal delegate IContributionSum MakeSum(int microBatches, Action<NumericBuffer, NumericBuffer> combine, Action<NumericBuffer> release);

/// <summary>Makes what places the ranges of a job's parameters on workers.</summary>
/// <param name="job">The job.</param>
/// <param name="ranges">Its ranges.</param>
/// <param name="store">What they are filled with, and collected into.</param>
/// <param name="meter">Counts what they cost.</param>
/// <param name="pacer">When they are asked again.</param>
internal delegate RangeHosting MakeRangeHosting(
    JobId job, IReadOnlyList<ParameterRange> ranges, ParameterStore store, ExchangeMeter meter, RetrySchedule pacer);

/// <summary>
/// The rules on which the same model through any failure rests: how contributions are summed, when they are asked for again, whose are
/// taken where something is carried, and what becomes of a range whose server is lost. Given from outside, so that a simulation can show that it notices when one of them is wrong.
/// </summary>
internal sealed record RoundRules
{
    /// <summary>The rules as they are meant.</summary>
    public static RoundRules Default { get; } = new();

    /// <summary>How contributions are summed. Default: in the fixed binary tree, duplicates dropped.</summary>
    public MakeSum Sum { get; init; } = static (microBatches, combine, release) => new SumTree(microBatches, combine, release);

    /// <summary>When they are asked for again.</summary>
    public Func<RetrySchedule> Pacer { get; init; } = static () => new RetrySchedule();

    /// <summary>Who carries what micro-batches have left out, of how many. Default: whose answers were taken at the beginning of the window.</summary>
    public Func<int, ResidualCarriers> Carriers { get; init; } = static microBatches => new ResidualCarriers(microBatches);

    /// <summary>What places ranges. Default: with a server that is lost the life of the parameter server ends.</summary>
    public MakeRangeHosting Ranges { get; init; } =
        static (job, ranges, store, meter, pacer) => new RangeHosting(job, ranges, store, meter, pacer);
}
