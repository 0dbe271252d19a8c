using System.Text.Json.Nodes;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Security.Attacks;
using Cluster.Ml.Security.Attacks.Inference;
using Cluster.Ml.Security.Attacks.Poisoning;

namespace Cluster.Ml.Security.Defences;

/// <summary>Sanitizing: training rows that models of the other rows find most unlikely are left out, and the job is trained again.</summary>
/// <remarks>
/// Equation      of each training row φ = log p/(1 − p) of its class, by a model of the other four fifths; the share of the least φ is left out; three
///               rounds, in which models are trained on what the round before has left
/// Threat model  poisoning: the attacker writes fewer of the training rows than the share that is left out; rows in doubt may be honest
/// Determinism   folds are dealt by the row's place
/// Source        Cretu, Stavrou, Locasto, Stolfo, Keromytis, "Casting out Demons: Sanitizing Training Data for Anomaly Sensors", IEEE S&amp;P 2008, for the
///               idea; Shen, Sanghavi, "Learning with Bad Training Data via Iterative Trimmed Loss Minimization", ICML 2019, for the rounds
/// What voids it poison that models of the other rows find likely, as a backdoor is that many rows share
/// </remarks>
internal sealed class LossSanitizing : AttackKind
{
    private const int Folds = 5, Rounds = 3;

    public override string Name => "sanitize";

    public override string Meaning => "a defence: training rows with the greatest loss are left out, and the job is trained again";

    public override string ThreatModel => "Poisoning of rows: the defender knows how large the poisoned share is at most, and not which rows.";

    public override string Source => "Cretu et al., IEEE S&P 2008; Shen and Sanghavi, ICML 2019";

    public override bool OnJobs => true;

    public override IReadOnlyList<string> Flags => [];

    public override AttackReport Run(AttackTarget target, AttackSettings settings)
    {
        JobSpec job = JobAttack.Checked(target.RequiredJob, target.RequiredJob.Data.Attack is not null, "data.attack", $"write data.attack: {PoisonSpec.Example}");
        double share = job.Data.Attack!.Fraction;
        (PreparedData poisoned, TrainedModel fooled) = JobAttack.Train(job, target);
        (PreparedData honest, TrainedModel clean) = JobAttack.Train(JobAttack.CleanOf(job), target);
        int[] rows = poisoned.Training.Order.ToArray();
        RowPool pool = RowPool.Of(job, poisoned, rows);
        bool[] kept = Kept(pool, share, settings, target.Runner);
        TrainedModel model = pool.Train(kept, PrivacyAudit.SecretOf(settings.Seed, Folds));

        bool[] changed = [.. rows.Select(row => Differs(poisoned, honest, row))];
        int removed = kept.Count(keep => !keep), caught = Enumerable.Range(0, rows.Length).Count(row => !kept[row] && changed[row]);
        RowRange measured = JobAttack.MeasuredOf(job, honest);
        JsonObject figures = new()
        {
            ["attack"] = Name,
            ["rows"] = rows.Length,
            ["clean_accuracy"] = JobAttack.AccuracyOn(job, honest, clean, measured),
            ["attacked_accuracy"] = JobAttack.AccuracyOn(job, honest, fooled, measured),
            ["sanitized_accuracy"] = JobAttack.AccuracyOn(job, honest, model, measured),
            ["removed"] = removed,
            ["poisoned"] = changed.Count(poison => poison),
            ["precision"] = removed == 0 ? null : (double)caught / removed,
            ["recall"] = changed.Contains(true) ? (double)caught / changed.Count(poison => poison) : null,
            ["fraction"] = share,
            ["seed"] = settings.Seed,
        };
        return new AttackReport(figures, [ThreatModel]);
    }

    /// <summary>Which rows stay: all but the share that models of the other folds find most unlikely, round after round.</summary>
    internal static bool[] Kept(RowPool pool, double share, AttackSettings settings, IPartRunner runner)
    {
        bool[] kept = [.. Enumerable.Repeat(true, pool.Count)];
        for (int round = 0; round < Rounds; round++)
        {
            bool[] before = kept;
            double[] confidences = new double[pool.Count];
            runner.Run(Folds, fold =>
            {
                bool[] members = [.. before.Select((keep, row) => keep && row % Folds != fold)];
                double[] said = pool.Confidences(pool.Train(members, PrivacyAudit.SecretOf(settings.Seed, fold)));
                for (int row = fold; row < said.Length; row += Folds) confidences[row] = said[row];
            });
            kept = [.. before.Select(_ => true)];
            foreach (int row in Enumerable.Range(0, pool.Count).OrderBy(row => confidences[row]).ThenBy(row => row).Take((int)Math.Round(share * pool.Count))) kept[row] = false;
        }
        return kept;
    }

    private static bool Differs(PreparedData poisoned, PreparedData honest, int row)
    {
        RowTable one = poisoned.Training.Table, other = honest.Training.Table;
        if (one.Targets[row] != other.Targets[row]) return true;
        float[] numbers = new float[one.Columns], others = new float[one.Columns];
        one.CopyFloats(row, numbers);
        other.CopyFloats(row, others);
        return !numbers.AsSpan().SequenceEqual(others);
    }
}
