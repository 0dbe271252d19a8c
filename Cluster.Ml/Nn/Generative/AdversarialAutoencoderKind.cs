using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Nn.Generative;

/// <summary>An autoencoder whose codes a discriminator keeps to the normal distribution.</summary>
internal sealed class AdversarialAutoencoderKind : GenerativeKind
{
    private static readonly KeySet<GenerativeOptions> s_keys = GenerativeOptions.Code().Encoder().Decoder().Discriminator();

    private static readonly Figure[] s_figures =
    [
        Figure.Loss,
        new("discriminator-loss", Better.Neither, "mean loss of telling codes from the prior, nats"),
        new("generator-loss", Better.Neither, "mean loss of deceiving, nats"),
        new("discriminator-accuracy", Better.Neither, "share of codes told rightly; 0.5 where nothing can be told"),
        new("code-mean", Better.Neither, "mean of the codes; 0 where they match their prior"),
        new("code-variance", Better.Neither, "variance of the codes; 1 where they match their prior"),
    ];

    public override string Name => "adversarial-autoencoder";

    public override string Meaning => "an autoencoder whose codes a discriminator keeps to the normal distribution";

    internal override KeySet Options => s_keys;

    public override LearnerForm FormOf(string optimizer) => TakingTurns();

    public override IReadOnlyList<Figure> FiguresOf(ModelOptions options) => s_figures;

    internal override NetworkModel Build(JobSpec spec, DataShape shape) => new GenerativePlan(spec, shape).AdversarialAutoencoder();
}
