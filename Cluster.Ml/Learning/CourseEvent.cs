using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;

namespace Cluster.Ml.Learning;

/// <summary>
/// What happened to a training course. The events alone, in order, make the course again: they are what is journalled.
/// </summary>
public abstract record CourseEvent
{
    private CourseEvent()
    {
    }

    /// <summary>An epoch was trained.</summary>
    /// <param name="Epoch">From 0.</param>
    /// <param name="Loss">Mean training loss of its examples.</param>
    /// <param name="Accuracy">Share classified rightly while training; NaN if there are no classes.</param>
    /// <param name="Converged">The learner has nothing left to gain.</param>
    public sealed record EpochTrained(int Epoch, double Loss, double Accuracy, bool Converged) : CourseEvent;

    /// <summary>A split was measured.</summary>
    /// <param name="Split">Which.</param>
    /// <param name="Epoch">The epoch after which the measured state arose.</param>
    /// <param name="Metrics">The figures.</param>
    public sealed record Evaluated(SplitKind Split, int Epoch, Metrics Metrics) : CourseEvent;

    /// <summary>The state is remembered.</summary>
    /// <param name="Epoch">The epoch after which it arose.</param>
    public sealed record BestKept(int Epoch) : CourseEvent;

    /// <summary>The best state is current again.</summary>
    /// <param name="Epoch">The epoch after which it arose.</param>
    public sealed record BestRestored(int Epoch) : CourseEvent;

    /// <summary>The next step would spend more than the target epsilon.</summary>
    /// <param name="Epoch">The epoch that could not be ended.</param>
    /// <param name="StepsInEpoch">How many of its steps were done.</param>
    public sealed record PrivacyExhausted(int Epoch, long StepsInEpoch) : CourseEvent;

    /// <summary>Somebody wants the job to end here.</summary>
    public sealed record CancelRequested : CourseEvent;

    /// <summary>A cancelled job goes on.</summary>
    public sealed record Resumed : CourseEvent;

    /// <summary>The model file is on disk.</summary>
    public sealed record ModelSaved : CourseEvent;
}
