using System.Text.Json;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Tests.Privacy;

public sealed class AccountantTests
{
    private static readonly double[] s_wholeFrom2 = [.. Enumerable.Range(2, 511).Select(order => (double)order)];

    // Published to all digits: test suites of Opacus 1.5.4 and TensorFlow Privacy, improved conversion.
    [Theory]
    [InlineData(0.04, 1.5, 2250, 1e-5, 7.32911117143, 3.9, "opacus", 1e-9)]
    [InlineData(150 / 60000.0, 1.3, 6000, 1e-5, 0.7242234026109595, 19, "tensorflow", 1e-12)]
    [InlineData(100 / 100000.0, 1.0, 30000, 1e-7, 1.4154988495444842, 13, "tensorflow", 1e-12)]
    [InlineData(1.0, 0.7, 2, 1e-5, 10.8602036, 3.3, "google", 1e-7)]
    [InlineData(0.0064, 1.0, 782, 1e-6, 1.616, 9.3, "google", 5e-4)]
    [InlineData(1.0, 1.0, 5, 1e-6, 13.376, 3.2, "google", 5e-4)]
    // Published as 3.2392676, an upper bound that adds the series' absolute values; this is the exact, signed series.
    [InlineData(0.01, 0.7, 120, 1e-5, 3.2391922, 4.4, "google", 5e-8)]
    public void Published_epsilons_are_met(
        double rate, double noise, double steps, double delta, double epsilon, double order, string set, double tolerance)
    {
        PrivacySpent spent = Accountant.Epsilon(rate, noise, steps, delta, OrdersNamed(set));

        spent.Epsilon.ShouldBe(epsilon, tolerance);
        spent.Order.ShouldBe(order, 1e-12);
    }

    // Overflow test of TensorFlow Privacy, which rounds epochs / q = 976562.5 steps up and adds the series' absolute
    // values: an upper bound, here 1.6e-5 above the exact one. e^(order²/σ²) fits no double.
    [Fact]
    public void Tiny_noise_does_not_overflow()
    {
        PrivacySpent spent = Accountant.Epsilon(1024 / 1e8, 0.1, Math.Ceiling(976562.5), 1e-7, RenyiOrders.TensorFlowPrivacy);

        spent.Epsilon.ShouldBeInRange(5907982.3113984 - 2e-5, 5907982.3113984);
        spent.Order.ShouldBe(1.25);
    }

    // READMEs of Opacus and TensorFlow Privacy print two digits of the classic conversion; the improved one is a
    // recomputation with whole and fractional orders.
    [Theory]
    [InlineData(240, 1.3, 15, 1.1597, 0.9220)]
    [InlineData(240, 1.1, 60, 2.9050, 2.5029)]
    [InlineData(240, 0.7, 45, 6.8589, 6.0925)]
    [InlineData(256, 1.3, 15, 1.1921, 0.9544)]
    [InlineData(256, 1.1, 60, 3.0083, 2.5966)]
    [InlineData(256, 0.7, 45, 7.1003, 6.3181)]
    public void Published_digit_settings_are_met_by_both_conversions(int batch, double noise, int epochs, double classic, double improved)
    {
        double rate = batch / 60000.0;
        RdpCurve spent = RdpCurve.Of(rate, noise).Times(Math.Ceiling(epochs / rate));

        spent.Epsilon(1e-5, EpsilonConversion.Classic).Epsilon.ShouldBe(classic, 6e-4);
        spent.Epsilon(1e-5).Epsilon.ShouldBe(improved, 6e-4);
    }

    [Theory]
    [InlineData(150 / 60000.0, 1.3, 6000, 1e-5, 0.941870567)]
    [InlineData(100 / 100000.0, 1.0, 30000, 1e-7, 1.70928734)]
    public void The_classic_conversion_gives_the_older_published_epsilons(double rate, double noise, int steps, double delta, double epsilon) =>
        Accountant.Epsilon(rate, noise, steps, delta, RenyiOrders.TensorFlowPrivacy, EpsilonConversion.Classic).Epsilon.ShouldBe(epsilon, 1e-8);

    // dp_accounting's tests.
    [Theory]
    [InlineData(5, 2.18075656e-3, 1e-11)]
    [InlineData(50, 2.38460375e-2, 1e-10)]
    [InlineData(100, 167.416308, 1e-6)]
    public void Published_divergences_at_whole_orders_are_met(double order, double divergence, double tolerance) =>
        (SubsampledGaussian.Rdp(0.01, 2.5, order) * 50).ShouldBe(divergence, tolerance);

