using Cluster.Ml.Custom;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn.Layers;

namespace Cluster.Ml.Tests.Custom;

/// <summary>What programs may add, and when. That it trains through a cluster is shown by the programs of docs/programs.</summary>
public sealed class CustomPartsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("Swish")]
    [InlineData("2swish")]
    [InlineData("swish layer")]
    [InlineData("dense")]
    public void A_name_that_is_none_or_taken_is_refused(string name) =>
        Should.Throw<ArgumentException>(() => AddLayer(name)).Message.ShouldContain($"got '{name}'");

    [Fact]
    public void A_loss_cannot_have_the_name_of_a_learner() =>
        Should.Throw<ArgumentException>(() => CustomParts.AddLoss("mlp", "a network", new SquaredLoss())).Message.ShouldContain("no learner has");

    [Fact]
    public void After_the_registries_were_read_nothing_is_added()
    {
        (LayerRegistry.Names.Count, LearnerRegistry.Names.Count).ShouldBe((LayerRegistry.All.Count, LearnerRegistry.All.Count));

        Should.Throw<InvalidOperationException>(() => AddLayer("swish")).Message.ShouldContain("before the first job is read");
        Should.Throw<InvalidOperationException>(() => CustomParts.AddLoss("huber", "a network", new SquaredLoss()));
    }

    private static void AddLayer(string name) => CustomParts.AddLayer(name, "How steep it is.", NumberRange.Positive, (inputs, _) => new ProductLayer(inputs));

    private sealed class SquaredLoss : CustomLoss
    {
        public override double Of(double output, double target) => (output - target) * (output - target);

        public override double Gradient(double output, double target) => 2 * (output - target);
    }
}
