using System.Globalization;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Tasks;

/// <summary>Cross-validation: a task trains on all folds but one and measures on that one.</summary>
/// <remarks>Source  Stone, "Cross-Validatory Choice and Assessment of Statistical Predictions", J. R. Statist. Soc. B 36 (1974)</remarks>
public sealed class FoldKind : TaskKind
{
    /// <summary>The kind's name.</summary>
    public const string KindName = "fold";

    /// <inheritdoc/>
    public override string Name => KindName;

    /// <inheritdoc/>
    public override string Meaning => "trains on all folds but one and measures on that one";

    /// <summary>What asks for so many folds.</summary>
    public static string SpecificationOf(int folds) => folds.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override void Require(TaskJob job) => FoldsOf(job.Specification, job.Spec.Name);

    /// <inheritdoc/>
    public override IReadOnlyList<string> NextRound(TaskJob job, IReadOnlyList<TaskDone> done) =>
        done.Count > 0 ? [] : [.. Enumerable.Repeat(job.Specification, FoldsOf(job.Specification, job.Spec.Name))];

    /// <inheritdoc/>
    public override PreparedData Load(TaskInput input, RowStorage storage)
    {
        Jobs.JobSpec spec = SpecOf(input);
        return PreparedData.LoadFold(spec, Learners.NumbersFor(spec), input.Index, FoldsOf(input.Specification, input.Job), storage);
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
    public override int TrainingsOf(TaskJob job) => FoldsOf(job.Specification, job.Spec.Name) - 1;

    private static int FoldsOf(string specification, string job) =>
        NumberText.TryRead(specification, out int folds) && folds is >= 2 and <= TasksMax ? folds
        : throw new BadInputException($"job {job}", null, null, $"2 to {TasksMax} folds", $"'{specification}'", "ask for more, or fewer");
}
