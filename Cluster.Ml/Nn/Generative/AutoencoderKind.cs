using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Nn.Generative;

/// <summary>A network that gives back what it is given, through a narrow code; with noise a denoising autoencoder.</summary>
internal sealed class AutoencoderKind : GenerativeKind
{
    private static readonly KeySet<GenerativeOptions> s_keys = GenerativeOptions.Code().Noise().Encoder().Decoder();
    private static readonly Figure[] s_figures = [Figure.Loss];

    public override string Name => "autoencoder";

    public override string Meaning => "a network that gives back what it is given, through a narrow code";

    internal override KeySet Options => s_keys;

    public override IReadOnlyList<Figure> FiguresOf(ModelOptions options) => s_figures;

    internal override NetworkModel Build(JobSpec spec, DataShape shape) => new GenerativePlan(spec, shape).Autoencoder();
}
