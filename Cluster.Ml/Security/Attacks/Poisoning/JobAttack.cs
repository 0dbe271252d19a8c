using System.Text.Json.Nodes;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Security.Attacks.Poisoning;

/// <summary>An attack on training: the job is trained as it is and without its attack.</summary>
public abstract class JobAttack : AttackKind
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
}

/// <summary>Poisoned rows and lying workers: how much a job loses by its attack.</summary>
internal sealed class PoisonAttack : JobAttack
{
    public override string Name => "poison";

    public override string Meaning => "trains a job with and without its data.attack and training.attack";

    public override string ThreatModel => "Poisoning: the attacker writes a share of the training rows, or owns some workers, and knows what the other workers say.";

    public override string Source => "Biggio et al., 2012; Blanchard et al., NIPS 2017";

    public override AttackReport Run(AttackTarget target, AttackSettings settings)
    {
        JobSpec job = Checked(
            target.RequiredJob, target.RequiredJob.Data.Attack is not null || target.RequiredJob.Training.Attack is not null, "data.attack or training.attack",
            $"write data.attack: {PoisonSpec.Example}, or training.attack: {LieSpec.Example}");
        double[] accuracies = new double[2];
        TrainedModel[] models = new TrainedModel[2];
        target.Runner.Run(2, part =>
        {
            JobSpec trained = part == 0 ? CleanOf(job) : job;
            (PreparedData data, models[part]) = Train(trained, target);
            accuracies[part] = AccuracyOn(trained, data, models[part], MeasuredOf(trained, data));
        });
        JsonObject figures = new()
        {
            ["attack"] = Name,
            ["clean_accuracy"] = accuracies[0],
            ["attacked_accuracy"] = accuracies[1],
            ["aggregate"] = job.Training.Aggregate.Name,
            ["byzantine"] = job.Training.Attack?.Byzantine ?? 0,
            ["micro_batches"] = job.Training.MicroBatches,
            ["fraction"] = job.Data.Attack?.Fraction ?? 0,
            ["clean_sha256"] = models[0].Sha256,
            ["attacked_sha256"] = models[1].Sha256,
        };
        return new AttackReport(figures, [ThreatModel]);
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

    public override AttackReport Run(AttackTarget target, AttackSettings settings)
    {
        JobSpec job = Checked(
            target.RequiredJob, target.RequiredJob.Data.Attack is { Kind: Poison.Backdoor }, "data.attack of kind backdoor", "write data.attack: { kind: backdoor, fraction: 0.05, to: 0 }");
        double[] accuracies = new double[2], successes = new double[2];
        target.Runner.Run(2, part =>
        {
            JobSpec trained = part == 0 ? CleanOf(job) : job;
            (PreparedData data, TrainedModel model) = Train(trained, target);
            accuracies[part] = AccuracyOn(trained, data, model, MeasuredOf(trained, data));
            PreparedData shown = PreparedData.LoadTriggered(trained, job.Data.Attack!, Learners.NumbersFor(job), target.Storage);
            successes[part] = SuccessOf(trained, shown, model, job.Data.Attack!);
        });
        JsonObject figures = new()
        {
            ["attack"] = Name,
            ["clean_accuracy"] = accuracies[0],
            ["attacked_accuracy"] = accuracies[1],
            ["success_rate"] = successes[1],
            ["success_rate_of_clean_model"] = successes[0],
            ["fraction"] = job.Data.Attack!.Fraction,
            ["aggregate"] = job.Training.Aggregate.Name,
        };
        return new AttackReport(figures, [ThreatModel]);
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
