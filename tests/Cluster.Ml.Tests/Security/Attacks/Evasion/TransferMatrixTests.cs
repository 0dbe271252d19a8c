using System.Text.Json.Nodes;
using Cluster.Ml.Data;
using Cluster.Ml.Export;
using Cluster.Ml.Security.Attacks;
using Cluster.Ml.Security.Attacks.Evasion;

namespace Cluster.Ml.Tests.Security.Attacks.Evasion;

/// <summary>Learners of several kinds, each attacked by what fools the others.</summary>
public sealed class TransferMatrixTests
{
    private const int Rows = 100;
    private static readonly string[] s_others =
    [
        "{ kind: softmax }", "{ kind: tree }", "{ kind: forest, trees: 10 }", "{ kind: naive-bayes }",
    ];

    [Fact]
    public void Every_learner_is_attacked_and_shown_what_fools_the_others()
    {
        AttackTarget digits = SomeVictim.TargetOf(SomeVictim.Digits);
        SavedModel[] others = [.. s_others.Select(model => SomeVictim.TargetOf(SomeVictim.Train(model, model.Contains("softmax", StringComparison.Ordinal) ? "{ epochs: 20 }" : "{ }")).Model!)];
        AttackTarget target = new() { Model = digits.Model, Data = digits.Data, Rows = Rows, Others = others };

        AttackReport report = new TransferMatrix().Run(target, new AttackSettings { Epsilon = 4, Queries = 100 });

        JsonArray accuracy = report.Figures["attacked_accuracy"]!.AsArray(), models = report.Figures["models"]!.AsArray();
        int count = 1 + s_others.Length;
        (accuracy.Count, models.Count, report.Notes.Count).ShouldBe((count, count, count + 1));
        models.Select(model => model!["with"]!.GetValue<string>()).ShouldBe(["pgd", "pgd", "square", "square", "square"]);
        for (int source = 0; source < count; source++)
        {
            double own = accuracy[source]![source]!.GetValue<double>();
            own.ShouldBeLessThan(models[source]!["clean_accuracy"]!.GetValue<double>());
            for (int shown = 0; shown < count; shown++) accuracy[source]![shown]!.GetValue<double>().ShouldBeInRange(0, 1);
            report.Figures["transfer_rate"]![source]![source]!.GetValue<double>().ShouldBe(1);
        }
        accuracy[0]![1]!.GetValue<double>().ShouldBeLessThan(models[1]!["clean_accuracy"]!.GetValue<double>());      // what fools a network fools softmax, too
        accuracy[0]![0]!.GetValue<double>().ShouldBe(
            AttackRegistry.Find("pgd")!.Run(SomeVictim.TargetOf(SomeVictim.Digits, Rows), new AttackSettings { Epsilon = 4 }).Figures["attacked_accuracy"]!.GetValue<double>());
    }

    [Fact]
    public void One_model_alone_is_refused() => Should.Throw<BadInputException>(
        () => new TransferMatrix().Run(SomeVictim.TargetOf(SomeVictim.Digits, Rows), new AttackSettings())).Message.ShouldContain("--against");
}
