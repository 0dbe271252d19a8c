using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Reinforcement.PolicyGradient;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Reinforcement.PolicyGradient;

public sealed class PolicyLearnerTests
{
    private static readonly string[] s_alike = ["model.lambda=0.9", "model.normalize=false", "model.entropy=0.01", "training.batch=8"];

    [Theory]
    [InlineData("cartpole-reinforce")]
    [InlineData("cartpole-ppo")]
    public void The_example_balances_the_pole_in_a_hundred_fresh_episodes(string name)
    {
        JobSpec job = JobOf(name);

        TrainedModel model = SequentialTrainer.Train(job, PreparedData.Load(job, NumberKind.Float32));

        model.Test["mean-return"]!.Value.ShouldBeGreaterThanOrEqualTo(475);
        model.Test["mean-steps"].ShouldBe(model.Test["mean-return"]);
    }

    // The roll-out is that of the copy, which stays: so the loss is a function of the parameters alone.
    [Theory]
    [InlineData("model.entropy=0")]
    [InlineData("model.entropy=0.5", "model.clip=0.001")]
    [InlineData("model.normalize=false", "model.lambda=1")]
    public void The_gradient_agrees_with_finite_differences_of_the_loss(params string[] settings)
    {
        JobSpec job = JobOf("cartpole-ppo", ["model.passes=2", "model.mini-batches=1", "training.batch=8", "training.micro-batches=1", .. settings]);
        (PolicyLearner learner, PreparedData data, NumericBuffer state) = Begun(job);
        int parameters = learner.Model.Layout.ParameterCount;
        for (int i = 0; i < parameters; i++) state.Floats[i] += 0.05f * MathF.Sin(i);            // away from the policy that plays
        float[] gradient = Contributed(learner, job, data, state, 1).Floats[..parameters].ToArray();
        double norm = Math.Sqrt(gradient.Sum(number => (double)number * number));

        const float step = 2e-3f;
        double above = LossAt(step), below = LossAt(-step);

        norm.ShouldBeGreaterThan(1);
        ((above - below) / (2 * step)).ShouldBe(norm, 0.01 * norm);

        double LossAt(float distance)
        {
            NumericBuffer moved = new(NumberKind.Float32, state.Length);
            moved.CopyFrom(state);
            for (int i = 0; i < parameters; i++) moved.Floats[i] += (float)(distance * gradient[i] / norm);
            NumericBuffer sum = Contributed(learner, job, data, moved, 1);
            return sum.Floats[learner.ContributionLength - StepStatistics.Length + StepStatistics.LossSum];
        }
    }

    [Fact]
    public void The_first_step_of_a_batch_is_that_of_reinforce()
    {
        JobSpec once = JobOf("cartpole-reinforce", s_alike), clipped = JobOf("cartpole-ppo", [.. s_alike, "model.passes=1", "model.mini-batches=1", "model.rollouts=10"]);
        (PolicyLearner first, PreparedData data, NumericBuffer state) = Begun(once);
        (PolicyLearner second, PreparedData same, NumericBuffer equal) = Begun(clipped);
        equal.Bytes.ToArray().ShouldBe(state.Bytes.ToArray());

        float[] wanted = Contributed(first, once, data, state, 0).Floats.ToArray(), got = Contributed(second, clipped, same, equal, 0).Floats.ToArray();

        float largest = wanted[..^StepStatistics.Length].Max(MathF.Abs);
        for (int i = 0; i < wanted.Length - StepStatistics.Length; i++) got[i].ShouldBe(wanted[i], 1e-5f * largest);
        got[^2].ShouldBe(wanted[^2]);
    }

    [Fact]
    public void A_worker_that_has_not_played_contributes_the_same_bytes_as_one_that_remembers()
    {
        JobSpec job = JobOf("cartpole-ppo", "training.batch=8");
        (PolicyLearner remembers, PreparedData data, NumericBuffer state) = Begun(job);
        NumericBuffer optimizerState = new(NumberKind.Float32, remembers.OptimizerStateLength);
        for (long step = 0; step < 7; step++)
            remembers.Update(state, optimizerState, Contributed(remembers, job, data, state, step), At(job, step));

        byte[] wanted = Contributed(remembers, job, data, state, 7).Bytes.ToArray();

        Contributed(PolicyLearner.Create(job), job, data, state, 7).Bytes.ToArray().ShouldBe(wanted);
    }

