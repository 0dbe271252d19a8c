using Cluster.Coordinator.Checkpoints;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.ParameterServer;

/// <summary>What the parameter server does next, with all that it takes to do it.</summary>
/// <remarks>Those up to <see cref="PublishAgain"/> concern the numbers, too: <see cref="RoundNumbers"/> performs that part.</remarks>
internal abstract record Decision
{
    private Decision()
    {
    }

    /// <summary>Nothing: an answer is awaited, or what came was old.</summary>
    public static Wait Waits { get; } = new();

    /// <inheritdoc cref="Waits"/>
    public sealed record Wait : Decision;

    /// <summary>The contribution is wanted: it is offered to the sum, and the state is told what became of it.</summary>
    /// <param name="Subtree">Of which micro-batches.</param>
    public sealed record Take(Subtree Subtree) : Decision;

    /// <summary>The contribution is none.</summary>
    /// <param name="Reason">Why, for a person.</param>
    public sealed record Refuse(string Reason) : Decision;

    /// <summary>The sum is complete: the step is taken with it, and the state is told what it came to.</summary>
    /// <param name="Step">Which step.</param>
    /// <param name="Tally">What the epoch came to before it.</param>
    /// <param name="EndsWindow">Whether nothing is carried beyond it.</param>
    public sealed record TakeStep(StepContext Step, StepTally Tally, bool EndsWindow) : Decision;

    /// <summary>The sums of an evaluation are complete: the state is told them.</summary>
    public sealed record Measure : Decision;

    /// <summary>The epoch before the current one is trained: that is answered.</summary>
    /// <param name="Epoch">Which.</param>
    /// <param name="Step">Steps done.</param>
    /// <param name="Tally">What it came to.</param>
    public sealed record EpochDone(int Epoch, long Step, StepTally Tally) : Decision;

    /// <summary>The state of that epoch is the best: that is answered.</summary>
    /// <param name="Epoch">Which.</param>
    /// <param name="IsNew">Whether it is still to be kept.</param>
    public sealed record BestKept(int Epoch, bool IsNew) : Decision;

    /// <summary>A round was opened: the state is published.</summary>
    /// <param name="Round">The round.</param>
    /// <param name="BeginsWindow">Whether workers carry from here on what they leave out, so that the numbers are kept to come back to.</param>
    public sealed record Publish(RoundId Round, bool BeginsWindow) : Decision;

    /// <summary>What workers carried is lost: the numbers go back to the beginning of the window, whose round was opened and is published.</summary>
    /// <param name="Round">The round.</param>
    /// <param name="WindowsRepeated">How often that has happened.</param>
    /// <param name="StepsRepeated">How many steps have been taken again for it.</param>
    public sealed record PublishAgain(RoundId Round, long WindowsRepeated, long StepsRepeated) : Decision;

    /// <summary>Micro-batches step at a pace of their own: workers that are free are given work.</summary>
    public sealed record Dispatch : Decision;

    /// <summary>The noise of the next steps must be accounted for before it is used.</summary>
    /// <param name="Steps">Up to which step.</param>
    public sealed record Reserve(long Steps) : Decision;

    /// <summary>The next step would spend more than the privacy budget: that is answered.</summary>
    /// <param name="Step">Steps done.</param>
    public sealed record Exhausted(long Step) : Decision;

    /// <summary>A split was measured: that is answered.</summary>
    /// <param name="Evaluation">What was asked, and the sums.</param>
    public sealed record SplitMeasured(SplitEvaluated Evaluation) : Decision;

    /// <summary>The best state is shown again: that is answered.</summary>
    /// <param name="Epoch">Its epoch.</param>
    public sealed record BestRestored(int Epoch) : Decision;

    /// <summary>The command is about a later epoch: where training stands is answered.</summary>
    public sealed record Behind : Decision;

    /// <summary>The command is about an earlier epoch: training goes back to a checkpoint.</summary>
    /// <param name="Step">Of this step at the latest.</param>
    public sealed record Rewind(long Step) : Decision;
}
