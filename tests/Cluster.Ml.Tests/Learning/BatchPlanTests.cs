using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Privacy;
using Cluster.Ml.Randomness;
using Cluster.Ml.Tests.Data;
using Cluster.Ml.Tests.Numerics;
using Cluster.Ml.Tests.Privacy;

namespace Cluster.Ml.Tests.Learning;

public class BatchPlanTests
{
    private static (PreparedData Data, JobSpec Spec) Digits(params string[] settings)
    {
        JobSpec spec = DataJobs.Of(RepositoryFiles.Example("digits.csv"), "softmax", settings);
        return (PreparedData.Load(spec, NumberKind.Float32), spec);
    }

    private static ShardSampler[] Samplers(PreparedData data, JobSpec spec, bool fullBatch = false)
    {
        BatchPlan plan = BatchPlan.For(spec, data.Shape.TrainingExamples, fullBatch);
        return [.. Enumerable.Range(0, spec.Training.MicroBatches).Select(s => plan.CreateSampler(data.Shard(s, spec.Training.MicroBatches)))];
    }

    private const string Classes = "data.classes=[ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 ]";

    private static SamplingKey Key(int epoch, long step) => SomeSecret.One.SamplingKeyOf((epoch * 1000) + step);

    private static int[] Ids(ShardSampler sampler, int epoch, long step) =>
        [.. sampler.Positions(epoch, step, Key(epoch, step)).ToArray().Select(p => sampler.Shard.Ids[p])];

    [Theory]
    [InlineData(64, 8)]
    [InlineData(8, 8)]
    [InlineData(1024, 4)]
    [InlineData(100, 1)]
    public void Every_example_takes_part_exactly_once_an_epoch(int batch, int microBatches)
    {
        (PreparedData data, JobSpec spec) = Digits($"training.batch={batch}", $"training.micro-batches={microBatches}");
        long steps = BatchPlan.For(spec, 1797, false).StepsPerEpoch;
        ShardSampler[] samplers = Samplers(data, spec);

        foreach (int epoch in new[] { 0, 3 })
        {
            List<int> seen = [];
            for (long step = 0; step < steps; step++)
                foreach (ShardSampler sampler in samplers) seen.AddRange(Ids(sampler, epoch, step));
            seen.Order().ShouldBe(Enumerable.Range(0, 1797));
        }
        steps.ShouldBe((((1797 + microBatches - 1) / microBatches) + (batch / microBatches) - 1) / (batch / microBatches));
        samplers.Sum(s => s.Positions(0, steps).Length).ShouldBe(0);
    }

