using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Tasks.Tuning;

/// <summary>A search for the best values of a job's keys: a task trains the job with some values and measures it.</summary>
/// <remarks>
/// Range    trials are compared by the figure that the search names, else by the first that has a direction, on the rows of
///          <see cref="TrialFigures.SplitOf"/>; nothing is told of the test rows
/// Failure  a trial whose training leaves the finite numbers is the worst, and the search goes on
/// </remarks>
public sealed class TrialKind : TaskKind
{
    /// <summary>The kind's name.</summary>
    public const string KindName = "trial";

    private static readonly string[] s_withoutSearch = ["tune=null"];

    /// <inheritdoc/>
    public override string Name => KindName;

    /// <inheritdoc/>
    public override string Meaning => "trains the job with other values of some keys and measures it on rows other than the test rows";

    /// <inheritdoc/>
    public override void Require(TaskJob job)
    {
        JobSpec spec = job.Spec;
        string place = $"job {spec.Name}";
        if (spec.Tune is null)
            throw new BadInputException(place, null, null, "the section tune, which says what is searched", "none", "add tune: { keys: { training.optimizer.adam.rate: { log: [ 1e-4, 1e-1 ] } } }");
        if (spec.Privacy is not null)
            throw new BadInputException(place, null, null, "a job without privacy", "a private one, of which each trial would spend", "search without privacy on data that need none, and train the private job with the values found");
        if (TrialFigures.Deciding(spec) is not [var deciding, ..])
            throw new BadInputException(place, null, null, "a model of which a figure says how good it is", $"kind: {spec.Model.Kind}", "nothing can be compared; train it");
        if (spec.Data.Split.Validation <= 0 && !deciding.JudgesTraining)
            throw new BadInputException(
                place, null, null, $"data.split.validation above 0, as trials are compared by {deciding.Name} on those rows", "0", $"set it to 0.15, for example{OtherFigures(spec)}");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> NextRound(TaskJob job, IReadOnlyList<TaskDone> done) => RoundsOf(job.Spec).Next(Reports(done));

    /// <summary>The job with a trial's values, and without the search.</summary>
    public override JobSpec SpecOf(TaskInput input)
    {
        JobSpec spec = input.Spec([.. TrialSettings.Split(input.Specification), .. s_withoutSearch]), searched = input.Spec();
        return PreparedData.TargetOf(spec.Model) == PreparedData.TargetOf(searched.Model) ? spec : throw new BadInputException(
            input.Job, null, null, $"tune.keys: models that learn the same as kind: {searched.Model.Kind}", $"kind: {spec.Model.Kind}", "compare models of one target");
    }

    /// <inheritdoc/>
    public override PreparedData Load(TaskInput input, RowStorage storage)
    {
        JobSpec spec = SpecOf(input);
        return PreparedData.LoadIdentified(spec, Learners.NumbersFor(spec), storage);
    }

    /// <inheritdoc/>
    public override byte[] Run(TaskInput input, PreparedData data)
    {
        try
        {
            JobSpec spec = SpecOf(input);
            TrainedModel model = SequentialTrainer.Train(spec, data);
            return new TaskReport(TrialFigures.Measure(spec, data, model), model.Sha256).ToBytes();
        }
        catch (DivergedException diverged)
        {
            return new TaskReport(Metrics.None, "") { Reason = diverged.Message }.ToBytes();
        }
    }

    /// <inheritdoc/>
    public override TaskReport ReportOf(TaskDone done) => TaskReport.FromBytes(done.Result) with { Label = done.Specification };

    /// <inheritdoc/>
    public override bool TrainsAfter(TaskJob job) => job.Spec.Tune is { Refit: true };

    /// <summary>The job with the best values, for all its epochs, and without the search.</summary>
    /// <exception cref="BadInputException">Every trial failed.</exception>
    public override string JobTextAfter(TaskJob job, IReadOnlyList<TaskDone> done) =>
        BestJob(job.Spec, Reports(done)) ?? throw NoneOf(job.Spec, ReportOf(done[0]), done.Count);

    /// <summary>The best trial; null if every one failed.</summary>
    public static int? BestOf(JobSpec searched, IReadOnlyList<TaskReport> trials) => RoundsOf(searched).Best(trials);

    /// <summary>The text of the job with the best values; null if every trial failed.</summary>
    public static string? BestJob(JobSpec searched, IReadOnlyList<TaskReport> trials)
    {
        if (BestOf(searched, trials) is not { } best) return null;
        IEnumerable<string> paths = searched.Tune!.Keys.Select(key => $"{key.Path}=");
        string[] chosen = [.. TrialSettings.Split(trials[best].Label).Where(setting => paths.Any(path => setting.StartsWith(path, StringComparison.Ordinal)))];
        return JobFile.Parse(searched.Text, $"{searched.Name}.yaml", searched.BaseDirectory, [.. chosen, .. s_withoutSearch]).Text;
    }

    private static TrialRounds RoundsOf(JobSpec spec) => new(spec, spec.Tune!);

    /// <summary>The figure that trials are compared by.</summary>
    public static Figure FigureOf(JobSpec searched) => TrialFigures.Deciding(searched)[0];

    /// <summary>What trials are compared by, lower being better; NaN if training failed.</summary>
    public static double LossOf(JobSpec searched, TaskReport trial) => TrialRounds.LossOf(searched, trial);

    /// <summary>What else could be done without validation rows: " or compare by …".</summary>
    private static string OtherFigures(JobSpec spec)
    {
        string[] names = [.. TrialFigures.Of(spec.Learner, spec.Model.Options).Where(figure => figure.JudgesTraining).Select(figure => figure.Name)];
        return names.Length == 0 ? "" : $", or compare on the training rows with tune.by: {string.Join(" or ", names)}";
    }

    private static BadInputException NoneOf(JobSpec spec, TaskReport first, int count) => first.Reason.Length > 0
        ? new($"job {spec.Name}", null, null, "a trial that stays finite", $"none of {count}; the first: {first.Reason.TrimEnd('.')}", "search smaller steps (training.optimizer)")
        : new($"job {spec.Name}", null, null, $"a trial of which {FigureOf(spec).Name} can be measured", $"none of {count}", "search other values: one cluster has no silhouette");

    private TaskReport[] Reports(IReadOnlyList<TaskDone> done) => [.. done.Select(ReportOf)];
}
