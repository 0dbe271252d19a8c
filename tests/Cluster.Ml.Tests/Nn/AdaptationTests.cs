using System.Text.Json;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Nn.Losses;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Data;
using Cluster.Ml.Tests.Numerics;

namespace Cluster.Ml.Tests.Nn;

/// <summary>Domain-adversarial training: what features learn to say of the class, and to hide of the domain.</summary>
public class AdaptationTests
{
    private const int Features = 5, Hidden = 6, Telling = 4, Classes = 3, Rows = 9, Known = 5;
    private const double Weight = 0.8, OtherWeight = Known / (double)(Rows - Known);
    private const int Steps = 32;        // of the one epoch of 1,008 rows in batches of 32; 560 of them have a target

    [Fact]
    public void Gradients_are_those_of_pytorch_with_the_sign_turned()
    {
        JsonElement[] golden = [.. JsonDocument.Parse(File.ReadAllText(RepositoryFiles.Golden("nn/adaptation.json"))).RootElement.EnumerateArray()];
        golden.Length.ShouldBe(4);
        foreach (JsonElement at in golden)
        {
            double[] expected = [.. at.GetProperty("gradient").EnumerateArray().Select(number => number.GetDouble())];
            NetworkLearner learner = Learner(Weight);
            learner.StateLength.ShouldBe(expected.Length);
            NumericBuffer sum = SomeNetwork.Contribution(learner, Start(), SomeNetwork.Batches(SomeNetwork.Shard(Table()), 4, 5), new StepContext(at.GetProperty("step").GetInt64(), 0, Steps));

            for (int i = 0; i < expected.Length; i++) ((double)sum.Floats[i]).ShouldBe(expected[i], 2e-6, $"{at.GetProperty("step")} parameter {i}");
            ((double)sum.Floats[expected.Length + StepStatistics.LossSum]).ShouldBe(at.GetProperty("loss").GetDouble(), 1e-5);
            sum.Floats[expected.Length + StepStatistics.Examples].ShouldBe(Known);      // those that have a target
        }
    }

    [Fact]
    public void Shared_layers_go_down_the_label_loss_and_up_the_domain_loss()
    {
        const int step = 12;
        double factor = new GradientReversal(TensorShape.Of(1), Weight, Steps).FactorAt(step);
        double[] w = [.. Start().Floats.ToArray().Select(number => (double)number)];
        NumericBuffer sum = SomeNetwork.Contribution(Learner(Weight), Start(), SomeNetwork.Batches(SomeNetwork.Shard(Table()), 9), new StepContext(step, 0, Steps));

        const int shared = (Features + 1) * Hidden;
        for (int i = 0; i < w.Length; i++)
        {
            const double h = 1e-5;
            double at = w[i];
            w[i] = at + h;
            (double label, double domain) up = Losses(w);
            w[i] = at - h;
            (double label, double domain) down = Losses(w);
            w[i] = at;
            double byLabel = (up.label - down.label) / (2 * h), byDomain = (up.domain - down.domain) / (2 * h);
            ((double)sum.Floats[i]).ShouldBe(i < shared ? byLabel - (factor * byDomain) : byLabel + byDomain, 3e-6, $"parameter {i}");
        }
    }

    [Fact]
    public void Without_weight_the_network_learns_as_if_there_were_no_other_domain()
    {
        NumericBuffer sum = SomeNetwork.Contribution(Learner(0), Start(), SomeNetwork.Batches(SomeNetwork.Shard(Table()), 9), new StepContext(12, 0, Steps));
        RowTable known = new(Table().Features, Features, [.. Table().Targets]);
        TrainingShard shard = new(0, known, [.. Enumerable.Range(0, Known)], [.. Enumerable.Range(100, Known)]);
        NetworkLearner plain = NetworkLearner.Create(SomeNetwork.Job(layers: [new DenseOptions(Hidden, "tanh")]), SomeNetwork.Shape(Features, Classes), 0);
        const int shared = (Features + 1) * Hidden, output = (Hidden + 1) * Classes;
        NumericBuffer state = new(NumberKind.Float32, plain.StateLength);
        Start().Floats[..shared].CopyTo(state.Floats);
        Start().Floats[^output..].CopyTo(state.Floats[shared..]);

        NumericBuffer alone = SomeNetwork.Contribution(plain, state, SomeNetwork.Batches(shard, Known));

        for (int i = 0; i < shared; i++) sum.Floats[i].ShouldBe(alone.Floats[i], 1e-6f);
    }

    [Fact]
    public void Contributions_of_subtrees_add_up_to_that_of_the_whole_to_the_bit()
    {
        NetworkLearner learner = Learner(Weight);
        StepContext step = new(20, 0, Steps);
        MicroBatch[] batches = SomeNetwork.Batches(SomeNetwork.Shard(Table()), 3, 0, 2, 4);      // the last knows no target
        NumericBuffer whole = SomeNetwork.Contribution(learner, Start(), batches, step);
        foreach (int count in new[] { 1, 2 })
        {
            SumTree tree = new(4, ((ILearner)learner).Combine, _ => { });
            for (int first = 0; first < 4; first += count)
                tree.Offer(new Subtree(first, count), SomeNetwork.Contribution(learner, Start(), batches.AsSpan(first, count), step));
            tree.Total.Bytes.SequenceEqual(whole.Bytes).ShouldBeTrue($"subtrees of {count}");
        }
    }

