using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Reinforcement.QLearning;

/// <summary>A table of what each action is worth in each state.</summary>
internal sealed class QLearningKind : EpisodeKind
{
    public override string Name => "q-learning";

    public override string Meaning => "a table of what each action is worth in each state";

    internal override KeySet Options => QLearningOptions.Declared;

    internal override IReadOnlyList<string> Optimizers => [];

    internal override OptimizerSpec DefaultOptimizer => OwnSteps.Unnamed;

    public override LearnerForm FormOf(string optimizer) => LearnerForm.AllRows(Name);

    public override ILearner Create(JobSpec spec, DataShape shape, PrivacySecret? secret) => QLearner.Create(spec);
}
