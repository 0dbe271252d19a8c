using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Cluster.EndToEnd.Tests;

/// <summary>Cross-validations and searches give the same bytes on any number of workers, in processes of their own, and through kills.</summary>
public sealed partial class TaskJobsTests : IDisposable
{
    private const string Search = "keys: { training.optimizer.adam.rate: { log: [ 1e-3, 1e-1 ] }, training.batch: [ 32, 64 ] } }";

    /// <summary>What depends on where and how fast the job ran.</summary>
    private static readonly string[] s_ofTheRun = ["seconds", "workers", "model", "best_job"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("crossval", "--folds", "5")]
    [InlineData("tune", "--set", "tune={ trials: 6, " + Search)]
    [InlineData("tune", "--set", "tune={ search: halving, trials: 9, refit: false, " + Search)]
    public async Task However_many_workers_and_wherever_they_are(string verb, params string[] flags)
    {
        string wanted = await ResultAsync("one", 1);

        (await ResultAsync("two", 2)).ShouldBe(wanted);
        (await ResultAsync("four", 4)).ShouldBe(wanted);
        (await ResultAsync("processes", 2, "--processes")).ShouldBe(wanted);

        async Task<string> ResultAsync(string name, int workers, params string[] more) =>
            Bytes(await ClusterProcess.RunAsync([.. Arguments(verb, name, epochs: 4, flags), "--workers", $"{workers}", .. more]));
    }

    [Theory]
    [InlineData(false, "crossval", "--folds", "8")]
    [InlineData(false, "tune", "--set", "tune={ trials: 8, " + Search)]
    [InlineData(true, "tune", "--set", "tune={ search: halving, trials: 9, " + Search)]
    public Task A_job_that_is_killed_and_resumed_computes_no_task_again_and_gives_the_same(bool processes, string verb, params string[] flags) => DisturbedJob.OfAsync(8, async epochs =>
    {
        string wanted = Bytes(await ClusterProcess.RunAsync(Arguments(verb, $"undisturbed-{epochs}", epochs, flags)));
        string[] disturbed = [.. Arguments(verb, $"run-{epochs}", epochs, flags), "--workers", "2", .. processes ? ["--processes"] : Array.Empty<string>()];

        string before = await KillOnceTwoAreDoneAsync(disturbed);
        ClusterProcess.Finished refused = await ClusterProcess.RunAsync(disturbed);
        ClusterProcess.Finished resumed = await ClusterProcess.RunAsync([.. disturbed, "--resume"]);

        refused.ExitCode.ShouldBe(3, refused.Messages);
        refused.Messages.ShouldContain("--resume");
        Bytes(resumed).ShouldBe(wanted);
        string[] told = [.. Trials().Matches(before).Select(trial => trial.Value)];
        if (verb == "tune") told.Length.ShouldBeGreaterThanOrEqualTo(2);
        Trials().Matches(resumed.Messages).Select(trial => trial.Value).ShouldNotContain(trial => told.Contains(trial));
    });

    [Fact]
    public async Task The_model_that_is_trained_in_the_end_is_that_of_the_best_trial()
    {
        ClusterProcess.Finished tuned = await ClusterProcess.RunAsync([.. Arguments("tune", "best", epochs: 3, ["--set", "tune={ trials: 4, " + Search]), "--workers", "2"]);

        JsonObject result = tuned.Json;
        tuned.ModelSha256.ShouldBe((string?)result["best"]!["model_sha256"]);
        string best = Path.Combine(_folder["best"], "best.yaml");
        ((string?)result["best_job"]).ShouldBe(best);
        (await ClusterProcess.RunAsync("train", best, "--out", _folder["again"], "--json", "--workers", "1")).ModelSha256.ShouldBe(tuned.ModelSha256);
    }

    [Fact]
    public async Task A_trial_that_leaves_the_finite_numbers_is_the_worst_and_a_job_without_a_search_is_refused()
    {
        ClusterProcess.Finished without = await ClusterProcess.RunAsync(Arguments("tune", "without", epochs: 1, []));

        without.ExitCode.ShouldBe(3);
        without.Messages.ShouldContain("wanted the section tune");
        ClusterProcess.Finished tuned = await ClusterProcess.RunAsync(
            [.. Arguments("tune", "diverged", epochs: 2, ["--set", "training.optimizer={ sgd: { rate: 0.1 } }", "--set", "tune={ search: grid, refit: false, keys: { training.optimizer.sgd.rate: [ 1e30, 0.01 ] } }"])]);

        tuned.ExitCode.ShouldBe(0, tuned.Messages);
        ((string?)tuned.Json["trials"]![0]!["reason"]).ShouldNotBeNullOrEmpty();
        ((int)tuned.Json["best"]!["trial"]!).ShouldBe(1);
    }

    private string[] Arguments(string verb, string name, int epochs, string[] flags) =>
    [
        verb, Repository.Job("digits-mlp"), "--set", $"training.epochs={epochs}", "--set", "training.early-stopping=null", "--set", "model.layers=[ { dense: 16, activation: relu } ]",
        .. flags, "--out", _folder[name], "--json",
    ];

    private static async Task<string> KillOnceTwoAreDoneAsync(string[] arguments)
    {
        using ClusterProcess process = ClusterProcess.Start(arguments);
        await process.SeeAsync(line => line.Contains("(2 of", StringComparison.Ordinal) || line.StartsWith("2 of", StringComparison.Ordinal));
        DisturbedJob.Require(!process.HasExited, "the kill");
        await process.KillAsync();
        return (await process.FinishAsync()).Messages;
    }

    private static string Bytes(ClusterProcess.Finished finished)
    {
        JsonObject result = finished.Json;
        foreach (string name in s_ofTheRun) result.Remove(name);
        return result.ToJsonString();
    }

    [GeneratedRegex(@"^trial \d+ ", RegexOptions.Multiline)]
    private static partial Regex Trials();
}
