using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Tasks;

namespace Cluster.Coordinator.Tests.Tasks;

/// <summary>A kind for tests: the tasks of each round ask for as many more as their figures sum up to, by index; a round without any ends it.</summary>
internal sealed class CountingKind : TaskKind
{
    public override string Name => "count";

    public override string Meaning => "asks for more of its kind";

    public override int ResultBytesMax => 200;

    public override void Require(TaskJob job)
    {
    }

    public override IReadOnlyList<string> NextRound(TaskJob job, IReadOnlyList<TaskDone> done)
    {
        if (done.Count == 0) return [.. Enumerable.Range(0, int.Parse(job.Specification, System.Globalization.CultureInfo.InvariantCulture)).Select(index => $"first {index}")];
        double[] asked = [.. done.Select(task => ReportOf(task).Figures["more"]!.Value)];
        int tasks = done.Count - (int)asked.Sum();
        int known = int.Parse(job.Specification, System.Globalization.CultureInfo.InvariantCulture);
        return tasks >= known ? [] : [.. done.SelectMany((task, index) => Enumerable.Range(0, (int)asked[index]).Select(more => $"{index} asks {more}")).Skip(done.Count - known)];
    }

    public override PreparedData Load(TaskInput input, RowStorage storage) => throw new NotSupportedException();

    public override byte[] Run(TaskInput input, PreparedData data) => throw new NotSupportedException();

    public override TaskReport ReportOf(TaskDone done) => TaskReport.FromBytes(done.Result) with { Label = done.Specification };

    /// <summary>What a task gives that asks for so many more.</summary>
    public static byte[] Result(int more, string reason = "") => new TaskReport(new Metrics([new("more", more)]), "") { Reason = reason }.ToBytes();
}
