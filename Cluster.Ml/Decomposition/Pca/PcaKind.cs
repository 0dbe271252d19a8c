using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Decomposition.Pca;

/// <summary>Principal component analysis, in one step over all rows.</summary>
internal sealed class PcaKind : LearnerKind
{
    public override string Name => "pca";

    public override string Meaning => "the directions in which rows differ most, and each row's coordinates along them";

    internal override KeySet Options => PcaOptions.Declared;

    public override TargetKind TargetOf(ModelOptions options) => TargetKind.None;

    public override OutputForm OutputOf(ModelOptions options) => OutputForm.Coordinates;

    public override IReadOnlyList<Figure> FiguresOf(ModelOptions options) => ReconstructionSums.Figures;

    public override LearnerForm FormOf(string optimizer) => LearnerForm.AllRows(Name)
        .Without($"with kind: {Name}", "its directions have length 1, which nothing pulls to 0; remove it", Capability.Penalties).With(Capability.Onnx);

    public override ILearner Create(JobSpec spec, DataShape shape, PrivacySecret? secret) => PcaLearner.Create(spec, shape);
}
