using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn.Optimizers;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Text.Word2Vec;

/// <summary>Vectors of words, from a text.</summary>
internal sealed class Word2VecKind : LearnerKind
{
    private const double Rate = 0.025;     // Mikolov et al., NIPS 2013
    private static readonly Figure[] s_figures = [Figure.Loss];

    public override string Name => "word2vec";

    public override string Meaning => "vectors of words, learned from the company the words keep";

    public override bool ReadsText => true;

    internal override KeySet Options => Word2VecOptions.Declared;

    internal override IReadOnlyList<string> Optimizers => [SgdOptions.Name];

    internal override OptimizerSpec DefaultOptimizer => new SgdOptions { Rate = Rate };

    public override TargetKind TargetOf(ModelOptions options) => TargetKind.None;

    public override OutputForm OutputOf(ModelOptions options) => OutputForm.Vectors;

    public override IReadOnlyList<Figure> FiguresOf(ModelOptions options) => s_figures;

    public override DataForm DataOf(ModelOptions options) => new DataForm.Passages(((Word2VecOptions)options).Window);

    public override LearnerForm FormOf(string optimizer)
    {
        string kind = $"with kind: {Name}", rows = $"{kind}, whose contributions are the few rows that a step touched";
        return LearnerForm.Gradients(Name)
            .Without(kind, "a step moves only the words that it saw; remove momentum", Capability.OptimizerState)
            .Without(kind, "a step moves only the words that it saw; remove it", Capability.Penalties)
            .Without(kind, "its rate falls in a straight line, and each window is a step; remove it", Capability.Schedule, Capability.ClipNorm, Capability.ClipValue)
            .Without(kind, "remove privacy, or choose another model or optimizer", Capability.Privacy)
            .Without(kind, "its contributions are the few rows that a step touched; remove it", Capability.Compression, Capability.Carrying)
            .Without($"{kind}, whose micro-batches take many steps of their own", "write mode: synchronous", Capability.Staleness, Capability.LocalSteps)
            .Without(rows, "write servers: 1", Capability.Servers)
            .Without(kind, "its rows are passages of a text, not numbers; remove it", Capability.Augmentation, Capability.InputGradients)
            .Without($"{kind}, which says nothing of rows: its vectors are looked up", "export npz or safetensors", Capability.Onnx);
    }

    public override ILearner Create(JobSpec spec, DataShape shape, PrivacySecret? secret) => Word2VecLearner.Create(spec, shape);
}
