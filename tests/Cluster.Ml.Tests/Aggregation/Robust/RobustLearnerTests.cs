using Cluster.Ml.Tests.Security.Attacks.Evasion;

namespace Cluster.Ml.Tests.Aggregation.Robust;

/// <summary>Digits, learned while 2 of 8 or 16 micro-batches lie.</summary>
public sealed class RobustLearnerTests
{
    private const int TestRows = 270;

    private const string Rest = "epochs: 40, batch: 256, optimizer: { adam: { rate: 0.01 } }";

    private static readonly Lazy<double> s_clean = new(() => Accuracy($"{{ micro-batches: 8, {Rest} }}"));

    [Theory]
    [InlineData("sign-flip", 8)]
    [InlineData("inner-product", 8)]
    public void The_mean_falls_to_two_liars_of_eight(string lie, int microBatches) =>
        Accuracy($"{{ micro-batches: {microBatches}, attack: {{ kind: {lie}, byzantine: 2, strength: 20 }}, {Rest} }}").ShouldBeLessThan(0.5);

    // Shares p and q of n rows each differ by 3·√((p(1 − p) + q(1 − q))/n), 6 points here, before the difference means anything.
    [Theory]
    [InlineData("median", 8)]
    [InlineData("{ trimmed-mean: { byzantine: 2 } }", 8)]
    [InlineData("{ krum: { byzantine: 2 } }", 8)]
    [InlineData("{ multi-krum: { byzantine: 2 } }", 8)]
    [InlineData("{ bulyan: { byzantine: 2 } }", 16)]
    public void Rules_that_withstand_two_liars_are_within_what_the_test_rows_tell_apart(string rule, int microBatches)
    {
        double honest = Accuracy($"{{ micro-batches: {microBatches}, aggregate: {rule}, {Rest} }}");
        honest.ShouldBeGreaterThan(0.92);
        foreach (string lie in new[] { "sign-flip", "inner-product" })
        {
            double attacked = Accuracy($"{{ micro-batches: {microBatches}, aggregate: {rule}, attack: {{ kind: {lie}, byzantine: 2, strength: 20 }}, {Rest} }}");
            (honest - attacked).ShouldBeLessThan(3 * Math.Sqrt(((honest * (1 - honest)) + (attacked * (1 - attacked))) / TestRows), lie);
        }
    }

    [Theory]
    [InlineData("median", 5)]
    [InlineData("{ trimmed-mean: { byzantine: 2 } }", 4)]
    [InlineData("{ krum: { byzantine: 2 } }", 6)]
    public void Beyond_its_promise_a_rule_falls(string rule, int liars) =>
        Accuracy($"{{ micro-batches: 8, aggregate: {rule}, attack: {{ kind: inner-product, byzantine: {liars}, strength: 20 }}, {Rest} }}").ShouldBeLessThan(0.5);

    // The mean of micro-batches of equal size is the mean over examples: another order of summation, nearly the same model.
    [Fact]
    public void Kept_apart_honest_micro_batches_learn_as_well() =>
        Accuracy($"{{ micro-batches: 8, aggregate: {{ centred-clipping: {{ radius: 1000 }} }}, {Rest} }}").ShouldBe(s_clean.Value, 0.015);

    private static double Accuracy(string training) =>
        SomeVictim.Train("{ kind: mlp, layers: [ { dense: 32 } ] }", training).Model.Test["accuracy"]!.Value;
}
