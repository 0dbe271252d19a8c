using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Tasks;

namespace Cluster.Ml.Tests.Tasks;

public class FoldKindTests
{
    private const string Table = "data: { source: rows.csv }", Softmax = "\nmodel: { kind: softmax }";
    private const string Private = "\nprivacy: { noise: 1 }", Classes = "data: { source: rows.csv, classes: [a, b] }";

    private static TaskJob Job(string text, string specification) => new(JobFile.Parse(text, "job.yaml", "/"), specification);

    [Theory]
    [InlineData("5", 5)]
    [InlineData("5 repeats=4", 20)]
    [InlineData("5 time-ordered", 5)]
    [InlineData("7 repeats=2 group=site", 14)]
    public void There_is_a_task_for_each_fold_of_each_time(string specification, int tasks)
    {
        TaskJob job = Job(Table + Softmax, specification);

        new FoldKind().Require(job);
        new FoldKind().NextRound(job, []).ShouldBe(Enumerable.Repeat(specification, tasks));
        new FoldKind().NextRound(job, [new TaskDone(specification, default)]).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Table, "5 time-ordered group=site", "folds in time order or folds of groups", "leave --time-ordered or --group out")]
    [InlineData(Table, "5 repeats=2 time-ordered", "folds in time order once", "leave --repeats out")]
    [InlineData(Table, "100 repeats=41", "at most 4096 trainings", "ask for fewer repeats, or fewer folds")]
    [InlineData(Table, "5 group=target", "another group column than the target", "name the column of what rows have in common, such as a patient or a site")]
    [InlineData(Table, "5 group=", "the name of a group column", "name the column, or leave --group out")]
    [InlineData("data: { source: images, format: idx }", "5 group=site", "a table with the group column 'site'", "leave --group out")]
    public void What_cannot_be_together_is_refused(string data, string specification, string wanted, string advice)
    {
        BadInputException error = Should.Throw<BadInputException>(() => new FoldKind().Require(Job(data + Softmax, specification)));

        error.File.ShouldBe("job job");
        error.Wanted.ShouldStartWith(wanted);
        error.Advice.ShouldBe(advice);
    }

    [Theory]
    [InlineData("5 time-ordered", "folds in time order")]
    [InlineData("5 group=site", "folds of groups")]
    public void A_private_job_has_folds_of_equal_size_alone(string specification, string got)
    {
        Should.Throw<BadInputException>(() => new FoldKind().Require(Job(Classes + Softmax + Private, specification))).Got.ShouldBe(got);
        new FoldKind().TrainingsOf(Job(Classes + Softmax + Private, "5 repeats=3")).ShouldBe(12);
    }
}
