using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.ParameterServer;

// What a parameter server writes into its journal. The numbers themselves are in checkpoints.

/// <summary>A life of the parameter server begins. Rounds are ordered by it, so that no answer to an older life counts.</summary>
/// <param name="Job">The job.</param>
/// <param name="Incarnation">From 1.</param>
internal sealed record ParameterServerStarted(JobId Job, long Incarnation);

/// <summary>The noise of the steps before this one is accounted for; written before any of it is used.</summary>
/// <param name="Job">The job.</param>
/// <param name="Steps">Steps counted from the start of training.</param>
internal sealed record NoiseReserved(JobId Job, long Steps);
