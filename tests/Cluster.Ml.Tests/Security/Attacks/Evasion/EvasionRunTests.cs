using Cluster.Ml.Data;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Security.Attacks;
using Cluster.Ml.Security.Attacks.Evasion;

namespace Cluster.Ml.Tests.Security.Attacks.Evasion;

/// <summary>Attacks on a network that reads digits.</summary>
public sealed class EvasionRunTests
{
    private const int Rows = 200;

    [Theory]
    [InlineData("fgsm", 0.3)]
    [InlineData("pgd", 0.1)]
    [InlineData("apgd", 0.1)]
    [InlineData("apgd-dlr", 0.1)]
    [InlineData("momentum", 0.15)]
    [InlineData("square", 0.3)]
    public void A_network_is_fooled_within_a_quarter_of_the_range(string name, double most)
    {
        AttackReport report = Run(name, new AttackSettings { Epsilon = 4, Queries = 300, Restarts = 2 });

        Figure(report, "clean_accuracy").ShouldBeGreaterThan(0.95);
        Figure(report, "attacked_accuracy").ShouldBeLessThan(most);
        Figure(report, "linf_mean").ShouldBeLessThanOrEqualTo(4.0001);
        Figure(report, "queries").ShouldBeGreaterThan(2 * Rows);
    }

    [Fact]
    public void Stronger_attacks_leave_fewer_rows()
    {
        double fgsm = Figure(Run("fgsm", new() { Epsilon = 2 }), "attacked_accuracy"), pgd = Figure(Run("pgd", new() { Epsilon = 2 }), "attacked_accuracy");
        double longer = Figure(Run("pgd", new() { Epsilon = 2, Steps = 100, Restarts = 3 }), "attacked_accuracy"), wider = Figure(Run("pgd", new() { Epsilon = 16 }), "attacked_accuracy");

        (fgsm >= pgd, pgd >= longer, wider).ShouldBe((true, true, 0));
        longer.ShouldBeLessThan(Figure(Run("fgsm", new() { Epsilon = 2 }), "clean_accuracy") - 0.2);
    }

    // At the same number of gradients, without a step size to choose. One seed, one network: what is claimed is no more than a row of slack.
    [Fact]
    public void Autopgd_finds_what_pgd_finds()
    {
        AttackSettings settings = new() { Epsilon = 1.5, Steps = 50 };

        Figure(Run("apgd", settings), "attacked_accuracy").ShouldBeLessThanOrEqualTo(Figure(Run("pgd", settings), "attacked_accuracy") + (1.0 / Rows));
    }

    [Fact]
    public void The_worst_case_is_at_most_the_worst_of_its_attacks()
    {
        AttackReport report = Run("worst-case", new() { Epsilon = 1, Queries = 100, Steps = 10 });

        double[] each = [.. report.Figures["each"]!.AsObject().Select(one => one.Value!.GetValue<double>())];
        each.Length.ShouldBe(6);
        Figure(report, "attacked_accuracy").ShouldBeInRange(0.02, each.Min());
    }

    [Fact]
    public void Least_changes_agree_between_attacks_that_know_the_model()
    {
        AttackReport deepFool = Run("deepfool", new()), carlini = Run("carlini", new());

        (Figure(deepFool, "attacked_accuracy"), Figure(carlini, "attacked_accuracy")).ShouldBe((0, 0));
        Figure(carlini, "l2_median").ShouldBeInRange(0.75 * Figure(deepFool, "l2_median"), Figure(deepFool, "l2_median"));
    }

    [Theory]
    [InlineData("pgd")]
    [InlineData("apgd-dlr")]
    [InlineData("square")]
    public void The_order_of_parts_does_not_matter(string name)
    {
        AttackSettings settings = new() { Epsilon = 2, Queries = 60 };

        Run(name, settings, new LastPartFirst()).Figures.ToJsonString().ShouldBe(Run(name, settings).Figures.ToJsonString());
    }

    [Fact]
    public void Rows_made_against_a_substitute_fool_the_model_more_than_noise_does()
    {
        AttackTarget target = SomeVictim.TargetOf(SomeVictim.Digits, Rows);
        var other = SomeVictim.Train("{ kind: softmax }");
        AttackTarget with = new()
        {
            Model = target.Model,
            Data = target.Data,
            Rows = Rows,
            Substitute = SomeVictim.TargetOf(other).Model,
        };

        AttackReport transferred = AttackRegistry.Find("transfer")!.Run(with, new AttackSettings { Epsilon = 4 });

        Figure(transferred, "attacked_accuracy").ShouldBeLessThan(0.6);
        Figure(transferred, "attacked_accuracy").ShouldBeGreaterThanOrEqualTo(Figure(Run("pgd", new() { Epsilon = 4 }), "attacked_accuracy"));
        Figure(transferred, "queries").ShouldBeLessThanOrEqualTo(2 * Rows);
        Should.Throw<BadInputException>(() => AttackRegistry.Find("transfer")!.Run(target, new AttackSettings())).Message.ShouldContain("--substitute");
    }

