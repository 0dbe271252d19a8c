using System.Text.Json.Nodes;

namespace Cluster.EndToEnd.Tests;

/// <summary>The performance tasks at their small size: they run, and say what scripts read.</summary>
public sealed class BenchTests
{
    [Theory]
    [InlineData("sgemm", "gflops")]
    [InlineData("allreduce", "gb_per_s")]
    public async Task A_task_without_data_prints_its_figures(string task, string figure)
    {
        ClusterProcess.Finished finished = await ClusterProcess.RunAsync("bench", task, "--quick", "--threads", "2", "--json");

        finished.ExitCode.ShouldBe(0, finished.Messages);
        finished.Json["task"]!.GetValue<string>().ShouldBe(task);
        finished.Json["threads"]!.GetValue<int>().ShouldBe(2);
        finished.Json["seconds"]!.GetValue<double>().ShouldBeGreaterThan(0);
        finished.Json[figure]!.GetValue<double>().ShouldBeGreaterThan(0);
        finished.Json["peak_memory_mb"]!.GetValue<double>().ShouldBeGreaterThan(0);
    }

    [SkippableTheory]
    [InlineData("mnist-mlp", "test_accuracy")]
    [InlineData("mnist-dpsgd-mlp", "slowdown")]
    public async Task A_task_that_trains_gives_one_model_for_any_number_of_threads(string task, string figure)
    {
        Skip.If(Repository.SharedData is null, "the larger data sets are not here");
        JsonObject one = (await ClusterProcess.RunAsync("bench", task, "--quick", "--data", Repository.SharedData!, "--json")).Json;
        JsonObject two = (await ClusterProcess.RunAsync("bench", task, "--quick", "--threads", "2", "--workers", "2", "--data", Repository.SharedData!, "--json")).Json;

        one[figure]!.GetValue<double>().ShouldBeGreaterThan(0);
        two["model_sha256"]!.GetValue<string>().ShouldBe(one["model_sha256"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(2, "bench", "no-such-task")]
    [InlineData(2, "bench", "sgemm", "--threads", "0")]
    [InlineData(3, "bench", "mnist-mlp", "--data", "no-such-folder")]
    public async Task What_is_wrong_is_said(int exitCode, params string[] arguments)
    {
        ClusterProcess.Finished finished = await ClusterProcess.RunAsync(arguments);

        finished.ExitCode.ShouldBe(exitCode);
        finished.Messages.ShouldContain(arguments[^1]);
    }
}
