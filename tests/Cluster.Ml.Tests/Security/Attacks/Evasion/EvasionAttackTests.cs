using Cluster.Ml.Security.Attacks;
using Cluster.Ml.Security.Attacks.Evasion;

namespace Cluster.Ml.Tests.Security.Attacks.Evasion;

/// <summary>Attacks on a line, where the answers are known in closed form.</summary>
public sealed class EvasionAttackTests
{
    private const int Rows = 12;

    private readonly AttackedRows _rows = SomeVictim.RowsOfLine(Rows);

    // ∂L/∂x = (σ(f) − y)·w: every number moves by ε against its weight for class 1, and with it for class 0.
    [Fact]
    public void Fgsm_moves_every_column_by_epsilon_against_the_side_of_the_class()
    {
        float[] found = Attacked(new Fgsm(), new AttackSettings { Norm = Norm.Linf, Epsilon = 0.25 });

        for (int i = 0; i < found.Length; i++)
        {
            int side = _rows.Labels[i / _rows.Columns] == 1 ? -1 : 1;
            found[i].ShouldBe(_rows.Numbers[i] + (0.25f * side * Math.Sign(SomeVictim.Weights[i % _rows.Columns])), 1e-6f);
        }
    }

    // The nearest point of the plane w·x + b = 0 is |f(x)|/‖w‖ away. Deepfool goes 1.02·(|f| + 10⁻⁴)/‖w‖.
    [Theory]
    [InlineData("deepfool", 1.02, 1e-4)]
    [InlineData("carlini", 1.02, 0)]
    [InlineData("decision", 1.05, 0)]
    public void Least_changes_are_as_long_as_the_distance_from_the_plane(string name, double most, double nudge)
    {
        float[] found = Attacked((EvasionAttack)AttackRegistry.Find(name)!, new AttackSettings { Norm = Norm.L2, Steps = name == "carlini" ? 600 : null, StepSize = 0.01 }, -6, 6);

        for (int row = 0; row < Rows; row++)
        {
            ReadOnlySpan<float> after = found.AsSpan(row * _rows.Columns, _rows.Columns);
            double value = Math.Abs(SomeVictim.ValueOf(_rows.Row(row)));
            Said(after).ShouldNotBe(_rows.Labels[row]);
            (NormBall.Distance(Norm.L2, after, _rows.Row(row)) / (value / SomeVictim.Length)).ShouldBeInRange(1 - 1e-4, (most * (1 + (nudge / value))) + 1e-4);
        }
    }

