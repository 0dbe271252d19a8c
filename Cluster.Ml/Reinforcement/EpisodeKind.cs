using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Reinforcement;

/// <summary>A kind of learner that plays episodes of an environment, and reads no data.</summary>
internal abstract class EpisodeKind : LearnerKind
{
    public override TargetKind TargetOf(ModelOptions options) => TargetKind.None;

    public override OutputForm OutputOf(ModelOptions options) => OutputForm.Action;

    public override IReadOnlyList<Figure> FiguresOf(ModelOptions options) => ReturnSums.Figures;

    public override DataForm DataOf(ModelOptions options)
    {
        EpisodeOptions episodes = (EpisodeOptions)options;
        return new DataForm.Episodes(episodes.Process, episodes.ValidationEpisodes, episodes.TestEpisodes, checked(episodes.Rollouts * episodes.StepsPerRollout));
    }
}
