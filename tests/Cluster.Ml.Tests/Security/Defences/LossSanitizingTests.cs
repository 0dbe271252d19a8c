using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Security.Attacks;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Security.Defences;

public class LossSanitizingTests
{
    [Fact]
    public void Most_flipped_labels_are_found_by_their_loss_and_some_of_what_they_cost_is_won_back()
    {
        AttackReport report = Run("attack: { kind: label-flip, fraction: 0.2 }");

        double Figure(string name) => report.Figures[name]!.GetValue<double>();
        Figure("precision").ShouldBeGreaterThan(0.7);
        Figure("recall").ShouldBeGreaterThan(0.7);
        Figure("sanitized_accuracy").ShouldBeGreaterThan(Figure("attacked_accuracy"));
    }

    [Fact]
    public void A_job_without_poison_is_refused() => Should.Throw<BadInputException>(() => Run("classes: [ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 ]")).Message.ShouldContain("data.attack");

    private static AttackReport Run(string data) => AttackRegistry.Find("sanitize")!.Run(
        new AttackTarget
        {
            Job = JobFile.Parse(
                $"data: {{ source: '{RepositoryFiles.Example("digits.csv")}', target: target, scale: {{ minmax: [ 0, 16 ] }}, split: {{ train: 0.7, validation: 0, test: 0.3 }}, {data} }}\n"
                + "model: { kind: mlp, layers: [ { dense: 32, activation: tanh } ] }\ntraining: { epochs: 15, batch: 32, optimizer: { adam: { rate: 0.005 } } }\n", "job.yaml", "/"),
        },
        new AttackSettings());
}
