using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Nn.Generative;

/// <summary>A kind of learner that learns the rows themselves.</summary>
internal abstract class GenerativeKind : NetworkKind
{
    public override TargetKind TargetOf(ModelOptions options) => TargetKind.None;

    public override OutputForm OutputOf(ModelOptions options) => OutputForm.Row;

    /// <summary>The form of a model whose objectives take turns step by step.</summary>
    protected LearnerForm TakingTurns() => LearnerForm.Gradients(Name).Without(
        $"with kind: {Name}, whose objectives take turns step by step", "write mode: synchronous", Capability.Staleness, Capability.LocalSteps)
        .Without($"with kind: {Name}, whose objectives take turns step by step", "write compression: fp16", Capability.Carrying);
}
