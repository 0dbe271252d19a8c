using System.Text.Json.Nodes;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Security.Attacks.Inference;

/// <summary>An attack that tells which rows a model was trained on.</summary>
internal abstract class MembershipInference : AttackKind
{
    public override bool OnJobs => true;

    public override IReadOnlyList<string> Flags => ["models"];

    /// <summary>Models that the attacker trains where none are asked for.</summary>
    internal abstract int ModelsUsual { get; }

    /// <summary>A score of each row, higher for those that seem to be members.</summary>
    /// <param name="target">What the attacked model says of each row.</param>
    /// <param name="shadows">What each of the attacker's models says.</param>
    /// <param name="members">Which rows each of those was trained on.</param>
    internal abstract double[] Scores(double[] target, IReadOnlyList<double[]> shadows, IReadOnlyList<bool[]> members);

    public override AttackReport Run(AttackTarget target, AttackSettings settings)
    {
        JobSpec job = target.RequiredJob;
        if (PreparedData.TargetOf(job.Model) != TargetKind.Class || job.Data.Text is not null)
            throw new BadInputException(job.Name, null, null, "a job that learns classes", job.Model.Kind, "attack a classifier, such as softmax, mlp or cnn");
        RowPool pool = RowPool.Of(job, PreparedData.Load(job, Learners.NumbersFor(job), target.Storage));
        int models = 1 + (settings.Models ?? ModelsUsual);
        bool[][] members = [.. Enumerable.Range(0, models).Select(which => pool.Half(settings.Seed, which))];
        double[][] said = new double[models][];
        double?[] epsilon = new double?[models];
        target.Runner.Run(models, which =>
        {
            TrainedModel model = pool.Train(members[which], PrivacyAudit.SecretOf(settings.Seed, which));
            (said[which], epsilon[which]) = (pool.Confidences(model), model.Epsilon);
        });
        MembershipScores scores = new(Scores(said[0], said[1..], members[1..]), members[0]);
        JsonObject figures = new() { ["attack"] = Name, ["rows"] = pool.Count, ["members"] = members[0].Count(member => member), ["models"] = models - 1 };
        scores.AddTo(figures);
        if (epsilon[0] is { } spent) figures["epsilon"] = spent;
        figures["seed"] = settings.Seed;
        return new AttackReport(figures, [ThreatModel]);
    }
}

/// <summary>Rows of small loss are taken for members; shadow models calibrate what is small for each row, if there are some.</summary>
/// <remarks>
/// Equation      s(x) = log p/(1 − p) of the row's class, less its mean over the shadow models
/// Threat model  membership inference; black box with class scores. The attacker has rows of the same kind, and trains shadow models on halves of them
/// Source        Yeom et al., CSF 2018; Shokri et al., "Membership Inference Attacks Against Machine Learning Models", IEEE S&amp;P 2017; Watson et al., ICLR
///               2022, for the calibration by difficulty
/// </remarks>
internal sealed class MembershipAttack : MembershipInference
{
    public override string Name => "membership";

    public override string Meaning => "rows with a small loss are taken for training rows, calibrated by shadow models";

    public override string ThreatModel => "Membership inference, black box: the attacker sees class scores of the attacked model, which was trained on a random half of the rows, and trains shadow models on other halves.";

    public override string Source => "Yeom et al., CSF 2018; Shokri et al., IEEE S&P 2017";

    internal override int ModelsUsual => 4;

    internal override double[] Scores(double[] target, IReadOnlyList<double[]> shadows, IReadOnlyList<bool[]> members) =>
        [.. target.Select((said, row) => shadows.Count == 0 ? said : said - shadows.Average(shadow => shadow[row]))];
}
