using Cluster.Ml.Data;

namespace Cluster.Ml.Learning;

/// <summary>What a training course asks to be done next. Doing it twice does no harm: the answer is the same.</summary>
public abstract record CourseAction
{
    private CourseAction()
    {
    }

    /// <summary>Train one epoch from the state after the one before.</summary>
    /// <param name="Epoch">From 0.</param>
    public sealed record TrainEpoch(int Epoch) : CourseAction;

    /// <summary>Measure the current state on a split.</summary>
    /// <param name="Split">Which.</param>
    /// <param name="Epoch">The epoch after which the state arose.</param>
    public sealed record Evaluate(SplitKind Split, int Epoch) : CourseAction;

    /// <summary>Remember the current state as the best so far.</summary>
    /// <param name="Epoch">The epoch after which it arose.</param>
    public sealed record KeepBest(int Epoch) : CourseAction;

    /// <summary>Put the best state in the place of the current one.</summary>
    /// <param name="Epoch">The epoch after which it arose.</param>
    public sealed record RestoreBest(int Epoch) : CourseAction;

    /// <summary>Write the model file.</summary>
    public sealed record SaveModel : CourseAction;

    /// <summary>Nothing is left to do.</summary>
    /// <param name="Status">How the course ended.</param>
    public sealed record Finish(CourseStatus Status) : CourseAction;
}

/// <summary>How a training course ended.</summary>
public enum CourseStatus
{
    /// <summary>All epochs were trained, or the learner converged.</summary>
    Completed,

    /// <summary>The validation loss no longer fell, or the privacy budget was spent.</summary>
    StoppedEarly,

    /// <summary>Somebody asked for it; a resumed job goes on from here.</summary>
    Cancelled,
}
