namespace Cluster.Messages.Identifiers;

/// <summary>Names one job in the whole cluster; a resumed job keeps it.</summary>
/// <param name="Value">1 to 100 characters: letters, digits, '-', '_' and '.'.</param>
public readonly record struct JobId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Names one worker node.</summary>
/// <param name="Value">The node's name and address; at most 200 characters.</param>
public readonly record struct WorkerId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Names one task of a job: a fold, a tree, a trial.</summary>
/// <param name="Job">The job.</param>
/// <param name="Index">Which of its tasks.</param>
public readonly record struct TaskId(JobId Job, int Index);

/// <summary>What a round asks of the workers.</summary>
public enum RoundPurpose : byte
{
    /// <summary>One training step.</summary>
    Train = 1,

    /// <summary>Measure the model on the training rows.</summary>
    EvaluateTraining = 2,

    /// <summary>Measure the model on the validation rows.</summary>
    EvaluateValidation = 3,

    /// <summary>Measure the model on the test rows.</summary>
    EvaluateTest = 4,

    /// <summary>One training step of only the micro-batches that a request names: each steps at its own pace.</summary>
    TrainStale = 5,
}

/// <summary>
/// One publication of the state and the gathering of what it brings. Rounds of one job are ordered by
/// (Incarnation, Ordinal); a worker computes the newest it has seen and a parameter server takes only its current one.
/// </summary>
/// <param name="Incarnation">Counts the lives of the job's parameter server; journalled, so it only grows.</param>
/// <param name="Ordinal">Counts the rounds of this life, from 0.</param>
/// <param name="Purpose">What is asked.</param>
/// <param name="Step">The training step that the state stands at.</param>
/// <param name="Epoch">The epoch, from 0.</param>
public readonly record struct RoundId(long Incarnation, long Ordinal, RoundPurpose Purpose, long Step, int Epoch)
    : IComparable<RoundId>
{
    /// <inheritdoc/>
    public int CompareTo(RoundId other) =>
        Incarnation != other.Incarnation ? Incarnation.CompareTo(other.Incarnation) : Ordinal.CompareTo(other.Ordinal);

    /// <summary>Older than.</summary>
    public static bool operator <(RoundId left, RoundId right) => left.CompareTo(right) < 0;

    /// <summary>Newer than.</summary>
    public static bool operator >(RoundId left, RoundId right) => left.CompareTo(right) > 0;

    /// <summary>Not newer than.</summary>
    public static bool operator <=(RoundId left, RoundId right) => left.CompareTo(right) <= 0;

    /// <summary>Not older than.</summary>
    public static bool operator >=(RoundId left, RoundId right) => left.CompareTo(right) >= 0;
}

/// <summary>An aligned subtree of the summation tree: micro-batches First … First + Count − 1.</summary>
/// <param name="First">A multiple of Count.</param>
/// <param name="Count">A power of two.</param>
public readonly record struct SubtreeId(int First, int Count);

/// <summary>The range of a job's parameters that a message is about, if several servers keep them.</summary>
/// <param name="Index">This one.</param>
/// <param name="Count">How many ranges there are.</param>
public readonly record struct RangeId(int Index, int Count)
{
    /// <summary>The only range of a job with one server; also of what belongs to no range.</summary>
    public static readonly RangeId Whole = new(0, 1);

    /// <summary>Whether there is no other.</summary>
    public bool IsWhole => Count == 1;

    /// <inheritdoc/>
    public override string ToString() => $"{Index + 1} of {Count}";
}
