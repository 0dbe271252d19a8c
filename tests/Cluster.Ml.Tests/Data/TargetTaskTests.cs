using System.Globalization;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Trees;

namespace Cluster.Ml.Tests.Data;

public sealed class TargetTaskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a b a c", "classification, as column 'y' holds texts")]
    [InlineData("1 ? b 2.5", "classification, as column 'y' holds texts")]
    [InlineData("0 1 1 ?", "classification, as column 'y' holds few whole numbers, 2 different ones")]
    [InlineData("1 2 3 1 2 3", "classification, as column 'y' holds few whole numbers, 3 different ones")]
    [InlineData("1.5 2.25 3.125 0.1", "regression, as column 'y' holds numbers with decimals")]
    [InlineData("1 2 3 4.5", "regression, as column 'y' holds numbers with decimals")]
    public void The_target_says_what_is_learned(string targets, string found)
    {
        JobSpec job = Read(targets, "kind: tree");

        job.TaskFound.ShouldBe(found);
        job.Text.ShouldContain($"task: {found[..found.IndexOf(',', StringComparison.Ordinal)]}");
        ((TreeOptions)job.Model.Options).Regresses.ShouldBe(found.StartsWith("regression", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1 2 3 4 1", "4 different whole numbers in column 'y'")]
    [InlineData("0.5 1.5 0.5 1.5", "2 different numbers with decimals in column 'y'")]
    [InlineData("1..60", "60 different whole numbers in column 'y'")]
    public void A_target_that_could_be_either_is_asked_for_with_both(string targets, string got)
    {
        BadInputException error = Should.Throw<BadInputException>(() => Read(targets, "kind: forest"));

        error.Message.ShouldContain("model.task to be classification or regression");
        error.Got.ShouldBe($"none, with {got}");
        error.Advice.ShouldContain("task: classification under model");
        error.Advice.ShouldContain("task: regression");
        error.Line.ShouldBe(2);
    }

    [Fact]
    public void What_is_written_stays()
    {
        JobSpec job = Read("1 2 3 4 1", "kind: boosting, task: regression");

        (job.TaskFound, JobFile.TaskOf(job)).ShouldBe((null, "regression"));
        Read("1 2 3 4 1", "kind: boosting", "model.task=classification").TaskFound.ShouldBeNull();
    }

    [Fact]
    public void Keys_of_one_task_alone_do_not_hide_what_the_target_says() =>
        Read("1.5 2.25 3.125", "kind: svm, epsilon: 0.01").TaskFound.ShouldNotBeNull().ShouldStartWith("regression");

    [Fact]
    public void Kinds_of_one_task_are_left_alone()
    {
        JobSpec job = Read("1.5 2.25 3.125", "kind: softmax");

        (job.TaskFound, JobFile.TaskOf(job)).ShouldBe((null, null));
    }

    [Fact]
    public void A_table_that_is_not_here_is_taken_for_classes_and_that_is_said()
    {
        string file = _folder.Write("job.yaml", "data: { source: away.csv, target: y }\nmodel: { kind: svm }\n");

        JobFile.Read(file, []).TaskFound.ShouldBe("classification, as the target cannot be looked at here");
    }

    [Fact]
    public void A_job_that_a_run_wrote_is_not_looked_at_again()
    {
        JobSpec job = Read("1.5 2.25 3.125", "kind: tree");
        string written = _folder.Write("effective.yaml", job.Text);

        (JobFile.ReadWritten(written).Text, JobFile.Read(written, []).TaskFound).ShouldBe((job.Text, null));
    }

    private JobSpec Read(string targets, string model, params string[] settings)
    {
        IEnumerable<string> all = targets == "1..60" ? Enumerable.Range(1, 60).Select(value => value.ToString(CultureInfo.InvariantCulture)) : targets.Split(' ');
        _folder.Write("rows.csv", $"x,y\n{string.Concat(all.Select((value, row) => $"{row},{value}\n"))}");
        return JobFile.Read(_folder.Write("job.yaml", $"data: {{ source: rows.csv, target: y }}\nmodel: {{ {model} }}\n"), settings);
    }
}
