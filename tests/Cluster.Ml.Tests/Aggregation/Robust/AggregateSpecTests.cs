using Cluster.Ml.Aggregation.Robust;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Randomness;
using Cluster.Ml.Security.Attacks.Poisoning;

namespace Cluster.Ml.Tests.Aggregation.Robust;

/// <summary>Rules that bring gradients together, against hand-made answers and against liars.</summary>
public sealed class AggregateSpecTests
{
    [Fact]
    public void Rules_of_single_numbers_give_the_answers_by_hand()
    {
        float[] column = [3, 100, 1, 2, -50, 5];

        Of(new Mean(), column, 6)[0].ShouldBe(61f / 6, 1e-5f);
        Of(new Median(), column, 6)[0].ShouldBe(2.5f);
        Of(new TrimmedMean(1), column, 6)[0].ShouldBe(2.75f);
        Of(new TrimmedMean(2), column, 6)[0].ShouldBe(2.5f);
    }

    // Scores of 0, 1, 2.5, 9 and 30 with f = 1: the nearest two of each are at 1 + 6.25, 1 + 2.25, 2.25 + 6.25, …
    [Fact]
    public void Krum_takes_the_gradient_nearest_to_its_neighbours() => Of(new Krum(1), [0, 1, 2.5f, 9, 30], 5)[0].ShouldBe(1);

    [Fact]
    public void Multi_krum_takes_the_mean_of_the_nearest() => Of(new MultiKrum(1), [0, 1, 2.5f, 9, 30], 5)[0].ShouldBe((0 + 1) / 2f);

    // Seven numbers, f = 1: Krum leaves 5 of them, of which 3 are nearest to their median.
    [Fact]
    public void Bulyan_drops_what_krum_drops_and_then_what_is_far_from_the_median() =>
        Of(new Bulyan(1), [1, 2, 3, 4, 5, 6, 1000], 7)[0].ShouldBeInRange(2, 5);

    // The mean of all is 16.6, from which 100 is farthest; then −4.25, from which −20 is; then 1.
    [Fact]
    public void Faba_drops_what_is_farthest_from_the_mean_of_those_left()
    {
        Of(new Faba(1), [100, -20, 0, 1, 2], 5)[0].ShouldBe(-4.25f);
        Of(new Faba(2), [100, -20, 0, 1, 2], 5)[0].ShouldBe(1);
    }

    [Fact]
    public void Centred_clipping_leaves_gradients_within_its_radius_alone_and_bounds_others()
    {
        Of(new CentredClipping(100, 3), [1, 2, 3, 6], 4)[0].ShouldBe(3, 1e-5f);
        Of(new CentredClipping(1, 1), [0, 0, 0, 1000], 4)[0].ShouldBe(0.25f, 1e-6f);
    }

    // Honest gradients lie around 1; a rule that keeps its promise stays among them, whatever the liars say.
    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_keeps_its_promise_and_no_more(string name, int liars, bool holds)
    {
        const int count = 11, length = 40;
        AggregateSpec rule = RuleOf(name);
        foreach (Lie kind in new[] { Lie.SignFlip, Lie.Scale, Lie.InnerProduct })
        {
            float[] gradients = new float[count * length];
            Philox.FillGaussian(gradients, 5, RandomPurpose.Augment, 3, 0);
            for (int i = 0; i < gradients.Length; i++) gradients[i] = 1 + (0.1f * gradients[i]);
            bool[] lying = [.. Enumerable.Range(0, count).Select(m => m < liars)];
            new LieSpec(kind, liars, 100).Tell(gradients, lying, length);

            double farthest = Of(rule, gradients, count, length).Max(value => Math.Abs(value - 1));

            if (holds) farthest.ShouldBeLessThan(0.6, $"{kind}");
            else farthest.ShouldBeGreaterThan(2, $"{kind}");
        }
    }

    public static TheoryData<string, int, bool> Rules() => new()
    {
        { "mean", 0, true }, { "mean", 1, false },
        { "median", 5, true }, { "median", 6, false },
        { "trimmed-mean", 2, true }, { "trimmed-mean", 4, false },
        { "krum", 4, true }, { "krum", 8, false },
        { "multi-krum", 4, true }, { "multi-krum", 8, false },
        { "bulyan", 2, true }, { "bulyan", 8, false },
        { "faba", 4, true }, { "faba", 8, false },
    };

    [Theory]
    [InlineData("krum: { byzantine: 3 }", "9 micro-batches")]
    [InlineData("multi-krum: { byzantine: 3 }", "9 micro-batches")]
    [InlineData("bulyan: { byzantine: 2 }", "11 micro-batches")]
    [InlineData("trimmed-mean: { byzantine: 4 }", "9 micro-batches")]
    [InlineData("faba: { byzantine: 4 }", "9 micro-batches")]
    public void Too_few_micro_batches_are_refused(string rule, string wanted) =>
        Should.Throw<BadInputException>(() => Parse($"{{ micro-batches: 8, aggregate: {{ {rule} }} }}")).Message.ShouldContain(wanted);

    [Theory]
    [InlineData("{ aggregate: median, mode: { stale: { bound: 2 } } }", "synchronous")]
    [InlineData("{ aggregate: median, compression: int8 }", "compression")]
    [InlineData("{ aggregate: median, servers: 2 }", "servers")]
    [InlineData("{ attack: { kind: sign-flip, byzantine: 8 } }", "lying")]
    [InlineData("{ aggregate: medean }", "median")]
    public void What_does_not_go_together_is_refused(string training, string named) =>
        Should.Throw<BadInputException>(() => Parse(training)).Message.ShouldContain(named);

    [Theory]
    [InlineData("mean")]
    [InlineData("median")]
    [InlineData("{ krum: { byzantine: 2 } }")]
    [InlineData("{ centred-clipping: { radius: 2.5, iterations: 4 } }")]
    public void A_job_reads_back_as_it_was_written(string rule)
    {
        JobSpec job = Parse($"{{ aggregate: {rule}, attack: {{ kind: inner-product, byzantine: 2, strength: 3 }} }}");

        JobSpec again = JobFile.Parse(job.Text, "job.yaml", "/");

        (again.Training.Aggregate, again.Training.Attack).ShouldBe((job.Training.Aggregate, new LieSpec(Lie.InnerProduct, 2, 3)));
        job.Training.Aggregate.Write().ShouldBe(rule);
    }

    private static JobSpec Parse(string training) => JobFile.Parse($"data: {{ source: rows.csv }}\nmodel: {{ kind: softmax }}\ntraining: {training}\n", "job.yaml", "/");

    private static AggregateSpec RuleOf(string name) => name switch
    {
        "mean" => new Mean(),
        "median" => new Median(),
        "trimmed-mean" => new TrimmedMean(2),
        "krum" => new Krum(4),
        "multi-krum" => new MultiKrum(4),
        "faba" => new Faba(4),
        _ => new Bulyan(2),
    };

    private static float[] Of(AggregateSpec rule, float[] gradients, int count, int length = 1)
    {
        float[] result = new float[length];
        rule.Aggregate(gradients, count, result);
        return result;
    }
}