    // dp_accounting documents 6.70579741e-4, the unsigned upper bound; 6.50071e-4 is the signed series and quadrature.
    [Fact]
    public void A_fractional_order_uses_the_signed_series() =>
        (SubsampledGaussian.Rdp(0.01, 2.5, 1.5) * 50).ShouldBe(6.50071e-4, 1e-9);

    [Fact]
    public void The_published_noise_for_epsilon_one_is_met_on_a_fine_grid_of_orders()
    {
        double[] fine = [.. Enumerable.Range(1, 20000).Select(step => 1 + (step / 200.0))];

        Accountant.Epsilon(1, 4.530877117, 1, 1e-6, fine).Epsilon.ShouldBe(1.0, 1e-5);
    }

    [Fact]
    public void A_pure_guarantee_converts_to_the_published_epsilon()
    {
        double[] orders = [.. Enumerable.Range(2, 31).Select(order => (double)order)];
        RdpCurve pure = new(orders, orders.Select(_ => 1.1));

        pure.Epsilon(1e-5).ShouldBe(new PrivacySpent(1.1 + Math.Log(31.0 / 32) - (Math.Log(32e-5) / 31), 32));
        pure.Epsilon(1e-5).Epsilon.ShouldBe(1.32783806176, 1e-11);
    }

    // Opacus' tests give 1.416 (90 epochs at q = 0.04: 2250 steps) and 1.3562 (2000 steps), each to 1e-4 or the digits shown.
    [Theory]
    [InlineData(2250, 1.416, 6e-4)]
    [InlineData(2000, 1.3562, 1e-4)]
    public void Published_noise_is_met(int steps, double noise, double tolerance)
    {
        double found = Accountant.Noise(8, 1e-5, 0.04, steps);

        found.ShouldBe(noise, tolerance);
        Accountant.Epsilon(0.04, found, steps, 1e-5).Epsilon.ShouldBeLessThanOrEqualTo(8);
        Accountant.Epsilon(0.04, found - 2e-6, steps, 1e-5).Epsilon.ShouldBeGreaterThan(8);
    }

    [Fact]
    public void A_budget_that_no_noise_meets_is_refused() =>
        Should.Throw<InvalidOperationException>(() => Accountant.Noise(1e-3, 1e-12, 1, 1, [1.5, 2])).Message.ShouldContain("raise ε");

    [SkippableFact]
    public void Every_row_of_the_peer_s_grid_is_met()
    {
        string? path = SharedData.Find("peers", "reference", "rdp_epsilon.json");
        Skip.If(path is null, "The peer's reference values are not beside this repository.");
        using JsonDocument grid = JsonDocument.Parse(File.ReadAllText(path));
        int rows = 0;

        foreach (JsonElement row in grid.RootElement.GetProperty("rows").EnumerateArray())
        {
            double Of(string name) => row.GetProperty(name).GetDouble();
            PrivacySpent spent = Accountant.Epsilon(Of("q"), Of("sigma"), Of("steps"), Of("delta"));
            double wanted = Math.Max(0, Of("epsilon"));
            spent.Epsilon.ShouldBe(wanted, 1e-9 * Math.Max(1, wanted), row.ToString());
            rows++;
        }
        foreach (JsonElement set in grid.RootElement.GetProperty("rdp_by_order").EnumerateArray())
            foreach ((JsonElement order, JsonElement rdp) in set.GetProperty("orders").EnumerateArray().Zip(set.GetProperty("rdp").EnumerateArray()))
                SubsampledGaussian.Rdp(set.GetProperty("q").GetDouble(), set.GetProperty("sigma").GetDouble(), order.GetDouble())
                    .ShouldBe(rdp.GetDouble(), 1e-11 * Math.Max(1, rdp.GetDouble()));
        rows.ShouldBeGreaterThan(400);
    }

    [Fact]
    public void Unequal_steps_compose_by_addition() =>
        RdpCurve.Of(0.01, 1.1).Times(500).Plus(RdpCurve.Of(0.02, 1.5).Times(300)).Epsilon(1e-5).Epsilon.ShouldBe(1.6962963353579585, 1e-9);

    [Fact]
    public void Steps_add_up_whichever_way_they_are_cut()
    {
        RdpCurve one = RdpCurve.Of(0.02, 1.2);

        double whole = one.Times(1000).Epsilon(1e-6).Epsilon, parts = one.Times(300).Plus(one.Times(700)).Epsilon(1e-6).Epsilon;

        parts.ShouldBe(whole, 1e-12);
    }

