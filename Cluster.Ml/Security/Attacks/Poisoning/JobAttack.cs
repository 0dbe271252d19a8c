using System.Text.Json.Nodes;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Security.Attacks.Poisoning;

/// <summary>An attack on training: the job is trained as it is and without its attack.</summary>
public abstract class JobAttack : PiecewiseAttack
{
    /// <inheritdoc/>
    public override bool OnJobs => true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Flags => [];

    /// <summary>Refuses a job that has nothing to try.</summary>
    internal static JobSpec Checked(JobSpec job, bool attacked, string wanted, string advice)
    {
        if (PreparedData.TargetOf(job.Model) != TargetKind.Class || job.Data.Text is not null)
            throw new BadInputException(job.Name, null, null, "a job that learns classes", job.Model.Kind, "attack a classifier, such as softmax, mlp or cnn");
        if (job.Privacy is not null)
            throw new BadInputException(job.Name, null, null, "a job without privacy: it would be trained twice on the data, and the ledger would count neither", "privacy", "remove privacy");
        return attacked ? job : throw new BadInputException(job.Name, null, null, wanted, "none", advice);
    }

    /// <summary>The job without its attack.</summary>
    internal static JobSpec CleanOf(JobSpec job) => job with { Data = job.Data with { Attack = null }, Training = job.Training with { Attack = null } };

    internal static (PreparedData Data, TrainedModel Model) Train(JobSpec job, AttackTarget target)
    {
        PreparedData data = PreparedData.Load(job, Learners.NumbersFor(job), target.Storage);
        return (data, SequentialTrainer.Train(job, data));
    }

    /// <summary>The rows that a trained model is measured on.</summary>
    internal static RowRange MeasuredOf(JobSpec job, PreparedData data) => data.Test.Count > 0 ? data.Test : data.Validation.Count > 0 ? data.Validation
        : throw new BadInputException(job.Name, null, null, "test or validation rows to measure on", "none", "give data.split a test share");

    internal static double AccuracyOn(JobSpec job, PreparedData data, TrainedModel model, RowRange rows)
    {
        ILearner learner = Learners.CreateAlone(job, data.Shape);
        return EvaluationPlan.Measure(learner, learner.CreateContributor(), model.State, rows, job.Training.MicroBatches)["accuracy"]!.Value;
    }

    /// <summary>The job without its attack and with it: a piece trains one of them.</summary>
    /// <param name="job">As it is.</param>
    /// <param name="train">Trains a job, and tells of it.</param>
    /// <param name="report">What both come to.</param>
    private protected sealed class WithAndWithout(JobSpec job, Func<JobSpec, WithAndWithout.Outcome> train, Func<WithAndWithout.Outcome, WithAndWithout.Outcome, AttackReport> report) : IAttackPieces
    {
        /// <inheritdoc/>
        public int Count => 2;

        /// <inheritdoc/>
        public byte[] Run(int piece)
        {
            Outcome outcome = train(piece == 0 ? CleanOf(job) : job);
            return PieceBytes.Of(writer =>
            {
                writer.Write(outcome.Accuracy);
                writer.Write(outcome.Success);
                writer.Write(outcome.Sha256);
            });
        }

        /// <inheritdoc/>
        public AttackReport Combine(IReadOnlyList<ReadOnlyMemory<byte>> results)
        {
            Outcome[] outcomes = new Outcome[Count];
            for (int part = 0; part < Count; part++)
                PieceBytes.Read(results[part], reader => outcomes[part] = new Outcome(reader.ReadDouble(), reader.ReadDouble(), reader.ReadString()));
            return report(outcomes[0], outcomes[1]);
        }

        /// <summary>What came of one training.</summary>
        /// <param name="Accuracy">On the rows that are measured.</param>
        /// <param name="Success">Of a backdoor, how often its trigger works; else 0.</param>
        /// <param name="Sha256">The model's identity.</param>
        internal readonly record struct Outcome(double Accuracy, double Success, string Sha256);
    }
}

/// <summary>Poisoned rows and lying workers: how much a job loses by its attack.</summary>
internal sealed class PoisonAttack : JobAttack
{
    public override string Name => "poison";

    public override string Meaning => "trains a job with and without its data.attack and training.attack";