    // Of l∞ the plane is |f|/‖w‖₁ away, where every number has moved as far, against its weight.
    [Fact]
    public void Decision_comes_to_the_distance_of_linf()
    {
        float[] found = Attacked(new HopSkipJump(), new AttackSettings { Norm = Norm.Linf, Steps = 40 }, -6, 6);

        double dual = SomeVictim.Weights.Sum(w => Math.Abs((double)w));
        for (int row = 0; row < Rows; row++)
        {
            ReadOnlySpan<float> after = found.AsSpan(row * _rows.Columns, _rows.Columns);
            Said(after).ShouldNotBe(_rows.Labels[row]);
            (NormBall.Distance(Norm.Linf, after, _rows.Row(row)) / (Math.Abs(SomeVictim.ValueOf(_rows.Row(row))) / dual)).ShouldBeInRange(1 - 1e-4, 1.05);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(25)]
    [InlineData(300)]
    public void Decision_asks_no_more_than_it_may(int queries)
    {
        AttackedModel line = SomeVictim.Line(-6, 6);
        float[] found = (float[])_rows.Numbers.Clone();

        new HopSkipJump().Attack(line, _rows, new AttackSettings { Norm = Norm.L2, Queries = queries }, found);

        line.Queries.ShouldBeInRange(Rows, (long)queries * Rows);
        line.Gradients.ShouldBe(0);
    }

    // What is drawn belongs to (seed, row, query): the first queries of more are the same.
    [Fact]
    public void More_queries_bring_decision_no_farther_away()
    {
        double[] few = Lengths(100), many = Lengths(1000);

        for (int row = 0; row < Rows; row++) many[row].ShouldBeLessThanOrEqualTo(few[row]);
        many.Sum().ShouldBeLessThan(few.Sum());

        double[] Lengths(int queries)
        {
            float[] found = Attacked(new HopSkipJump(), new AttackSettings { Norm = Norm.L2, Queries = queries }, -6, 6);
            return [.. Enumerable.Range(0, Rows).Select(row => NormBall.Distance(Norm.L2, found.AsSpan(row * _rows.Columns, _rows.Columns), _rows.Row(row)))];
        }
    }

    // What a random start has across w shrinks by 1/(1 + α/ε) a step on the sphere: with α = ε/4, 50 steps leave nothing of it.
    [Theory]
    [InlineData("pgd", "l2")]
    [InlineData("pgd", "linf")]
    [InlineData("apgd", "l2")]
    [InlineData("apgd", "linf")]
    [InlineData("apgd-dlr", "l2")]
    [InlineData("apgd-dlr", "linf")]
    [InlineData("momentum", "l2")]
    [InlineData("momentum", "linf")]
    public void A_row_falls_if_the_ball_reaches_over_the_plane_and_not_otherwise(string name, string norm)
    {
        // Of l∞ the plane is |f|/‖w‖₁ away.
        double dual = norm == "l2" ? SomeVictim.Length : SomeVictim.Weights.Sum(w => Math.Abs((double)w));
        foreach ((double share, bool falls) in new[] { (0.98, false), (1.02, true) })
            for (int row = 0; row < Rows; row++)
            {
                AttackedRows one = _rows.Of([row]);
                double epsilon = share * Math.Abs(SomeVictim.ValueOf(one.Row(0))) / dual;
                float[] found = (float[])one.Numbers.Clone();
                ((EvasionAttack)AttackRegistry.Find(name)!).Attack(
                    SomeVictim.Line(), one, new AttackSettings { Norm = norm == "l2" ? Norm.L2 : Norm.Linf, Epsilon = epsilon, Steps = 60, StepSize = name == "pgd" ? epsilon / 4 : null }, found);

                ((SomeVictim.ValueOf(found) > 0 ? 1 : 0) != one.Labels[0]).ShouldBe(falls, $"row {row}");
                NormBall.Distance(norm == "l2" ? Norm.L2 : Norm.Linf, found, one.Numbers).ShouldBeLessThanOrEqualTo(epsilon * (1 + 1e-5));
            }
    }

    [Theory]
    [InlineData("fgsm")]
    [InlineData("pgd")]
    [InlineData("apgd")]
    [InlineData("apgd-dlr")]
    [InlineData("momentum")]
    [InlineData("deepfool")]
    [InlineData("carlini")]
    [InlineData("square")]
    [InlineData("decision")]
    public void Rows_stay_in_the_range_of_the_data(string name)
    {
        (float low, float high) = (_rows.Numbers.Min(), _rows.Numbers.Max());
        EvasionAttack attack = (EvasionAttack)AttackRegistry.Find(name)!;

        float[] found = Attacked(attack, new AttackSettings { Norm = attack.Norms[0], Epsilon = 5, Queries = 50, Steps = 20 }, low, high);

        found.ShouldAllBe(value => value >= low && value <= high);
        found.ShouldNotBe(_rows.Numbers);
    }

    // Scaled by d, a step of ε in the source's units is one of ε/d in the model's.
    [Fact]
    public void Epsilon_is_in_the_units_of_the_source()
    {
        AttackedModel line = SomeVictim.Line();
        float[] gradients = new float[_rows.Numbers.Length];
        line.GradientsOf(_rows.Numbers, (row, logits, gradient) => LogitGradients.Margin(logits, 1, gradient), gradients);

        for (int i = 0; i < gradients.Length; i++) gradients[i].ShouldBe(-SomeVictim.Weights[i % _rows.Columns], 1e-6f);
        AttackUnits units = AttackUnits.Of(new Cluster.Ml.Data.Scaler(Cluster.Ml.Jobs.ScaleKind.Unit255, [], [255]), [0.5f, 1], 2, bytes: true);
        units.Divisors.ShouldBe([1.0, 1.0]);
        units.Low.ShouldBe([0f, 0f]);
        units.High.ShouldBe([1f, 1f]);
    }

    /// <summary>What the attacked model, which counts in single precision, says of a row next to the plane.</summary>
    private static int Said(ReadOnlySpan<float> row)
    {
        int[] said = new int[1];
        SomeVictim.Line().Predict(row, said);
        return said[0];
    }

    private float[] Attacked(EvasionAttack attack, AttackSettings settings, float low = -100, float high = 100)
    {
        float[] found = (float[])_rows.Numbers.Clone();
        attack.Attack(SomeVictim.Line(low, high), _rows, settings, found);
        return found;
    }
}
