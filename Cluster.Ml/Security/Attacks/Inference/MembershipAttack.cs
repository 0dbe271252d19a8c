using System.Text.Json.Nodes;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Security.Attacks.Inference;

/// <summary>An attack that tells which rows a model was trained on.</summary>
internal abstract class MembershipInference : PiecewiseAttack
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

    public override IAttackPieces Cut(AttackTarget target, AttackSettings settings)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(settings);
        JobSpec job = target.RequiredJob;
        if (PreparedData.TargetOf(job.Model) != TargetKind.Class || job.Data.Text is not null)
            throw new BadInputException(job.Name, null, null, "a job that learns classes", job.Model.Kind, "attack a classifier, such as softmax, mlp or cnn");
        return new Models(this, RowPool.Of(job, target.ReadJob()), 1 + (settings.Models ?? ModelsUsual), settings.Seed);
    }

    /// <summary>The attacked model and the attacker's: a piece trains one, and asks it about every row.</summary>
    private sealed class Models(MembershipInference attack, RowPool pool, int models, ulong seed) : IAttackPieces
    {
        private readonly bool[][] _members = [.. Enumerable.Range(0, models).Select(which => pool.Half(seed, which))];

        public int Count => models;

        public byte[] Run(int piece)
        {
            TrainedModel model = pool.Train(_members[piece], PrivacyAudit.SecretOf(seed, piece));
            double[] said = pool.Confidences(model);
            return PieceBytes.Of(writer =>
            {
                writer.Write(model.Epsilon ?? double.NaN);
                foreach (double one in said) writer.Write(one);
            });
        }

        public AttackReport Combine(IReadOnlyList<ReadOnlyMemory<byte>> results)
        {
            double[][] said = new double[models][];
            double[] epsilon = new double[models];
            for (int which = 0; which < models; which++)
            {
                double[] rows = said[which] = new double[pool.Count];
                PieceBytes.Read(results[which], reader =>
                {
                    epsilon[which] = reader.ReadDouble();
                    for (int row = 0; row < rows.Length; row++) rows[row] = reader.ReadDouble();
                });
            }
            MembershipScores scores = new(attack.Scores(said[0], said[1..], _members[1..]), _members[0]);
            JsonObject figures = new() { ["attack"] = attack.Name, ["rows"] = pool.Count, ["members"] = _members[0].Count(member => member), ["models"] = models - 1 };
            scores.AddTo(figures);
            if (!double.IsNaN(epsilon[0])) figures["epsilon"] = epsilon[0];
            figures["seed"] = seed;
            return new AttackReport(figures, [attack.ThreatModel]);
        }
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