    public override string ThreatModel => "Poisoning: the attacker writes a share of the training rows, or owns some workers, and knows what the other workers say.";

    public override string Source => "Biggio et al., 2012; Blanchard et al., NIPS 2017";

    public override IAttackPieces Cut(AttackTarget target, AttackSettings settings)
    {
        ArgumentNullException.ThrowIfNull(target);
        JobSpec job = Checked(
            target.RequiredJob, target.RequiredJob.Data.Attack is not null || target.RequiredJob.Training.Attack is not null, "data.attack or training.attack",
            $"write data.attack: {PoisonSpec.Example}, or training.attack: {LieSpec.Example}");
        return new WithAndWithout(job, trained =>
        {
            (PreparedData data, TrainedModel model) = Train(trained, target);
            return new(AccuracyOn(trained, data, model, MeasuredOf(trained, data)), 0, model.Sha256);
        }, (clean, attacked) => new AttackReport(new JsonObject
        {
            ["attack"] = Name,
            ["clean_accuracy"] = clean.Accuracy,
            ["attacked_accuracy"] = attacked.Accuracy,
            ["aggregate"] = job.Training.Aggregate.Name,
            ["byzantine"] = job.Training.Attack?.Byzantine ?? 0,
            ["micro_batches"] = job.Training.MicroBatches,
            ["fraction"] = job.Data.Attack?.Fraction ?? 0,
            ["clean_sha256"] = clean.Sha256,
            ["attacked_sha256"] = attacked.Sha256,
        }, [ThreatModel]));
    }
}

/// <summary>A backdoor: how often a trigger makes the trained model tell the attacker's class.</summary>
/// <remarks>Equation  success = rows of other classes that are told as the attacker's once they show the trigger, over all rows of other classes</remarks>
internal sealed class BackdoorAttack : JobAttack
{
    public override string Name => "backdoor";

    public override string Meaning => "trains a job whose rows carry a trigger, and shows it the trigger";

    public override string ThreatModel => "Poisoning: the attacker writes a trigger into a share of the training rows, and later into rows that the model is asked about.";

    public override string Source => "Gu, Dolan-Gavitt and Garg, 2017";

    public override IAttackPieces Cut(AttackTarget target, AttackSettings settings)
    {
        ArgumentNullException.ThrowIfNull(target);
        JobSpec job = Checked(
            target.RequiredJob, target.RequiredJob.Data.Attack is { Kind: Poison.Backdoor }, "data.attack of kind backdoor", "write data.attack: { kind: backdoor, fraction: 0.05, to: 0 }");
        return new WithAndWithout(job, trained =>
        {
            (PreparedData data, TrainedModel model) = Train(trained, target);
            PreparedData shown = PreparedData.LoadTriggered(trained, job.Data.Attack!, Learners.NumbersFor(job), target.Storage);
            return new(AccuracyOn(trained, data, model, MeasuredOf(trained, data)), SuccessOf(trained, shown, model, job.Data.Attack!), model.Sha256);
        }, (clean, attacked) => new AttackReport(new JsonObject
        {
            ["attack"] = Name,
            ["clean_accuracy"] = clean.Accuracy,
            ["attacked_accuracy"] = attacked.Accuracy,
            ["success_rate"] = attacked.Success,
            ["success_rate_of_clean_model"] = clean.Success,
            ["fraction"] = job.Data.Attack!.Fraction,
            ["aggregate"] = job.Training.Aggregate.Name,
        }, [ThreatModel]));
    }

    private static double SuccessOf(JobSpec job, PreparedData shown, TrainedModel model, PoisonSpec attack)
    {
        RowRange rows = MeasuredOf(job, shown);
        int wanted = attack.To is { } name ? new ClassNames(shown.Preprocessing.Classes).IndexOf(name) : 0;
        double[] said = new double[rows.Count];
        ILearner learner = Learners.CreateAlone(job, shown.Shape);
        learner.CreateContributor().Predict(model.State, rows, said, []);
        int others = 0, fooled = 0;
        for (int row = 0; row < rows.Count; row++)
        {
            if ((int)rows.Table.Targets[rows.Order.Span[row]] == wanted) continue;
            others++;
            if ((int)said[row] == wanted) fooled++;
        }
        return others == 0 ? 0 : (double)fooled / others;
    }
}
