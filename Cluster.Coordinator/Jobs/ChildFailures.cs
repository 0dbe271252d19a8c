using Cluster.Coordinator.ParameterServer;
using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.Jobs;

/// <summary>
/// What a supervisor remembers of a child that stops again and again: why, how long to wait before it is started again, and whether
/// that is pointless. It is pointless after too many stops without progress, and at once if the same step failed twice in the
/// same way, recovery between: steps are functions of the job, so it would fail a third time. What is transient counts as before, but
/// for memory: another job may give some back in a moment, not in minutes.
/// </summary>
internal sealed class ChildFailures(JobId job, string child, CoordinatorLimits limits)
{
    /// <summary>How often memory may run out.</summary>
    private const int MemoryFailuresMax = 3;

    private readonly RestartDelay _delay = new(limits);
    private Exception? _failure;
    private (long Step, string What)? _last;
    private bool _isRepeated;
    private bool _isMemory;

    /// <summary>Why it stopped, as far as is known.</summary>
    public string Reason { get; private set; } = "it stopped by itself";

    /// <summary>How often it has stopped since it last got further.</summary>
    public int Failures => _delay.Failures;

    /// <summary>Why starting it again is pointless; null if it is not.</summary>
    public string? GivenUp => _isRepeated
        ? $"job {job}, step {_last!.Value.Step}: {child} stopped with {Reason}; and again in the same way after recovery. "
            + "This is a failure of the program: report it with the log; checkpoints are kept, so that a corrected version can resume the job."
        : _isMemory && Failures >= MemoryFailuresMax ? $"job {job}: {child} {Reason}."
        : _delay.IsExhausted ? $"{child} stopped {Failures} times without a step between: {Reason}" : null;

    /// <summary>It threw this, and stops.</summary>
    public void OnFailure(Exception failure) => (_failure, Reason) = (failure, FailureCauses.Describe(failure));

    /// <summary>It has said why it stops.</summary>
    public void OnEnded(string reason) => Reason = reason;

    /// <summary>It stopped.</summary>
    /// <param name="step">How far it was, as far as is known.</param>
    /// <returns>The pause before it is started again.</returns>
    public TimeSpan OnStopped(long step)
    {
        long at = (_failure as StepFailureException)?.Step ?? step;
        _isMemory = _failure is not null && FailureCauses.RootOf(_failure) is OutOfMemoryException;
        bool isTransient = _failure is null || FailureCauses.IsTransient(_failure);
        _failure = null;
        _isRepeated = !isTransient && _last == (at, Reason);
        if (!isTransient) _last = (at, Reason);
        return _delay.Fail(Math.Max(at, step));
    }

    /// <summary>It is this far.</summary>
    public void Reached(long step)
    {
        _delay.Reached(step);
        if (step > _last?.Step) _last = null;
    }
}
