using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Data.Folds;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Tasks;

/// <summary>Cross-validation: a task trains on all folds but one, or on those before one, and measures on that one.</summary>
/// <remarks>Source  Stone, "Cross-Validatory Choice and Assessment of Statistical Predictions", J. R. Statist. Soc. B 36 (1974)</remarks>
public sealed class FoldKind : TaskKind
{
    /// <summary>The kind's name.</summary>
    public const string KindName = "fold";

    private const int GroupMax = 1000;

    /// <inheritdoc/>
    public override string Name => KindName;

    /// <inheritdoc/>
    public override string Meaning => "trains on all folds but one and measures on that one";

    /// <inheritdoc/>
    public override void Require(TaskJob job) => PlanOf(job);

    /// <inheritdoc/>
    public override IReadOnlyList<string> NextRound(TaskJob job, IReadOnlyList<TaskDone> done) =>
        done.Count > 0 ? [] : [.. Enumerable.Repeat(job.Specification, (int)PlanOf(job).Count)];

    /// <inheritdoc/>
    public override PreparedData Load(TaskInput input, RowStorage storage)
    {
        JobSpec spec = SpecOf(input);
        return PreparedData.LoadFold(spec, Learners.NumbersFor(spec), input.Index, PlanOf(new TaskJob(spec, input.Specification)), storage);
    }

    /// <inheritdoc/>
    public override byte[] Run(TaskInput input, PreparedData data)
    {
        TrainedModel model = SequentialTrainer.Train(SpecOf(input), data, secret: input.Secret);
        return new TaskReport(model.Test, model.Sha256).ToBytes();
    }

    /// <inheritdoc/>
    public override TaskReport ReportOf(TaskDone done) => TaskReport.FromBytes(done.Result);

    /// <summary>Each row is in all folds but its own.</summary>
    public override int TrainingsOf(TaskJob job) => PlanOf(job).TrainingsOfARow;

    private static FoldPlan PlanOf(TaskJob job)
    {
        string name = $"job {job.Spec.Name}";
        FoldPlan plan = FoldPlan.Read(job.Specification) is { Folds: <= TasksMax } read ? read
            : throw new BadInputException(name, null, null, $"2 to {TasksMax} folds", $"'{job.Specification}'", "ask for more, or fewer");
        if (plan.Count > TasksMax)
            throw new BadInputException(name, null, null, $"at most {TasksMax} trainings", $"{plan.Repeats} times {plan.Folds}", "ask for fewer repeats, or fewer folds");
        if (plan.IsTimeOrdered) RequireInOrder(name, plan);
        if (plan.Group is { } group) RequireGroup(name, group, job.Spec.Data);
        if (job.Spec.Privacy is not null && (plan.IsTimeOrdered || plan.Group is not null))
            throw new BadInputException(
                name, null, null, "folds of equal size for a private job, whose budget is counted by their rows", plan.IsTimeOrdered ? "folds in time order" : "folds of groups",
                plan.IsTimeOrdered ? "leave --time-ordered out" : "leave --group out");
        return plan;
    }

    private static void RequireInOrder(string name, FoldPlan plan)
    {
        if (plan.Group is not null)
            throw new BadInputException(name, null, null, "folds in time order or folds of groups", "both", "leave --time-ordered or --group out");
        if (plan.Repeats > 1)
            throw new BadInputException(name, null, null, "folds in time order once, as nothing of them is drawn at random", $"{plan.Repeats} times", "leave --repeats out");
    }

    private static void RequireGroup(string name, string group, DataSpec data)
    {
        if (!data.IsTable)
            throw new BadInputException(name, null, null, $"a table with the group column '{group}'", "images or a text", "leave --group out");
        if (group.Length is 0 or > GroupMax)
            throw new BadInputException(name, null, null, $"the name of a group column, of 1 to {GroupMax} characters", $"{group.Length}", "name the column, or leave --group out");
        if (group == data.Target)
            throw new BadInputException(name, null, null, "another group column than the target", $"'{group}'", "name the column of what rows have in common, such as a patient or a site");
    }
}
