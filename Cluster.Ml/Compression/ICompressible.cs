using Cluster.Ml.Learning;

namespace Cluster.Ml.Compression;

/// <summary>A learner of gradients in single precision, whose contributions may be sent in less room.</summary>
public interface ICompressible : ILearner
{
    /// <summary>How many numbers at the end of a contribution must keep every bit: no gradients, but counts and the like.</summary>
    int ExactLength => StepStatistics.Length;
}
