using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Nn.Generative;

/// <summary>A generator and a discriminator that learn against each other.</summary>
internal sealed class GanKind : GenerativeKind
{
    private static readonly KeySet<GenerativeOptions> s_keys = GenerativeOptions.Code().Generator().Discriminator();

    private static readonly Figure[] s_figures =
    [
        new("discriminator-loss", Better.Neither, "mean loss of telling real from false, nats"),
        new("generator-loss", Better.Neither, "mean loss of deceiving, nats"),
        new("discriminator-accuracy", Better.Neither, "share of rows told rightly; 0.5 where nothing can be told"),
    ];

    public override string Name => "gan";

    public override string Meaning => "a generator and a discriminator that learn against each other";

    internal override KeySet Options => s_keys;

    public override LearnerForm FormOf(string optimizer) => TakingTurns();

    public override IReadOnlyList<Figure> FiguresOf(ModelOptions options) => s_figures;

    internal override NetworkModel Build(JobSpec spec, DataShape shape) => new GenerativePlan(spec, shape).Adversarial();
}
