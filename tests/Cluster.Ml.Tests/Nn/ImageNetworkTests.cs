using System.Security.Cryptography;
using System.Text.Json;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Nn.Losses;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Data;
using Cluster.Ml.Tests.Numerics;

namespace Cluster.Ml.Tests.Nn;

public class ImageNetworkTests
{
    public static TheoryData<string> Names => [.. SomeImages.Networks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Backward_agrees_with_central_differences_in_double_precision(string network)
    {
        const int rows = 7;
        NetworkLearner learner = SomeImages.Learner(network);
        NumericBuffer state = SomeNetwork.Start(learner, 0.2);
        RowTable table = SomeImages.Rows(network, rows);

        NumericBuffer contribution = SomeNetwork.Contribution(learner, state, SomeNetwork.Batches(SomeNetwork.Shard(table), 4, 3));
        ReferenceImages reference = new(learner.Spec.Model.As<NetworkOptions>().Layers, SomeImages.Networks[network].Image, 3);
        double SumOfLosses(double[] w) => Enumerable.Range(0, rows).Sum(row => reference.Loss(w, Exact(table.FloatsOf(row)), table.Targets[row]));
        double[] expected = new ReferenceNetwork(0, 0, []).Gradient(state.Floats, SumOfLosses);

        double size = Math.Sqrt(expected.Sum(x => x * x));
        for (int i = 0; i < expected.Length; i++) ((double)contribution.Floats[i]).ShouldBe(expected[i], 3e-6 * Math.Max(1, size), $"parameter {i}");
        ((double)contribution.Floats[expected.Length + StepStatistics.LossSum])
            .ShouldBe(SumOfLosses(Exact(state.Floats)), 1e-5);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_input_gradient_agrees_with_central_differences(string network)
    {
        NetworkLearner learner = SomeImages.Learner(network);
        float[] parameters = SomeNetwork.Start(learner, 0.2).Floats.ToArray(), x = SomeImages.Rows(network, 1).FloatsOf(0).ToArray();
        Network graph = learner.Model.Objectives[0].Network;
        NetworkPass pass = new(graph, wantsInputGradient: true);
        pass.Begin(1);
        x.CopyTo(pass.Inputs);
        pass.Forward(parameters, null);
        graph.Heads[0].Loss.Row(pass.OutputOf(graph.Heads[0]), Target.Of(new RowTable(new NumericBuffer(NumberKind.Float32, x.Length), x.Length, [2]), 0), pass.OutputGradientOf(graph.Heads[0]));
        pass.BackwardInputs(parameters);

        ReferenceImages reference = new(learner.Spec.Model.As<NetworkOptions>().Layers, SomeImages.Networks[network].Image, 3);
        double[] expected = new ReferenceNetwork(0, 0, []).Gradient(x, row => reference.Loss(Exact(parameters), row, 2));
        for (int i = 0; i < x.Length; i++) ((double)pass.InputGradient[i]).ShouldBe(expected[i], 2e-6, $"number {i}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_are_those_of_pytorch(string network)
    {
        GoldenImages golden = JsonSerializer.Deserialize<GoldenImages[]>(
            File.ReadAllText(RepositoryFiles.Path("tests", "golden", "nn", "images.json")), JsonSerializerOptions.Web)!.Single(g => g.Name == network);
        NetworkLearner learner = SomeImages.Learner(network);
        NumericBuffer state = new(NumberKind.Float32, learner.StateLength), features = new(NumberKind.Float32, 5 * SomeImages.Shape(SomeImages.Networks[network].Image).Features);
        GoldenNn.Wave(state.Length, 1.7, 0.4).CopyTo(state.Floats);
        GoldenNn.Wave(features.Length, 0.83).CopyTo(features.Floats);
        RowTable table = new(features, features.Length / 5, [0, 1, 2, 0, 1]);

        NumericBuffer contribution = SomeNetwork.Contribution(learner, state, SomeNetwork.Batches(SomeNetwork.Shard(table), 2, 3));

        golden.Gradient.Length.ShouldBe(state.Length);
        ((double)contribution.Floats[learner.StateLength + StepStatistics.LossSum]).ShouldBe(golden.Loss, 2e-6 * golden.Loss);
        for (int i = 0; i < golden.Gradient.Length; i++)
            ((double)contribution.Floats[i]).ShouldBe(golden.Gradient[i], 5e-6, $"parameter {i}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_subtree_gives_the_bits_of_its_single_micro_batches_combined(string network)
    {
        NetworkLearner learner = SomeImages.Learner(network);
        NumericBuffer state = SomeNetwork.Start(learner, 0.1);
        MicroBatch[] batches = SomeNetwork.Batches(SomeNetwork.Shard(SomeImages.Rows(network, 40)), 8, 0, 1, 17);

        NumericBuffer[] single = [.. batches.Select(batch => SomeNetwork.Contribution(learner, state, [batch]))];
        foreach ((int left, int right) in new[] { (0, 1), (2, 3), (0, 2) }) ((ILearner)learner).Combine(single[left], single[right]);

        SomeNetwork.Bits(SomeNetwork.Contribution(learner, state, batches).Floats).ShouldBe(SomeNetwork.Bits(single[0].Floats));
    }

    [Theory]
    [InlineData("valid", "e0d445cc3a27a9a89a17198b385e5cab0b7875feac3812d45a16fc81247d9ff4")]
    [InlineData("same", "124979add5c5c4cd2e0c6b3dbaddd2b6db401310582fb974b66c6dcd667969e0")]
    [InlineData("inception", "45483549469c4d90c5a092800811f7391e0b78f463a8281dcef9c4ef937bf87d")]
    [InlineData("residual", "63be3e17e2a0a00b35c20b6c5f3d4eba1ded8edf185a2ad40eaf49a3fcbf8540")]
    public void Ten_steps_give_these_bytes_on_every_processor(string network, string sha256)
    {
        NetworkLearner learner = SomeImages.Learner(network, "training: { optimizer: { adam: { rate: 0.01 } } }");
        NumericBuffer state = SomeNetwork.Start(learner), optimizerState = new(NumberKind.Float32, learner.OptimizerStateLength);
        MicroBatch[] batches = SomeNetwork.Batches(SomeNetwork.Shard(SomeImages.Rows(network, 40)), 8, 0, 1, 17);

        for (int step = 0; step < 10; step++)
            learner.Update(state, optimizerState, SomeNetwork.Contribution(learner, state, batches, new StepContext(step, 0, 10)), new StepContext(step, 0, 10));

        Convert.ToHexStringLower(SHA256.HashData(state.Bytes)).ShouldBe(sha256);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Ghost_norms_clip_as_materialised_gradients_would(string network)
    {
        NetworkLearner open = SomeImages.Learner(network), guarded = SomeImages.Learner(network, "privacy: { clip: 0.5, noise: 1 }", 1);
        NumericBuffer state = SomeNetwork.Start(open, 0.3);
        TrainingShard shard = SomeNetwork.Shard(SomeImages.Rows(network, 12));
        double[] expected = new double[state.Length];
        int clipped = 0;
        for (int row = 0; row < 12; row++)
        {
            float[] one = SomeNetwork.Contribution(open, state, [new MicroBatch(shard, new[] { row })]).Floats[..state.Length].ToArray();
            double norm = Math.Sqrt(one.Sum(g => (double)g * g)), factor = Math.Min(1, 0.5 / norm);
            if (factor < 1) clipped++;
            for (int i = 0; i < one.Length; i++) expected[i] += factor * one[i];
        }

        NumericBuffer actual = SomeNetwork.Contribution(guarded, state, SomeNetwork.Batches(shard, 5, 7));

        clipped.ShouldBeGreaterThan(0);
        double size = Math.Sqrt(expected.Sum(g => g * g));
        for (int i = 0; i < expected.Length; i++) ((double)actual.Floats[i]).ShouldBe(expected[i], 1e-5 * size, $"parameter {i}");
    }

    [Theory]
    [InlineData("valid", "")]
    [InlineData("inception", "")]
    [InlineData("residual", "privacy: { clip: 0.5, noise: 1 }")]
    public void A_contributor_that_has_grown_allocates_nothing(string network, string more)
    {
        NetworkLearner learner = SomeImages.Learner(network, more, 1);
        NumericBuffer state = SomeNetwork.Start(learner), contribution = new(NumberKind.Float32, learner.ContributionLength);
        MicroBatch[] batches = SomeNetwork.Batches(SomeNetwork.Shard(SomeImages.Rows(network, 40)), 8, 0, 1, 17);
        IContributor contributor = learner.CreateContributor();

        Allocations.Least(() => contributor.Contribute(state, batches, contribution, SomeNetwork.FirstStep), inARow: 10).ShouldBe(0);
    }

    [Fact]
    public void The_example_for_CIFAR_has_the_parameters_of_the_textbook()
    {
        JobSpec job = JobFile.Read(RepositoryFiles.Path("deploy", "jobs", "cifar-cnn.yaml"), []);
        NetworkLearner learner = NetworkLearner.Create(job, SomeImages.Shape(new ImageShape(32, 32, 3), 10), 0);
        ModelSummary summary = learner.Summarize(SomeNetwork.Start(learner));

        summary.Rows.Select(row => $"{row[0]} | {row[1]} | {row[2]}").ShouldBe(
        [
            "input | 32 × 32 × 3 | 0",
            "conv 32 3x3 relu | 30 × 30 × 32 | 896",
            "max-pool 2x2 | 15 × 15 × 32 | 0",
            "conv 64 3x3 relu | 13 × 13 × 64 | 18,496",
            "max-pool 2x2 | 6 × 6 × 64 | 0",
            "conv 64 3x3 relu | 4 × 4 × 64 | 36,928",
            "flatten | 1024 | 0",
            "dense 64 relu | 64 | 65,600",
            "dense 10 | 10 | 650",
            "total |  | 122,570",
        ]);
    }

    [Fact]
    public void A_residual_block_of_other_channels_is_the_one_that_is_projected()
    {
        byte[] Bits(string layers)
        {
            NetworkLearner learner = NetworkLearner.Create(SomeImages.Job(layers), SomeImages.Shape(new ImageShape(6, 6, 2)), 0);
            NumericBuffer state = SomeNetwork.Start(learner);
            RowTable rows = SomeNetwork.Rows(8, 72, 3);
            return [.. state.Bytes, .. SomeNetwork.Contribution(learner, state, SomeNetwork.Batches(SomeNetwork.Shard(rows), 8)).Bytes];
        }

        Bits("{ residual: 5 }, { flatten: true }").ShouldBe(Bits("{ residual: 5, project: true }, { flatten: true }"));
    }

    [Theory]
    [InlineData("{ conv: 4, size: 3 }", "numbers in a row before the output layer, got images of 6 × 6 × 4; add { flatten: true }")]
    [InlineData("{ conv: 4, size: 9 }, { flatten: true }", "8 × 8, got 9 × 9; take a smaller one, or padding: same")]
    [InlineData("{ flatten: true }, { conv: 4 }", "conv: wanted images of height × width × channels, got 64; put { reshape")]
    [InlineData("{ reshape: [ 4, 4, 3 ] }, { flatten: true }", "a shape of 64 numbers")]
    [InlineData("{ sum: [ [ { conv: 4, size: 3 } ], [] ] }, { flatten: true }", "wanted inputs of one shape, got 6 × 6 × 4 and 8 × 8 × 1")]
    public void Layers_that_do_not_fit_are_refused(string layers, string words) =>
        Should.Throw<BadInputException>(() => NetworkLearner.Create(SomeImages.Job(layers), SomeImages.Shape(new ImageShape(8, 8, 1)), 0))
            .Message.ShouldContain(words);

    [Theory]
    [InlineData("{ conv: 0 }", "model.layers.0.conv to be a whole number from 1")]
    [InlineData("{ conv: 4, size: [ 3 ] }", "model.layers.0.size to be a list of 2 whole numbers from 1 to 256")]
    [InlineData("{ max-pool: 2, padding: sme }", "did you mean 'same'")]
    [InlineData("{ inception: [ 1, 2 ] }", "a list of 6 whole numbers")]
    [InlineData("{ residual: 4, stride: 2, project: false }", "model.layers.0.project to be true with a stride above 1")]
    [InlineData("{ flatten: false }", "model.layers.0.flatten to be true")]
    public void Layers_that_are_written_wrongly_are_named(string layer, string words) =>
        Should.Throw<BadInputException>(() => SomeImages.Job(layer)).Message.ShouldContain(words);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_text_of_a_job_reads_back_as_the_same(string network)
    {
        JobSpec job = SomeImages.Job(SomeImages.Networks[network].Layers, data: "source: none, format: cifar, augment: { shift: 1, flip: true, crop: 2, noise: 0.1 }");
        JobSpec again = JobFile.Parse(job.Text, "again.yaml", "/");
        again.Model.ShouldBe(job.Model);
        again.Data.ShouldBe(job.Data);
    }

    private static double[] Exact(ReadOnlySpan<float> numbers) => Array.ConvertAll(numbers.ToArray(), x => (double)x);

    private sealed record GoldenImages(string Name, double Loss, double[] Gradient);
}
