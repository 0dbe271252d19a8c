using System.Collections.Immutable;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Seed.Dashboard;

namespace Cluster.Seed.Tests.Dashboard;

public sealed class DashboardDataTests
{
    private static readonly NamedFigure s_training = new("accuracy", 1), s_validation = new("accuracy", 0.5), s_test = new("accuracy", 0.75);

    [Fact]
    public void Of_a_result_the_list_keeps_one_figure_of_the_rows_that_tell_most()
    {
        FinalFigure.Of(Finished([s_training], [s_validation], [s_test])).ShouldBe(new FinalFigure("test accuracy 0.75"));
        FinalFigure.Of(Finished([s_training], [s_validation], [])).ShouldBe(new FinalFigure("validation accuracy 0.5"));
        FinalFigure.Of(Finished([s_training], [], [])).ShouldBe(new FinalFigure("training accuracy 1"));
        FinalFigure.Of(Finished([], [], [])).ShouldBe(new FinalFigure(""));
    }

    private static JobFinished Finished(ImmutableArray<NamedFigure> training, ImmutableArray<NamedFigure> validation, ImmutableArray<NamedFigure> test) => new(
        new JobId("digits"), JobStatus.Completed, "/runs/model", new string('a', 64), 100, 2, training, validation, test,
        [.. Enumerable.Range(0, 1000).Select(i => new TaskOutcome($"{i}", [s_test], "", ""))], [], double.NaN, double.NaN, null, "");
}
