using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Text.LanguageModel;

/// <summary>A recurrent network that predicts the next token of a text.</summary>
internal sealed class LanguageModelKind : LearnerKind
{
    private static readonly Figure[] s_figures =
    [
        Figure.Loss,
        new("perplexity", Better.Lower, "e to the loss of a token: among so many tokens it could as well have guessed"),
        new("accuracy", Better.Higher, "share of tokens that were the likeliest"),
    ];

    public override string Name => "language-model";

    public override string Meaning => "a recurrent network that predicts the next token of a text";

    public override bool ReadsText => true;

    internal override KeySet Options => LanguageOptions.Declared;

    public override TargetKind TargetOf(ModelOptions options) => TargetKind.Class;

    public override OutputForm OutputOf(ModelOptions options) => OutputForm.Token;

    public override IReadOnlyList<Figure> FiguresOf(ModelOptions options) => s_figures;

    public override DataForm DataOf(ModelOptions options) => new DataForm.Windows(((LanguageOptions)options).Window);

    public override LearnerForm FormOf(string optimizer) => LearnerForm.Gradients(Name)
        .Without($"with kind: {Name}", "clip-norm bounds its gradients; remove it", Capability.ClipValue)
        .Without(
            $"with kind: {Name}, whose streams carry what they have read from window to window, beyond any bound on one window's gradient",
            "remove privacy, or train a network with a recurrent layer on rows", Capability.Privacy)
        .Without($"with kind: {Name}", "its rows are tokens, not numbers; remove it", Capability.Augmentation, Capability.InputGradients)
        .Without($"with kind: {Name}, which says nothing of single rows: it goes on with a text", "export npz or safetensors", Capability.Onnx);

    public override ILearner Create(JobSpec spec, DataShape shape, PrivacySecret? secret) => LanguageLearner.Create(spec, shape);
}
