using Cluster.Ml.Aggregation;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Numerics;
using Cluster.Ml.Tests.Privacy;

namespace Cluster.Ml.Tests.Nn;

public class NetworkContributorTests
{
    private static readonly LayerSpec[] WithDropout =
        [new DropoutOptions(0.2), new DenseOptions(40, "relu"), new DropoutOptions(0.5), new DenseOptions(13, "sigmoid")];

    [Theory]
    [InlineData("mlp", 3, false)]
    [InlineData("mlp", 3, true)]
    [InlineData("mlp", 0, false)]
    [InlineData("softmax", 4, true)]
    [InlineData("logistic", 2, false)]
    public void A_subtree_gives_the_bits_of_its_single_micro_batches_combined(string kind, int classes, bool isPrivate)
    {
        PrivacySpec? privacy = isPrivate ? new PrivacySpec(0.5, 1, 1e-5, null) : null;
        NetworkLearner learner = NetworkLearner.Create(SomeNetwork.Job(kind, WithDropout, privacy: privacy), SomeNetwork.Shape(19, classes), isPrivate ? 1 : 0);
        NumericBuffer state = SomeNetwork.Start(learner, 0.1);
        MicroBatch[] batches = SomeNetwork.Batches(SomeNetwork.Shard(SomeNetwork.Rows(100, 19, classes)), 16, 0, 1, 17, 3, 0, 0, 29);

        Dictionary<Subtree, NumericBuffer> combined = [];
        for (int count = 1; count <= 8; count *= 2)
            for (int first = 0; first < 8; first += count)
            {
                NumericBuffer all = SomeNetwork.Contribution(learner, state, batches.AsSpan(first, count));
                if (count > 1)
                {
                    NumericBuffer left = combined[new Subtree(first, count / 2)];
                    ((ILearner)learner).Combine(left, combined[new Subtree(first + (count / 2), count / 2)]);
                    SomeNetwork.Bits(all.Floats).ShouldBe(SomeNetwork.Bits(left.Floats), $"{first}+{count}");
                }
                combined[new Subtree(first, count)] = all;
            }

        combined[new Subtree(0, 8)].Floats[learner.StateLength + StepStatistics.Examples].ShouldBe(66);
    }

    [Fact]
    public void Nothing_contributes_nothing()
    {
        NetworkLearner learner = NetworkLearner.Create(SomeNetwork.Job(), SomeNetwork.Shape(4, 3), 0);
        MicroBatch[] batches = SomeNetwork.Batches(SomeNetwork.Shard(SomeNetwork.Rows(10, 4, 3)), 0, 0);
        SomeNetwork.Contribution(learner, SomeNetwork.Start(learner), batches).Floats.ToArray().ShouldAllBe(x => x == 0);
    }

    [Fact]
    public void A_contributor_that_has_grown_allocates_nothing()
    {
        NetworkLearner learner = NetworkLearner.Create(SomeNetwork.Job(layers: WithDropout, privacy: new PrivacySpec(1, 1, 1e-5, null)), SomeNetwork.Shape(19, 3), 1, SomeSecret.One);
        NumericBuffer state = SomeNetwork.Start(learner), contribution = new(NumberKind.Float32, learner.ContributionLength);
        NumericBuffer optimizerState = new(NumberKind.Float32, learner.OptimizerStateLength);
        MicroBatch[] batches = SomeNetwork.Batches(SomeNetwork.Shard(SomeNetwork.Rows(100, 19, 3)), 16, 0, 1, 17);
        MicroBatch[] smaller = SomeNetwork.Batches(SomeNetwork.Shard(SomeNetwork.Rows(100, 19, 3)), 3, 4);
        IContributor contributor = learner.CreateContributor();
        void Step(MicroBatch[] subtree)
        {
            contributor.Contribute(state, subtree, contribution, SomeNetwork.FirstStep);
            learner.Update(state, optimizerState, contribution, SomeNetwork.FirstStep);
        }
        Allocations.Least(() =>
        {
            Step(smaller);
            Step(batches);
        }, inARow: 10).ShouldBe(0);
    }

