using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli.Runs;
using Cluster.Messages;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;

namespace Cluster.Coordinator.Tests.Cli.Runs;

/// <summary>No run harms what lies there; what is whole takes the place of what was.</summary>
public sealed class RunOpeningTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-runs-");

    public void Dispose() => _folder.Delete(recursive: true);

    private RunPlace Named => new(Path.Combine(_folder.FullName, "out"), IsNumbered: false);

    private RunPlace Numbered => new(Path.Combine(_folder.FullName, "runs", "job"), IsNumbered: true);

    [Fact]
    public void A_finished_result_stays_until_another_is_whole_and_is_then_replaced_all_of_it()
    {
        Train(Named, "old", extra: "samples.png");
        File.WriteAllText(Path.Combine(Named.Path, "own.txt"), "mine");

        using (RunDirectory run = Open(Named)) Work(run, "half");
        Model(Named.Path).ShouldBe("old");

        Should.Throw<BadInputException>(() => Open(Named)).Message.ShouldContain("--resume");
        using (RunDirectory run = Open(Named, resume: true))
        {
            run.HasCheckpoint.ShouldBeTrue();
            Finish(run, "new");
        }
        Model(Named.Path).ShouldBe("new");
        File.Exists(Path.Combine(Named.Path, "samples.png")).ShouldBeFalse();
        File.ReadAllText(Path.Combine(Named.Path, "own.txt")).ShouldBe("mine");
        Directory.Exists(Path.Combine(Named.Path, RunFiles.WorkFolder)).ShouldBeFalse();
        Directory.GetFiles(Path.Combine(Named.Path, "checkpoints")).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_half_run_can_be_dropped_by_the_folder_that_the_refusal_names(bool afterWhole)
    {
        if (afterWhole) Train(Named, "old");
        using (RunDirectory run = Open(Named)) Work(run, "half");

        string advice = Should.Throw<BadInputException>(() => Open(Named)).Advice;
        Directory.Delete(advice[(advice.IndexOf("remove ", StringComparison.Ordinal) + "remove ".Length)..], recursive: true);

        using (RunDirectory run = Open(Named)) Finish(run, "new");
        Model(Named.Path).ShouldBe("new");
    }

    [Fact]
    public void A_run_that_was_stopped_while_it_took_its_place_takes_it_the_next_time()
    {
        Train(Named, "old");
        string work;
        using (RunDirectory run = Open(Named))
        {
            work = run.FullPath;
            Work(run, "new");
            RunFiles.Write(work, RunFiles.ResultFileName, Result("completed").ToJsonString());
        }
        File.WriteAllText(Path.Combine(work, "promoting"), "");
        File.Delete(Path.Combine(Named.Path, "job.yaml"));
        File.Move(Path.Combine(work, "job.yaml"), Path.Combine(Named.Path, "job.yaml"));

        using (RunDirectory run = Open(Named, resume: true)) run.Earlier.ShouldNotBeNull();

        Model(Named.Path).ShouldBe("new");
        File.Exists(Path.Combine(Named.Path, "job.yaml")).ShouldBeTrue();
    }

    [Fact]
    public void Each_run_has_its_number_and_latest_is_the_newest_whole_one()
    {
        Train(Numbered, "first");
        using (RunDirectory run = Open(Numbered)) Work(run, "broken off");

        NumberedRuns.Of(Numbered.Path).Select(Path.GetFileName).ShouldBe(["0001", "0002"]);
        Model(Path.Combine(Numbered.Path, "latest")).ShouldBe("first");
        using (RunDirectory run = Open(Numbered, resume: true))
        {
            Path.GetFileName(run.FullPath).ShouldBe("0002");
            Finish(run, "second");
        }
        Model(Path.Combine(Numbered.Path, "latest")).ShouldBe("second");
        Model(Path.Combine(Numbered.Path, "0001")).ShouldBe("first");
        RunLine.Of(Numbered.Path).Select(line => (line.Name, line.Status)).ShouldBe([("job/0001", "completed"), ("job/0002", "completed")]);
    }

    [Fact]
    public void Two_runs_at_once_have_two_numbers()
    {
        using RunDirectory first = Open(Numbered), second = Open(Numbered);
        first.FullPath.ShouldNotBe(second.FullPath);
        RunLine.Of(Numbered.Path).Select(line => line.Status).ShouldBe(["running", "running"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_finished_run_goes_on_to_more_epochs_in_a_copy(bool numbered)
    {
        RunPlace place = numbered ? Numbered : Named;
        Train(place, "four epochs");
        using RunDirectory run = new RunOpening(Job(TestData.MlpToTheEnd(6))).Open(place, resume: true);

        run.Earlier.ShouldBeNull();
        run.HasCheckpoint.ShouldBeTrue();
        File.ReadAllText(Path.Combine(run.FullPath, "journal.db")).ShouldBe("four epochs");
        Model(numbered ? Path.Combine(place.Path, "0001") : place.Path).ShouldBe("four epochs");
        Finish(run, "six epochs");
        Model(numbered ? Path.Combine(place.Path, "latest") : place.Path).ShouldBe("six epochs");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_copy_has_the_model_and_is_gone_where_its_job_was_refused(bool numbered)
    {
        RunPlace place = numbered ? Numbered : Named;
        Train(place, "four epochs");
        string copy;
        using (RunDirectory run = new RunOpening(Job(TestData.MlpToTheEnd(6))).Open(place, resume: true))
        {
            copy = run.FullPath;
            Model(copy).ShouldBe("four epochs");
            run.Conclude(Ended(JobStatus.Failed, FailureKind.BadInput), Result("failed"));
        }

        Directory.Exists(copy).ShouldBeFalse();
        using (RunDirectory run = Open(place, resume: true)) ((string?)run.Earlier.ShouldNotBeNull()["status"]).ShouldBe("completed");
        Model(numbered ? Path.Combine(place.Path, "0001") : place.Path).ShouldBe("four epochs");
    }

    [Fact]
    public void The_same_job_is_told_again_and_another_is_named_by_the_key_and_its_place()
    {
        Train(Named, "done");
        using (RunDirectory run = Open(Named, resume: true)) ((string?)run.Earlier.ShouldNotBeNull()["status"]).ShouldBe("completed");

        string message = Should.Throw<BadInputException>(
            () => new RunOpening(Job(Text.Replace("batch: 256", "batch: 128", StringComparison.Ordinal))).Open(Named, resume: true)).Message;
        message.ShouldContain("job.yaml:5:");
        message.ShouldContain("training.batch: 256");
        message.ShouldContain("got 128");
        Model(Named.Path).ShouldBe("done");
    }

    [Fact]
    public void A_run_that_failed_before_its_first_checkpoint_is_no_obstacle()
    {
        using (RunDirectory run = Open(Named)) run.Conclude(Ended(JobStatus.Failed, FailureKind.BadInput), Result("failed"));
        using (RunDirectory run = Open(Named)) Finish(run, "good");
        Model(Named.Path).ShouldBe("good");
    }

    [Theory]
    [InlineData("file", "a file")]
    [InlineData("file/below", "which is a file")]
    public void A_folder_that_cannot_be_is_refused_with_the_reason(string name, string reason)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "file"), "");
        BadInputException refused = Should.Throw<BadInputException>(
            () => new RunOpening(Job(Text)).Open(new RunPlace(Path.Combine(_folder.FullName, name), IsNumbered: false), resume: false));
        refused.Got.ShouldContain(reason);
        refused.Message.ShouldNotContain("locked");
    }

    [Fact]
    public void A_folder_in_use_is_called_locked()
    {
        using RunDirectory run = Open(Named);
        Should.Throw<BadInputException>(() => Open(Named)).Message.ShouldContain("locked");
        Should.Throw<BadInputException>(() => RunLock.Take(Named.Path, "--runs")).Advice.ShouldContain("name another --runs");
    }

    private static readonly string Text = TestData.MlpToTheEnd(4);

    private RunDirectory Open(RunPlace place, bool resume = false) => new RunOpening(Job(Text)).Open(place, resume);

    private AskedJob Job(string text)
    {
        string file = Path.Combine(_folder.FullName, "job.yaml");
        File.WriteAllText(file, text);
        return new AskedJob(JobFile.Read(file, []), file, []);
    }

    private void Train(RunPlace place, string model, string? extra = null)
    {
        using RunDirectory run = Open(place);
        Work(run, model);
        if (extra is not null) File.WriteAllText(Path.Combine(run.FullPath, extra), "");
        run.Conclude(Ended(JobStatus.Completed), Result("completed"));
    }

    /// <summary>What training leaves in the folder it works in.</summary>
    private static void Work(RunDirectory run, string model)
    {
        Directory.CreateDirectory(Path.Combine(run.FullPath, "checkpoints"));
        File.WriteAllText(Path.Combine(run.FullPath, "checkpoints", $"step-{model.Length:D9}.ckpt"), model);
        File.WriteAllText(Path.Combine(run.FullPath, "journal.db"), model);
        File.WriteAllText(Path.Combine(run.FullPath, "model.cluster"), model);
    }

    private static void Finish(RunDirectory run, string model)
    {
        foreach (string old in RunFiles.Checkpoints(run.FullPath)) File.Delete(old);
        Work(run, model);
        run.Conclude(Ended(JobStatus.Completed), Result("completed"));
    }

    private static string Model(string folder) => File.ReadAllText(Path.Combine(folder, "model.cluster"));

    private static JsonObject Result(string status) => new() { ["status"] = status, ["epochs"] = 4 };

    private static JobFinished Ended(JobStatus status, FailureKind? kind = null) => new(
        new("digits-mlp"), status, "", "", 7, 2, [], [], [], [], [], double.NaN, double.NaN, kind, "");
}
