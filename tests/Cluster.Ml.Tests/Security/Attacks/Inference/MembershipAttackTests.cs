using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Security.Attacks;
using Cluster.Ml.Security.Attacks.Inference;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Security.Attacks.Inference;

/// <summary>Which digits a model was trained on.</summary>
public sealed class MembershipAttackTests
{
    private const string Private =
        "privacy: { clip: 1.0, noise: 2.0, delta: 1e-3 }\n";

    // The area under the curve of scores that mean nothing has the standard deviation √((m + n + 1)/(12mn)) (Mann and Whitney, 1947), m = n = 400 here.
    private static readonly double s_errorOfRandomScores = Math.Sqrt(801 / (12.0 * 400 * 400));

    [Theory]
    [InlineData("membership")]
    [InlineData("lira")]
    [InlineData("lira-online")]
    public void A_model_that_learns_by_heart_tells_its_rows_and_a_private_one_does_not(string kind)
    {
        AttackReport heart = Run(kind, Job("{ epochs: 150, batch: 16, optimizer: { adam: { rate: 0.01 } } }")), hidden = Run(kind, Job("{ epochs: 5, batch: 64, optimizer: { sgd: { rate: 0.1 } } }", Private));

        Figure(heart, "auc").ShouldBeGreaterThan(0.5 + (3 * s_errorOfRandomScores));
        Figure(heart, "tpr_at_fpr_01").ShouldBeGreaterThan(2 * 0.01);
        Figure(hidden, "auc").ShouldBeInRange(0.5 - (3 * s_errorOfRandomScores), 0.5 + (3 * s_errorOfRandomScores));
        Figure(hidden, "advantage").ShouldBeLessThan(0.15);
    }

    [Fact]
    public void The_order_of_models_does_not_matter()
    {
        JobSpec job = Job("{ epochs: 3 }");

        Run("lira", job, new LastFirstParts()).Figures.ToJsonString().ShouldBe(Run("lira", job).Figures.ToJsonString());
    }

    [Fact]
    public void An_audit_bounds_what_learning_by_heart_leaks_and_not_what_is_private()
    {
        AuditResult heart = PrivacyAudit.Run(Job("{ epochs: 150, batch: 16, optimizer: { adam: { rate: 0.01 } } }"), RowStorage.Default, 300, 100, 0.95, 1);
        AuditResult hidden = PrivacyAudit.Run(Job("{ epochs: 5, batch: 64, optimizer: { sgd: { rate: 0.1 } } }", Private), RowStorage.Default, 300, 100, 0.95, 1);

        heart.EpsilonUpper.ShouldBeNull();
        heart.EpsilonLower.ShouldBeGreaterThan(1);
        hidden.EpsilonLower.ShouldBeLessThanOrEqualTo(hidden.EpsilonUpper!.Value);
        Should.Throw<BadInputException>(() => PrivacyAudit.Run(Job("{ epochs: 1 }"), RowStorage.Default, 3000, 100, 0.95, 1)).Message.ShouldContain("--canaries");
    }

    private static JobSpec Job(string training, string more = "") => JobFile.Parse(
        $"data: {{ source: '{RepositoryFiles.Example("digits.csv")}', target: target, scale: {{ minmax: [ 0, 16 ] }}, classes: [ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 ], examples-per-class: 80, split: {{ train: 1, validation: 0, test: 0 }} }}\n"
        + $"model: {{ kind: mlp, layers: [ {{ dense: 64, activation: tanh }} ] }}\ntraining: {training}\n{more}", "job.yaml", "/");

    private static AttackReport Run(string kind, JobSpec job, IPartRunner? runner = null) =>
        AttackRegistry.Find(kind)!.Run(new AttackTarget { Job = job, Runner = runner ?? PartsInTurn.Instance }, new AttackSettings { Models = 4 });

    private static double Figure(AttackReport report, string name) => report.Figures[name]!.GetValue<double>();

    private sealed class LastFirstParts : IPartRunner
    {
        public void Run(int parts, Action<int> run)
        {
            for (int part = parts - 1; part >= 0; part--) run(part);
        }
    }
}
