using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Clustering;

/// <summary>K-means clustering by Lloyd's steps.</summary>
internal sealed class KMeansKind : LearnerKind
{
    private static readonly Figure[] s_figures = [new("inertia", Better.Lower, "sum of squared distances to the nearest centroid, in scaled units")];

    public override string Name => "kmeans";

    public override string Meaning => "groups of rows about their means";

    internal override KeySet Options => KMeansOptions.Declared;

    public override TargetKind TargetOf(ModelOptions options) => TargetKind.None;

    public override OutputForm OutputOf(ModelOptions options) => OutputForm.Cluster;

    public override IReadOnlyList<Figure> FiguresOf(ModelOptions options) => s_figures;

    public override LearnerForm FormOf(string optimizer) => LearnerForm.AllRows(Name)
        .Without($"with kind: {Name}", "centroids are means, which nothing pulls to 0; remove it", Capability.Penalties).With(Capability.Onnx);

    public override ILearner Create(JobSpec spec, DataShape shape, PrivacySecret? secret) => KMeansLearner.Create(spec, shape);
}