    [Fact]
    public void A_mask_depends_on_the_example_and_the_step_but_not_on_its_neighbours()
    {
        NetworkLearner learner = NetworkLearner.Create(SomeNetwork.Job(layers: WithDropout), SomeNetwork.Shape(19, 3), 0);
        NumericBuffer state = SomeNetwork.Start(learner);
        TrainingShard shard = SomeNetwork.Shard(SomeNetwork.Rows(10, 19, 3));
        NumericBuffer alone = SomeNetwork.Contribution(learner, state, [new MicroBatch(shard, new[] { 6 })]);
        NumericBuffer third = SomeNetwork.Contribution(learner, state, [new MicroBatch(shard, new[] { 1, 2 }), new MicroBatch(shard, new[] { 6 })]);
        NumericBuffer first = SomeNetwork.Contribution(learner, state, [new MicroBatch(shard, new[] { 1, 2 })]);
        NumericBuffer later = SomeNetwork.Contribution(learner, state, [new MicroBatch(shard, new[] { 6 })], new StepContext(1, 0, 9));

        first.Add(alone);
        SomeNetwork.Bits(third.Floats).ShouldBe(SomeNetwork.Bits(first.Floats));
        later.Floats.ToArray().ShouldNotBe(alone.Floats.ToArray());
    }

    [Fact]
    public void Exchanging_classes_exchanges_their_gradients()
    {
        NetworkLearner learner = NetworkLearner.Create(SomeNetwork.Job("softmax"), SomeNetwork.Shape(6, 3), 0);
        RowTable rows = SomeNetwork.Rows(20, 6, 3);
        RowTable turned = new(rows.Features, 6, [.. rows.Targets.Select(t => (t + 1) % 3)]);
        NumericBuffer state = SomeNetwork.Start(learner);                        // all zero: no class is special
        float[] g = SomeNetwork.Contribution(learner, state, SomeNetwork.Batches(SomeNetwork.Shard(rows), 20)).Floats.ToArray();
        float[] h = SomeNetwork.Contribution(learner, state, SomeNetwork.Batches(SomeNetwork.Shard(turned), 20)).Floats.ToArray();

        for (int i = 0; i < 7; i++)
            for (int c = 0; c < 3; c++)
                h[(i * 3) + ((c + 1) % 3)].ShouldBe(g[(i * 3) + c]);
    }

    [Theory]
    [InlineData("layer 2 (dense 5)", 35)]
    [InlineData("layer 1 (dense 7)", 3)]
    public void A_loss_that_is_not_finite_names_the_step_and_the_first_such_layer(string layer, int parameter)
    {
        NetworkLearner learner = NetworkLearner.Create(SomeNetwork.Job(), SomeNetwork.Shape(4, 3), 0);
        NumericBuffer state = SomeNetwork.Start(learner);
        state.Floats[parameter] = float.NaN;
        MicroBatch[] batches = SomeNetwork.Batches(SomeNetwork.Shard(SomeNetwork.Rows(10, 4, 3)), 5, 5);

        DivergedException diverged = Should.Throw<DivergedException>(() => SomeNetwork.Contribution(learner, state, batches, new StepContext(17, 1, 10)));
        diverged.Step.ShouldBe(17);
        diverged.Layer.ShouldBe(layer);
        diverged.Message.ShouldContain("NaN");
    }

    [Fact]
    public void An_input_that_is_not_finite_is_named()
    {
        NetworkLearner learner = NetworkLearner.Create(SomeNetwork.Job(), SomeNetwork.Shape(4, 3), 0);
        RowTable rows = SomeNetwork.Rows(10, 4, 3);
        rows.Features.Floats[9] = float.PositiveInfinity;
        rows.Features.Floats[10] = float.NegativeInfinity;
        Should.Throw<DivergedException>(() => SomeNetwork.Contribution(learner, SomeNetwork.Start(learner), SomeNetwork.Batches(SomeNetwork.Shard(rows), 10)))
            .Layer.ShouldBe("input");
    }

    [Fact]
    public void Subtrees_that_are_not_powers_of_two_are_refused()
    {
        NetworkLearner learner = NetworkLearner.Create(SomeNetwork.Job(), SomeNetwork.Shape(4, 3), 0);
        MicroBatch[] batches = SomeNetwork.Batches(SomeNetwork.Shard(SomeNetwork.Rows(10, 4, 3)), 1, 1, 1);
        Should.Throw<ArgumentException>(() => SomeNetwork.Contribution(learner, SomeNetwork.Start(learner), batches)).Message.ShouldContain("got 3");
    }
}
