namespace Cluster.Ml.Learning;

/// <summary>What a job may ask of a learner, and not every learner can do.</summary>
public enum Capability
{
    /// <summary>An update rule that the job chooses: training.optimizer.</summary>
    Optimizer,

    /// <summary>An update rule that keeps numbers from step to step.</summary>
    OptimizerState,

    /// <summary>A learning rate that changes: training.schedule.</summary>
    Schedule,

    /// <summary>A bound on the norm of a step's gradient: training.clip-norm.</summary>
    ClipNorm,

    /// <summary>A bound on each number of a step's gradient: training.clip-value.</summary>
    ClipValue,

    /// <summary>Penalties on the parameters: training.regularize.</summary>
    Penalties,

    /// <summary>Gradients of single examples that are clipped and noised: privacy.</summary>
    Privacy,

    /// <summary>Contributions in fewer bits: training.compression.</summary>
    Compression,

    /// <summary>What compression leaves out is worth something in the next step: top-k, and feedback.</summary>
    Carrying,

    /// <summary>Contributions that are applied as they come: training.mode stale.</summary>
    Staleness,

    /// <summary>States that may be averaged: training.mode local-sgd.</summary>
    LocalSteps,

    /// <summary>Parameters that several servers keep, each a range: training.servers.</summary>
    Servers,

    /// <summary>Rows that are changed at random while it learns: data.augment.</summary>
    Augmentation,

    /// <summary>Gradients with respect to a row, which white-box attacks follow.</summary>
    InputGradients,

    /// <summary>A graph of operators that says the same of a row: export --format onnx.</summary>
    Onnx,
}

/// <summary>Why a learner lacks a capability.</summary>
/// <param name="Because">Continues the value that is wanted or got: 'with kind: kmeans, which …'.</param>
/// <param name="Advice">What to do.</param>
public sealed record Refusal(string Because, string Advice);