    [Fact]
    public void A_model_without_gradients_is_told_which_attacks_ask_only()
    {
        AttackTarget tree = SomeVictim.TargetOf(SomeVictim.Train("{ kind: tree }", "{ }"), 50);

        Should.Throw<BadInputException>(() => AttackRegistry.Find("pgd")!.Run(tree, new AttackSettings())).Message.ShouldContain("square");
        Figure(AttackRegistry.Find("square")!.Run(tree, new AttackSettings { Epsilon = 4, Queries = 100 }), "attacked_accuracy").ShouldBeLessThan(0.5);
    }

    [Theory]
    [InlineData("{ kind: tree }", "{ }")]
    [InlineData("{ kind: forest, trees: 10 }", "{ }")]
    public void Classes_alone_are_enough_against_models_without_gradients(string model, string training)
    {
        AttackTarget target = SomeVictim.TargetOf(SomeVictim.Train(model, training), 40);

        AttackReport free = AttackRegistry.Find("decision")!.Run(target, new AttackSettings { Norm = Norm.Linf, Queries = 500 });
        AttackReport bound = AttackRegistry.Find("worst-case")!.Run(target, new AttackSettings { Epsilon = 1, Queries = 200 });

        Figure(free, "attacked_accuracy").ShouldBe(0);
        Figure(free, "linf_median").ShouldBeLessThan(8);        // half of the range, which random rows are away at the least
        Figure(free, "queries").ShouldBeLessThanOrEqualTo(40 * (500 + 2));
        bound.Figures["each"]!.AsObject().Select(one => one.Key).ShouldBe(["square", "decision"]);
        Figure(bound, "attacked_accuracy").ShouldBeLessThan(Figure(bound, "clean_accuracy"));
    }

    // Logits that are 1,000 times as far apart tell the same classes; the probabilities of others are 0, and plain cross-entropy is flat.
    [Fact]
    public void Saturated_logits_are_found_out()
    {
        var (job, data, trained) = SomeVictim.Digits;
        NumericBuffer state = new(trained.State.Kind, trained.State.Length);
        state.CopyFrom(trained.State);
        for (int i = 65 * 32; i < state.Length; i++) state.Floats[i] *= 1000;
        AttackTarget masked = SomeVictim.TargetOf((job, data, trained with { State = state }), 60), plain = SomeVictim.TargetOf(SomeVictim.Digits, 60);

        AttackReport found = new GradientMasking().Run(masked, new AttackSettings { Epsilon = 3, Queries = 100 }), free = new GradientMasking().Run(plain, new AttackSettings { Epsilon = 3, Queries = 100 });

        Figure(found, "clean_accuracy").ShouldBe(Figure(free, "clean_accuracy"));
        Figure(found, "flat_loss_share").ShouldBeGreaterThan(0.9);
        Figure(free, "flat_loss_share").ShouldBe(0);
        found.Figures["masked"]!.GetValue<bool>().ShouldBeTrue();
        found.Notes.ShouldContain(note => note.Contains("the loss is flat"));
        Figure(found, "white_box_accuracy").ShouldBe(Figure(free, "white_box_accuracy"), 0.05);      // the scale of logits hides nothing from the attacks here
    }

    // A first layer of tanh that is driven into saturation tells nearly the same classes, and its gradient vanishes.
    [Fact]
    public void Saturated_units_hide_gradients_and_are_found_out()
    {
        var (job, data, trained) = SomeVictim.Digits;
        NumericBuffer state = new(trained.State.Kind, trained.State.Length);
        state.CopyFrom(trained.State);
        for (int i = 0; i < 65 * 32; i++) state.Floats[i] *= 1000;
        AttackTarget masked = SomeVictim.TargetOf((job, data, trained with { State = state }), 100), plain = SomeVictim.TargetOf(SomeVictim.Digits, 100);

        AttackReport found = new GradientMasking().Run(masked, new AttackSettings { Epsilon = 3, Queries = 300 }), free = new GradientMasking().Run(plain, new AttackSettings { Epsilon = 3, Queries = 300 });

        free.Figures["signs"]!.AsArray().ShouldBeEmpty();
        found.Figures["masked"]!.GetValue<bool>().ShouldBeTrue();
        string signs = found.Figures["signs"]!.ToJsonString();
        signs.ShouldContain("black-box");
        signs.ShouldContain("unbounded");
    }

    private static AttackReport Run(string name, AttackSettings settings, IPartRunner? runner = null) =>
        AttackRegistry.Find(name)!.Run(SomeVictim.TargetOf(SomeVictim.Digits, Rows, runner), settings);

    private static double Figure(AttackReport report, string name) => report.Figures[name]!.AsValue().TryGetValue(out double value) ? value : report.Figures[name]!.GetValue<long>();

    private sealed class LastPartFirst : IPartRunner
    {
        public void Run(int parts, Action<int> run)
        {
            for (int part = parts - 1; part >= 0; part--) run(part);
        }
    }
}