    [Fact]
    public void More_steps_a_higher_rate_or_less_noise_never_cost_less()
    {
        double previous = 0;
        foreach (int steps in new[] { 1, 10, 100, 1000, 10_000 })
            previous = Accountant.Epsilon(0.01, 1, steps, 1e-5).Epsilon.ShouldBeMore(previous);
        previous = 0;
        foreach (double rate in new[] { 0.0001, 0.001, 0.01, 0.1, 0.5, 0.9, 0.999, 1 })
            previous = Accountant.Epsilon(rate, 1, 100, 1e-5).Epsilon.ShouldBeMore(previous);
        previous = 0;
        foreach (double noise in new[] { 50, 10, 4, 2, 1, 0.5, 0.25, 0.1 })
            previous = Accountant.Epsilon(0.01, noise, 100, 1e-5).Epsilon.ShouldBeMore(previous);
    }

    [Fact]
    public void Divergence_grows_with_the_order_across_whole_and_fractional_orders()
    {
        foreach ((double rate, double noise) in new[] { (0.01, 1.1), (0.2, 0.5), (0.5, 4), (0.999, 1), (1e-5, 0.3) })
        {
            double previous = 0;
            for (int tenth = 11; tenth <= 640; tenth++)
                previous = SubsampledGaussian.Rdp(rate, noise, tenth / 10.0).ShouldBeMore(previous - (1e-12 * Math.Max(1, previous)));
        }
    }

    [Fact]
    public void A_fractional_order_next_to_a_whole_one_gives_nearly_the_same() // the two formulas share no code
    {
        foreach (double order in new[] { 2.0, 3, 7, 20, 50 })
        {
            double whole = SubsampledGaussian.Rdp(0.03, 1.3, order), beside = SubsampledGaussian.Rdp(0.03, 1.3, order + 1e-9);
            beside.ShouldBe(whole, 1e-7 * Math.Max(1, whole));
        }
    }

    [Fact]
    public void The_ends_of_the_range_have_their_closed_forms()
    {
        SubsampledGaussian.Rdp(0, 1.1, 2.5).ShouldBe(0);
        SubsampledGaussian.Rdp(0, 0, 2.5).ShouldBe(0);
        SubsampledGaussian.Rdp(1, 2, 3.5).ShouldBe(3.5 / 8);
        SubsampledGaussian.Rdp(0.1, 0, 3.5).ShouldBe(double.PositiveInfinity);
        Accountant.Epsilon(0.1, 0, 10, 1e-5).Epsilon.ShouldBe(double.PositiveInfinity);
        Accountant.Epsilon(0, 1, 10, 1e-5).Epsilon.ShouldBe(0);
        Accountant.Epsilon(0.1, 1, 0, 1e-5).Epsilon.ShouldBe(0);
        Accountant.Epsilon(1e-6, 100, 1, 0.5).Epsilon.ShouldBe(0);
    }

    [Fact]
    public void A_question_changes_nothing()
    {
        RdpCurve curve = RdpCurve.Of(0.01, 1.1);
        double before = curve.Times(100).Epsilon(1e-5).Epsilon;

        curve.Times(1_000_000).Plus(curve).Epsilon(1e-9);

        curve.Times(100).Epsilon(1e-5).Epsilon.ShouldBe(before);
    }

    [Theory]
    [InlineData(-0.1, 1, 2)]
    [InlineData(1.1, 1, 2)]
    [InlineData(double.NaN, 1, 2)]
    [InlineData(0.1, -1, 2)]
    [InlineData(0.1, double.NaN, 2)]
    [InlineData(0.1, 1, 1)]
    [InlineData(0.1, 1, double.NaN)]
    public void Arguments_out_of_range_are_refused(double rate, double noise, double order) =>
        Should.Throw<ArgumentOutOfRangeException>(() => SubsampledGaussian.Rdp(rate, noise, order));

    private static IReadOnlyList<double> OrdersNamed(string set) => set switch
    {
        "opacus" => RenyiOrders.Opacus,
        "google" => RenyiOrders.DpAccounting,
        "tensorflow" => s_wholeFrom2,
        _ => throw new ArgumentOutOfRangeException(nameof(set), set, "no such set"),
    };
}

internal static class Ordering
{
    /// <summary>Asserts that the value is at least the other, and gives it back.</summary>
    public static double ShouldBeMore(this double value, double than)
    {
        value.ShouldBeGreaterThanOrEqualTo(than);
        return value;
    }
}
