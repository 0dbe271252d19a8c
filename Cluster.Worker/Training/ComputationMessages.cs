using Cluster.Messages.Identifiers;
using Cluster.Ml.Numerics;

namespace Cluster.Worker.Training;

// compute pool ── PartReturned | PartFailed ──▶ Worker     for every part that was begun; never leaves the process

/// <summary>A part has been computed; if it was the last of its subtree, here is the subtree's sum.</summary>
internal sealed record PartReturned(SubtreeComputation Computation, NumericBuffer? Sum) : INoSerializationVerificationNeeded;

/// <summary>A part could not be computed.</summary>
internal sealed record PartFailed(SubtreeComputation Computation, Exception Reason) : INoSerializationVerificationNeeded;

/// <summary>No parameter server has taken the job over for as long as the options allow.</summary>
internal sealed record JobOrphaned(JobId Job) : INoSerializationVerificationNeeded;
