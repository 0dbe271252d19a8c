using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.Checkpoints;

/// <summary>All that training needs to go on exactly where it stood.</summary>
/// <param name="Header">Where it stood.</param>
/// <param name="State">The model.</param>
/// <param name="OptimizerState">What only the parameter server keeps, such as an optimizer's moments.</param>
/// <param name="Best">The best state, or null if none is kept.</param>
internal sealed record Checkpoint(CheckpointHeader Header, NumericBuffer State, NumericBuffer OptimizerState, NumericBuffer? Best);

/// <summary>What was found in a run directory.</summary>
/// <param name="Newest">The newest sound checkpoint, or null if there is none.</param>
/// <param name="Warnings">One sentence for each file that had to be passed over.</param>
internal sealed record CheckpointsFound(Checkpoint? Newest, ImmutableArray<string> Warnings);
