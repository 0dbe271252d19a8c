using System.Security.Cryptography;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Privacy;

namespace Cluster.Ml.Tests.Nn;

/// <summary>The bytes that training gives on every processor: run with DOTNET_EnableAVX512=0, DOTNET_EnableAVX2=0 or on ARM, they stay.</summary>
public class NetworkBitsTests
{
    [Theory]
    [InlineData("tanh", "adam", false, "53be0b5ddc09047153148d7a1773c34ae77686272cd7b034337d42a1da838dda")]
    [InlineData("sigmoid", "sgd", false, "65c1096d477067a1e6143f0081461071c272c55d5eded4f54e8f8b03036fe4f2")]
    [InlineData("relu", "adam", true, "31f4942fe61041121682cf9ab3fdfae8f010457b7c00309e73a71eeb668fd9f8")]
    public void Thirty_steps_give_these_bytes(string activation, string optimizer, bool isPrivate, string sha256)
    {
        LayerSpec[] hidden = [new DropoutOptions(0.1), new DenseOptions(50, activation), new DropoutOptions(0.25), new DenseOptions(21, "leaky-relu")];
        JobSpec job = SomeNetwork.Job(
            "mlp", hidden, SomeOptimizer.Of(optimizer, 0.01, 0.9, 0.999), isPrivate ? new PrivacySpec(0.8, 1, 1e-5, null) : null, 1e-5, 1e-4);
        NetworkLearner learner = NetworkLearner.Create(job, SomeNetwork.Shape(37, 5), isPrivate ? 1.1 : 0, SomeSecret.One);
        NumericBuffer state = SomeNetwork.Start(learner), optimizerState = new(NumberKind.Float32, learner.OptimizerStateLength);
        MicroBatch[] batches = SomeNetwork.Batches(SomeNetwork.Shard(SomeNetwork.Rows(80, 37, 5)), 13, 0, 30, 7);

        for (int step = 0; step < 30; step++)
        {
            NumericBuffer sum = SomeNetwork.Contribution(learner, state, batches, new StepContext(step, 0, 30));
            learner.Update(state, optimizerState, sum, new StepContext(step, 0, 30));
        }

        Convert.ToHexStringLower(SHA256.HashData(state.Bytes)).ShouldBe(sha256);
    }
}
