using System.Globalization;
using Cluster.Messages;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Learning;
using Cluster.Ml.Tasks;

namespace Cluster.Simulation.Tests.Training;

/// <summary>All of a job's result that must not depend on what happened on the way, bit for bit.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Models">Hashes of its model, or of its tasks' models and its own.</param>
/// <param name="Figures">Steps, privacy spent, and every figure on the test rows.</param>
internal sealed record JobResult(JobStatus Status, string Models, string Figures)
{
    /// <summary>What the cluster said.</summary>
    public static JobResult Of(JobFinished finished) => new(
        finished.Status,
        string.Join(' ', finished.Tasks.Select(task => task.ModelSha256).Append(finished.ModelSha256).Where(hash => hash.Length > 0).Select(Short)),
        Describe(
            finished.Steps, finished.Epsilon,
            finished.Test.Concat(finished.Tasks.SelectMany(fold => fold.Figures)).Select(figure => figure.Value)));

    /// <summary>What one thread gave.</summary>
    public static JobResult Of(TrainedModel model) => new(
        model.Status == CourseStatus.Completed ? JobStatus.Completed : JobStatus.StoppedEarly, Short(model.Sha256),
        Describe(model.Steps, model.Epsilon ?? double.NaN, ValuesOf(model.Test)));

    /// <summary>What one thread gave, fold after fold.</summary>
    public static JobResult Of(IReadOnlyList<TrainedModel> folds) => new(
        JobStatus.Completed, string.Join(' ', folds.Select(fold => Short(fold.Sha256))),
        Describe(0, double.NaN, folds.SelectMany(fold => ValuesOf(fold.Test))));

    /// <summary>What one thread gave of a search: its trials, and the model in the end.</summary>
    public static JobResult Of(IReadOnlyList<TaskReport> trials, TrainedModel model) => new(
        JobStatus.Completed, string.Join(' ', trials.Select(trial => Short(trial.ModelSha256)).Append(Short(model.Sha256))),
        Describe(model.Steps, double.NaN, ValuesOf(model.Test).Concat(trials.SelectMany(trial => ValuesOf(trial.Figures)))));

    private static IEnumerable<double> ValuesOf(Metrics metrics) => metrics.Values.Select(figure => figure.Value);

    private static string Short(string hash) => hash.Length < 12 ? hash : hash[..12];

    private static string Describe(long steps, double epsilon, IEnumerable<double> figures) => FormattableString.Invariant(
        $"{steps} steps, epsilon {epsilon:R}, test {string.Join(' ', figures.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}");
}
