using Cluster.Ml.Jobs;

namespace Cluster.Ml.Tests.Jobs;

public sealed class JobChangeTests
{
    private const string Job = """
        name: first
        data: { source: a.csv, target: t }
        model: { kind: mlp, layers: [ { dense: 4, activation: relu } ] }
        training: { epochs: 5, batch: 8, micro-batches: 4, early-stopping: { patience: 3 } }
        """;

    [Theory]
    [InlineData("epochs: 5", "epochs: 50")]
    [InlineData("name: first", "name: second")]
    [InlineData("patience: 3", "patience: 30")]
    [InlineData("data:", "checkpoint: { every-steps: 7, keep: 9 }\ndata:")]
    [InlineData("batch: 8", "batch: 8, speculation: { after: 2 }")]
    public void What_no_step_depends_on_may_change(string from, string to)
    {
        JobSpec begun = Read(Job), now = Read(Job.Replace(from, to, StringComparison.Ordinal));
        JobChange.Between(begun, now).ShouldNotBeEmpty();
        JobChange.OfThePast(begun, now).ShouldBeEmpty();
        JobChange.PastOf(now).ShouldBe(JobChange.PastOf(begun));
    }

    [Theory]
    [InlineData("batch: 8", "batch: 16", "training.batch", "8", "16")]
    [InlineData("dense: 4", "dense: 5", "model.layers", null, null)]
    [InlineData(", early-stopping: { patience: 3 }", "", "training.early-stopping.minimum-gain", null, "none")]
    [InlineData("target: t", "target: u", "data.target", "t", "u")]
    public void What_steps_depend_on_is_named_with_both_values(string from, string to, string key, string? before, string? after)
    {
        JobSpec begun = Read(Job), now = Read(Job.Replace(from, to, StringComparison.Ordinal));
        JobDifference named = JobChange.OfThePast(begun, now).ShouldHaveSingleItem();
        named.Key.ShouldBe(key);
        if (before is not null) named.Begun.ShouldBe(before);
        if (after is not null) named.Now.ShouldBe(after);
        JobChange.PastOf(now).ShouldNotBe(JobChange.PastOf(begun));
    }

    [Theory]
    [InlineData("batch: 8", "batch: 8, schedule: { cosine: { minimum: 0.1 } }", "cosine")]
    public void More_epochs_change_the_past_where_steps_depend_on_their_number(string from, string to, string reason)
    {
        string text = Job.Replace(from, to, StringComparison.Ordinal);
        JobSpec begun = Read(text), now = Read(text.Replace("epochs: 5", "epochs: 6", StringComparison.Ordinal));
        JobDifference named = JobChange.OfThePast(begun, now).ShouldHaveSingleItem();
        named.Key.ShouldBe("training.epochs");
        named.Reason.ShouldNotBeNull().ShouldContain(reason);
        JobChange.PastOf(now).ShouldNotBe(JobChange.PastOf(begun));
    }

    [Fact]
    public void More_epochs_change_the_past_where_a_budget_is_shared_out_over_them()
    {
        const string text = """
            data: { source: rows.csv, target: y, classes: [ a, b ] }
            model: { kind: softmax }
            training: { epochs: 5 }
            privacy: { clip: 1, delta: 1e-5, target-epsilon: 3 }
            """;
        JobSpec begun = Read(text), now = Read(text.Replace("epochs: 5", "epochs: 6", StringComparison.Ordinal));
        JobChange.OfThePast(begun, now).ShouldHaveSingleItem().Reason.ShouldNotBeNull().ShouldContain("target-epsilon");
    }

    [Fact]
    public void A_key_s_place_is_where_it_was_written_last()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("cluster-places-");
        string file = Path.Combine(folder.FullName, "job.yaml");
        try
        {
            File.WriteAllText(file, Job);
            JobFile.PlaceOf(file, [], "training.batch").ShouldBe((file, 4, 31));
            JobFile.PlaceOf(file, ["training.batch=16"], "training.batch").ShouldBe(("--set training.batch=16", null, null));
            JobFile.PlaceOf(file, [], "seed").ShouldBe((file, null, null));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static JobSpec Read(string text) => JobFile.Parse(text, "job.yaml", Path.GetTempPath());
}
