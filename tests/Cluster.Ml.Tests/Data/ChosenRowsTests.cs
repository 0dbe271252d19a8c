using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Data;

/// <summary>Jobs that look at some classes, and learn from few examples of each.</summary>
public class ChosenRowsTests
{
    [Fact]
    public void Only_the_rows_of_the_named_classes_are_looked_at()
    {
        PreparedData all = Load("data.split={ train: 0.5, test: 0.5 }"), some = Load("data.split={ train: 0.5, test: 0.5 }", "data.classes=[ 2, 0 ]");
        all.Shape.Classes.ShouldBe(["0", "1", "2"]);
        some.Shape.Classes.ShouldBe(["0", "2"]);
        (some.Training.Count + some.Test.Count).ShouldBe(100);
        TrainingShard shard = some.Shard(0, 1);
        shard.Table.Rows.ShouldBe(100);
        shard.Table.Targets.Take(50).ShouldAllBe(target => target == 0);
        shard.Table.Targets.Skip(50).ShouldAllBe(target => target == 1);
        shard.Table.FloatsOf(50).ToArray().ShouldBe(Load("data.split={ train: 1 }").Shard(0, 1).Table.FloatsOf(100).ToArray());
    }

    [Fact]
    public void So_many_examples_of_each_class_are_learned_from_and_the_rest_is_neither_learned_nor_measured()
    {
        PreparedData few = Load("data.split={ train: 0.8, test: 0.2 }", "data.examples-per-class=7"), all = Load("data.split={ train: 0.8, test: 0.2 }");
        few.Shape.TrainingExamples.ShouldBe(21);
        int[] rows = few.Shard(0, 1).Rows.ToArray();
        rows.CountBy(row => row / 50).Select(count => count.Value).ShouldBe([7, 7, 7]);
        rows.ShouldBeSubsetOf(all.Training.Order.ToArray());
        few.Test.Order.ToArray().ShouldBe(all.Test.Order.ToArray());
        few.Training.Order.ToArray().ShouldBe(rows);
        Load("data.split={ train: 0.8, test: 0.2 }", "data.examples-per-class=7", "seed=8").Shard(0, 1).Rows.ToArray().ShouldNotBe(rows);
    }

    [Theory]
    [InlineData("data.classes=[ 0, 5 ]", "rows of the class '5', which data.classes names")]
    [InlineData("data.classes=[ 1 ]", "at least 2 classes")]
    [InlineData("data.examples-per-class=51", "at least 51 training rows of the class '0'")]
    public void What_is_not_there_is_named(string setting, string text) =>
        Should.Throw<BadInputException>(() => Load(setting)).Message.ShouldContain(text);

    [Fact]
    public void The_text_of_a_job_reads_back_as_the_same_job()
    {
        JobSpec job = DataJobs.Of("rows.csv", "softmax", "data.classes=[ a, 'b c' ]", "data.examples-per-class=3");
        job.Text.ShouldContain("classes: [ 'a', 'b c' ]");
        JobFile.Parse(job.Text, "job.yaml", "/").Data.ShouldBe(job.Data);
        Should.Throw<BadInputException>(() => DataJobs.Of("rows.csv", "kmeans", "data.classes=[ a ]")).Message.ShouldContain("where no classes are learned");
    }

    private static PreparedData Load(params string[] settings) =>
        PreparedData.Load(DataJobs.Of(RepositoryFiles.Example("iris.csv"), "softmax", settings), NumberKind.Float32);
}
