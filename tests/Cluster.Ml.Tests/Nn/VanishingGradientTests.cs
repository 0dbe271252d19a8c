using Cluster.Ml.Jobs;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Nn;

/// <summary>Why deep networks are built of rectifiers: what reaches the first of ten layers, relative to the last hidden one.</summary>
public class VanishingGradientTests
{
    [Fact]
    public void Through_ten_sigmoids_the_gradient_vanishes_and_through_ten_rectifiers_it_does_not()
    {
        ShareThatReachesTheFirstLayer("sigmoid").ShouldBeLessThan(1e-3);
        ShareThatReachesTheFirstLayer("relu").ShouldBeGreaterThan(0.1);
    }

    [Fact]
    public void Residual_sums_bring_the_gradient_past_sigmoids()
    {
        LayerSpec[] plain = [.. Enumerable.Repeat(new DenseOptions(32, "sigmoid"), 10)];
        LayerSpec[] residual = [plain[0], .. plain[1..].Select(layer => new SumOptions([new BranchSpec(null, []), new BranchSpec(null, [layer])]))];
        Share(residual).ShouldBeGreaterThan(100 * Share(plain));
    }

    private static double ShareThatReachesTheFirstLayer(string activation) =>
        Share([.. Enumerable.Repeat(new DenseOptions(32, activation), 10)]);

    private static double Share(LayerSpec[] layers)
    {
        NetworkLearner learner = NetworkLearner.Create(SomeNetwork.Job(layers: layers), SomeNetwork.Shape(8, 3), 0);
        NumericBuffer gradient = SomeNetwork.Contribution(
            learner, SomeNetwork.Start(learner), SomeNetwork.Batches(SomeNetwork.Shard(SomeNetwork.Rows(64, 8, 3)), 64));
        double NormOf(ParameterBlock block) => Math.Sqrt(block.GradientOf(gradient.Floats).ToArray().Sum(g => (double)g * g));
        return NormOf(learner.Model.Layout.Blocks[0]) / NormOf(learner.Model.Layout.Blocks[9]);
    }
}
