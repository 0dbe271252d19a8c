using Cluster.Ml.Learning;

namespace Cluster.Ml.Compression;

/// <summary>A learner whose micro-batches carry from step to step what they leave out: each <see cref="Data.MicroBatch"/> then has a residual.</summary>
public interface IFeedback
{
    /// <summary>What is carried; null for nothing.</summary>
    FeedbackPlan? Feedback { get; }

    /// <summary>What the micro-batches of a learner carry; null for nothing.</summary>
    static FeedbackPlan? Of(ILearner learner) => (learner as IFeedback)?.Feedback;
}
