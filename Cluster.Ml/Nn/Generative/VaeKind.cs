using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Nn.Generative;

/// <summary>A variational autoencoder.</summary>
internal sealed class VaeKind : GenerativeKind
{
    private static readonly KeySet<GenerativeOptions> s_keys = GenerativeOptions.Code().Encoder().Decoder();

    private static readonly Figure[] s_figures =
    [
        new("elbo", Better.Higher, "bound on the log-likelihood of a row, nats"),
        new("reconstruction", Better.Neither, "mean loss of giving a row back, nats"),
        new("kl", Better.Neither, "divergence of the codes from their prior, nats"),
    ];

    public override string Name => "vae";

    public override string Meaning => "an autoencoder whose codes are drawn, so that new rows can be";

    internal override KeySet Options => s_keys;

    public override IReadOnlyList<Figure> FiguresOf(ModelOptions options) => s_figures;

    internal override NetworkModel Build(JobSpec spec, DataShape shape) => new GenerativePlan(spec, shape).Variational();
}
