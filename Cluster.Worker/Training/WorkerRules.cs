using Cluster.Messages.Identifiers;
using Cluster.Ml.Compression;

namespace Cluster.Worker.Training;

/// <summary>
/// The rules of a worker on which the same model through any failure rests: what it carries from step to step, and what counts for a range
/// that it keeps. Given from outside, so that a simulation can show that it notices when one of them is wrong.
/// </summary>
internal sealed record WorkerRules
{
    /// <summary>The rules as they are meant.</summary>
    public static WorkerRules Default { get; } = new();

    /// <summary>Makes room for what a micro-batch carries.</summary>
    public Func<FeedbackPlan, Residual> Residual { get; init; } = static plan => plan.CreateResidual();

    /// <summary>Whether a range's server adds what came for one round while another is open. Default: of the open round alone.</summary>
    public Func<RoundId, RoundId, bool> Counts { get; init; } = static (round, open) => round == open;
}
