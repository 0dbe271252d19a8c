using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Reinforcement.PolicyGradient;

/// <summary>A kind of policy that follows gradients.</summary>
internal abstract class PolicyKind : EpisodeKind
{
    public override LearnerForm FormOf(string optimizer)
    {
        string kind = $"with kind: {Name}";
        return LearnerForm.Gradients(Name)
            .Without(kind, "it has no training rows to protect; remove privacy", Capability.Privacy)
            .Without($"{kind}, whose steps learn from what one policy played", "write mode: synchronous", Capability.Staleness, Capability.LocalSteps)
            .Without(kind, "its rows are episodes; remove it", Capability.Augmentation, Capability.InputGradients)
            .Without($"{kind}, whose actions no operators were written for", "export npz or safetensors", Capability.Onnx);
    }

    public override ILearner Create(JobSpec spec, DataShape shape, PrivacySecret? secret) => PolicyLearner.Create(spec);
}