    [Fact]
    public void The_copy_is_that_of_the_roll_outs_beginning_until_the_next_one()
    {
        JobSpec job = JobOf("cartpole-ppo", "training.batch=8", "model.passes=1", "model.mini-batches=3");
        (PolicyLearner learner, PreparedData data, NumericBuffer state) = Begun(job);
        NumericBuffer optimizerState = new(NumberKind.Float32, learner.OptimizerStateLength);
        int parameters = learner.Model.Layout.ParameterCount;
        List<float[]> before = [], copies = [];
        for (long step = 0; step < 5; step++)
        {
            before.Add(state.Floats[..parameters].ToArray());
            learner.Update(state, optimizerState, Contributed(learner, job, data, state, step), At(job, step));
            copies.Add(state.Floats[parameters..].ToArray());
        }

        foreach (int step in new[] { 0, 1, 2 }) copies[step].ShouldBe(before[0]);
        foreach (int step in new[] { 3, 4 }) copies[step].ShouldBe(before[3]);
        before[3].ShouldNotBe(before[0]);
    }

    [Fact]
    public void Parts_of_a_pass_are_all_moments_each_once()
    {
        JobSpec job = JobOf("cartpole-ppo", "training.batch=8", "model.passes=2", "model.mini-batches=4"), whole = JobOf("cartpole-ppo", "training.batch=8", "model.passes=8", "model.mini-batches=1");
        (PolicyLearner learner, PreparedData data, NumericBuffer state) = Begun(job);
        (PolicyLearner other, _, _) = Begun(whole);

        double[] parts = [.. Enumerable.Range(0, 4).Select(turn => Examples(learner, job, turn))];

        parts.Sum().ShouldBe(Examples(other, whole, 0));
        parts.ShouldAllBe(part => part > 0);

        double Examples(PolicyLearner asked, JobSpec spec, long step) =>
            Contributed(asked, spec, data, state, step).Floats[asked.ContributionLength - StepStatistics.Length + StepStatistics.Examples];
    }

    [Theory]
    [InlineData("beside a model that plays episodes of an environment", "data={ source: a.csv }")]
    [InlineData("set model.validation-episodes above 0", "model.validation-episodes=0")]
    [InlineData("with kind: ppo, whose steps learn from what one policy played", "training.mode=stale")]
    [InlineData("privacy only where single examples' gradients are clipped", "privacy={ target-epsilon: 1 }")]
    public void What_does_not_go_with_episodes_is_refused_in_words(string words, string setting) =>
        Should.Throw<BadInputException>(() => JobOf("cartpole-ppo", setting)).Message.ShouldContain(words);

    [Fact]
    public void Episodes_cannot_be_dealt_to_folds()
    {
        JobSpec job = JobOf("cartpole-ppo");

        Should.Throw<BadInputException>(() => PreparedData.LoadFold(job, NumberKind.Float32, 0, 3)).Message.ShouldContain("wanted rows that can be dealt to folds, got episodes");
    }

    [Fact]
    public void Rows_are_the_states_that_measured_episodes_begin_in_and_splits_share_none()
    {
        PreparedData data = PreparedData.Load(JobOf("cartpole-ppo", "model.validation-episodes=3", "model.test-episodes=5"), NumberKind.Float32);

        (data.Training.Count, data.Validation.Count, data.Test.Count).ShouldBe((16, 3, 5));
        data.Preprocessing.FeatureNames.ShouldBe(["place", "speed", "angle", "angular_speed"]);
        Enumerable.Range(0, 24).Select(row => string.Join(' ', data.Training.Table.FloatsOf(row).ToArray())).ShouldBeUnique();
    }

    private static (PolicyLearner Learner, PreparedData Data, NumericBuffer State) Begun(JobSpec job)
    {
        PolicyLearner learner = PolicyLearner.Create(job);
        NumericBuffer state = new(NumberKind.Float32, learner.StateLength);
        learner.Initialize(state, new NumericBuffer(NumberKind.Float32, learner.OptimizerStateLength));
        return (learner, PreparedData.Load(job, NumberKind.Float32), state);
    }

    private static NumericBuffer Contributed(PolicyLearner learner, JobSpec job, PreparedData data, NumericBuffer state, long step)
    {
        int shards = job.Training.MicroBatches;
        BatchPlan plan = BatchPlan.For(job, data.Shape.TrainingExamples, learner.FullBatch);
        StepContext context = At(job, step);
        MicroBatch[] batches = [.. Enumerable.Range(0, shards).Select(shard => plan.CreateSampler(data.Shard(shard, shards)).MicroBatch(context.Epoch, context.StepInEpoch))];
        NumericBuffer sum = new(NumberKind.Float32, learner.ContributionLength);
        learner.CreateContributor().Contribute(state, batches, sum, context);
        return sum;
    }

    private static StepContext At(JobSpec job, long step)
    {
        long perEpoch = BatchPlan.For(job, job.Training.Batch, fullBatch: false).StepsPerEpoch;
        return new StepContext(step, (int)(step / perEpoch), perEpoch);
    }

    private static JobSpec JobOf(string job, params string[] settings) => JobFile.Read(RepositoryFiles.Path("deploy", "jobs", $"{job}.yaml"), settings);
}