    [Fact]
    public void Epochs_and_seeds_give_other_orders()
    {
        (PreparedData data, JobSpec spec) = Digits();
        ShardSampler sampler = Samplers(data, spec)[0], other = Samplers(data, spec with { Seed = 7 })[0];
        int[] first = Ids(sampler, 0, 0);

        Ids(sampler, 1, 0).ShouldNotBe(first);
        Ids(other, 0, 0).ShouldNotBe(first);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Positions_do_not_depend_on_the_order_of_calls(bool isPrivate)
    {
        string[] settings = isPrivate ? ["privacy={ noise: 1.0 }", Classes] : [];
        (PreparedData data, JobSpec spec) = Digits(settings);
        ShardSampler forwards = Samplers(data, spec)[3], jumping = Samplers(data, spec)[3];
        Dictionary<(int, long), int[]> expected = [];
        for (int epoch = 0; epoch < 4; epoch++)
            for (long step = 0; step < 28; step++) expected[(epoch, step)] = Ids(forwards, epoch, step);

        RandomStream random = RandomStream.At(1, RandomPurpose.Shuffle);
        (int Epoch, long Step)[] calls = [.. expected.Keys];
        random.Shuffle(calls.AsSpan());

        foreach ((int epoch, long step) in calls) Ids(jumping, epoch, step).ShouldBe(expected[(epoch, step)]);
    }

    [Fact]
    public void Full_batch_is_every_row_in_order_in_one_step()
    {
        (PreparedData data, JobSpec spec) = Digits();

        BatchPlan.For(spec, 1797, true).StepsPerEpoch.ShouldBe(1);
        ShardSampler[] samplers = Samplers(data, spec, fullBatch: true);
        foreach (ShardSampler sampler in samplers) sampler.Positions(5, 0).ToArray().ShouldBe(Enumerable.Range(0, sampler.Shard.Count));
        samplers.Sum(s => s.Shard.Count).ShouldBe(1797);
    }

    [Fact]
    public void Private_examples_join_at_the_stated_rate_independently()
    {
        (PreparedData data, JobSpec spec) = Digits(Classes, "privacy={ noise: 1.0 }");
        BatchPlan plan = BatchPlan.For(spec, 1797, false);
        ShardSampler[] samplers = Samplers(data, spec);
        const int epochs = 150;
        var joined = new int[1797];
        double total = 0, squares = 0;
        for (int epoch = 0; epoch < epochs; epoch++)
            for (long step = 0; step < plan.StepsPerEpoch; step++)
            {
                int drawn = 0;
                foreach (ShardSampler sampler in samplers)
                    foreach (int id in Ids(sampler, epoch, step))
                    {
                        joined[id]++;
                        drawn++;
                    }
                total += drawn;
                squares += (drawn - 64.0) * (drawn - 64.0);
            }

        plan.Private.ShouldBeTrue();
        plan.StepsPerEpoch.ShouldBe(1797 / 64);
        plan.SampleRate.ShouldBe(64.0 / 1797);
        double steps = epochs * plan.StepsPerEpoch, q = plan.SampleRate, wanted = steps * q, variance = steps * q * (1 - q);
        double chiSquare = joined.Sum(n => (n - wanted) * (n - wanted) / variance);
        chiSquare.ShouldBeInRange(1797 - (5 * Math.Sqrt(2 * 1797)), 1797 + (5 * Math.Sqrt(2 * 1797)));      // five deviations of chi-square
        (total / steps).ShouldBe(64, 5 * Math.Sqrt(64 * (1 - q) / steps));
        (squares / steps).ShouldBe(64 * (1 - q), 64 * 5 * Math.Sqrt(2 / steps));                             // batch sizes spread as binomial ones
    }

    [Fact]
    public void A_private_row_joins_where_its_own_number_is_below_the_rate()
    {
        (PreparedData data, JobSpec spec) = Digits(Classes, "privacy={ noise: 1.0 }");
        ulong threshold = (ulong)(64.0 / 1797 * Math.Pow(2, 64));

        foreach ((int epoch, long step) in new[] { (0, 0L), (1, 3L), (4, 27L) })
            foreach (ShardSampler sampler in Samplers(data, spec))
            {
                ulong[] probabilities = new ulong[sampler.Shard.Count];
                Key(epoch, step).FillProbabilities(probabilities, sampler.Shard.Index, 0);

                sampler.Positions(epoch, step, Key(epoch, step)).ToArray().ShouldBe(
                    Enumerable.Range(0, probabilities.Length).Where(position => probabilities[position] < threshold));
            }
    }

    [Fact]
    public void Neither_the_seed_nor_another_step_s_key_says_who_joins()
    {
        (PreparedData data, JobSpec spec) = Digits(Classes, "privacy={ noise: 1.0 }");
        int[] Joined(JobSpec job, SamplingKey key) => [.. Samplers(data, job).SelectMany(sampler => sampler.Positions(0, 0, key).ToArray())];
        int[] drawn = Joined(spec, Key(0, 0));

        Joined(spec with { Seed = 7 }, Key(0, 0)).ShouldBe(drawn);
        Joined(spec, Key(0, 1)).ShouldNotBe(drawn);
        Joined(spec, SomeSecret.Of(2).SamplingKeyOf(0)).ShouldNotBe(drawn);
        Should.Throw<ArgumentNullException>(() => Samplers(data, spec)[0].Positions(0, 0));
    }

    [Fact]
    public void A_batch_as_large_as_the_data_takes_everyone()
    {
        (PreparedData data, JobSpec spec) = Digits(Classes, "privacy={ noise: 1.0 }", "training.batch=2048");

        BatchPlan plan = BatchPlan.For(spec, 1797, false);
        (plan.SampleRate, plan.StepsPerEpoch).ShouldBe((1.0, 1));
        Samplers(data, spec).Sum(s => s.Positions(0, 0, Key(0, 0)).Length).ShouldBe(1797);
    }

    [Theory]
    [InlineData("privacy={ noise: 1.0 }")]
    [InlineData("privacy=null")]
    public void The_steady_state_allocates_nothing(string setting)
    {
        (PreparedData data, JobSpec spec) = Digits(setting, Classes);
        SamplingKey key = Key(0, 0);
        ShardSampler[] samplers = Samplers(data, spec);
        long Draw()
        {
            long sum = 0;
            for (int epoch = 0; epoch < 3; epoch++)
                for (long step = 0; step < 20; step++)
                    foreach (ShardSampler sampler in samplers) sum += sampler.Positions(epoch, step, key).Length;
            return sum;
        }
        long drawn = 0;

        long allocated = Allocations.Least(() => drawn += Draw());

        drawn.ShouldBeGreaterThan(0);
        allocated.ShouldBe(0);
    }
}