    [Fact]
    public void A_step_that_knows_no_target_changes_nothing()
    {
        NetworkLearner learner = Learner(Weight);
        NumericBuffer state = Start(), optimizerState = new(NumberKind.Float32, learner.OptimizerStateLength);
        TrainingShard shard = new(0, Table(), [.. Enumerable.Range(Known, Rows - Known)], [.. Enumerable.Range(Known, Rows - Known)]);
        NumericBuffer sum = SomeNetwork.Contribution(learner, state, SomeNetwork.Batches(shard, Rows - Known));
        learner.Update(state, optimizerState, sum, SomeNetwork.FirstStep);
        state.Bytes.SequenceEqual(Start().Bytes).ShouldBeTrue();
    }

    [Fact]
    public void The_weight_of_the_reversal_grows_from_nothing()
    {
        GradientReversal reversal = new(TensorShape.Of(1), 2, 100);
        reversal.FactorAt(0).ShouldBe(0);
        reversal.FactorAt(10).ShouldBe(2 * ((2 / (1 + Math.Exp(-1))) - 1), 1e-12);
        reversal.FactorAt(100).ShouldBe(2 * ((2 / (1 + Math.Exp(-10))) - 1), 1e-12);
        reversal.FactorAt(1000).ShouldBe(reversal.FactorAt(100));
    }

    [Fact]
    public void A_row_without_a_target_costs_the_label_nothing_and_the_domain_its_weight()
    {
        float[] outputs = [1.5f, -0.5f, 0.25f], gradient = [9, 9, 9];
        MaskedLoss known = new(new SoftmaxCrossEntropy());
        known.Row(outputs, double.NaN, gradient).ShouldBe(0);
        gradient.ShouldBe([0, 0, 0]);
        known.Row(outputs, 1, gradient).ShouldBe(new SoftmaxCrossEntropy().Row(outputs, 1, []));

        DomainLoss domain = new(0.25);
        float[] slope = [0];
        domain.Row([0.7f], double.NaN, slope).ShouldBe(0.25 * Math.Log(1 + Math.Exp(-0.7f)), 1e-7);
        ((double)slope[0]).ShouldBe(0.25 * ((1 / (1 + Math.Exp(-0.7f))) - 1), 1e-7);
        domain.Row([0.7f], 2, slope).ShouldBe(Math.Log(1 + Math.Exp(0.7f)), 1e-7);
        domain.Row([1000], 2, slope).ShouldBe(1000);
    }

    [Fact]
    public void A_contributor_that_has_grown_allocates_nothing()
    {
        NetworkLearner learner = Learner(Weight);
        NumericBuffer state = Start(), optimizerState = new(NumberKind.Float32, learner.OptimizerStateLength), sum = new(NumberKind.Float32, learner.ContributionLength);
        MicroBatch[] batches = SomeNetwork.Batches(SomeNetwork.Shard(Table()), 4, 5);
        IContributor contributor = learner.CreateContributor();
        Allocations.Least(() =>
        {
            contributor.Contribute(state, batches, sum, SomeNetwork.FirstStep);
            learner.Update(state, optimizerState, sum, SomeNetwork.FirstStep);
        }, inARow: 10).ShouldBe(0);
    }

    private static NetworkLearner Learner(double weight)
    {
        JobSpec job = SomeNetwork.Job(layers: [new DenseOptions(Hidden, "tanh")]);
        NetworkOptions adapting = job.Model.As<NetworkOptions>() with { Adapt = new AdaptSpec(null, [new DenseOptions(Telling, "relu")], weight) };
        job = job with { Model = job.Model with { Options = adapting } };
        return NetworkLearner.Create(job, SomeNetwork.Shape(Features, Classes) with { TrainingExamples = 1008, UnlabelledExamples = 448 }, 0);
    }

    private static NumericBuffer Start()
    {
        NumericBuffer state = new(NumberKind.Float32, Learner(Weight).StateLength);
        GoldenNn.Wave(state.Length, 1.7, 0.6).CopyTo(state.Floats);
        return state;
    }

    private static RowTable Table()
    {
        NumericBuffer features = new(NumberKind.Float32, Rows * Features);
        GoldenNn.Wave(features.Length, 0.83).CopyTo(features.Floats);
        return new RowTable(features, Features, [.. Enumerable.Range(0, Rows).Select(i => i < Known ? i % Classes : double.NaN)]);
    }

    /// <summary>Both losses in plain double precision.</summary>
    private static (double Label, double Domain) Losses(double[] parameters)
    {
        double label = 0, domain = 0;
        for (int row = 0; row < Rows; row++)
        {
            int offset = 0;
            double[] x = [.. Table().FloatsOf(row).ToArray().Select(number => (double)number)];
            double[] features = [.. Linear(parameters, x, Hidden, ref offset).Select(Math.Tanh)];
            double[] telling = [.. Linear(parameters, features, Telling, ref offset).Select(z => Math.Max(z, 0))];
            double told = Linear(parameters, telling, 1, ref offset)[0];
            double[] logits = Linear(parameters, features, Classes, ref offset);
            if (row < Known) label += Math.Log(logits.Sum(Math.Exp)) - logits[row % Classes];
            domain += row < Known ? Math.Log(1 + Math.Exp(told)) : OtherWeight * Math.Log(1 + Math.Exp(-told));
        }
        return (label, domain);
    }

    private static double[] Linear(double[] parameters, double[] x, int units, ref int offset)
    {
        int at = offset;
        offset += (x.Length + 1) * units;
        return [.. Enumerable.Range(0, units).Select(j => parameters[at + (x.Length * units) + j] + x.Select((value, i) => value * parameters[at + (i * units) + j]).Sum())];
    }
}
