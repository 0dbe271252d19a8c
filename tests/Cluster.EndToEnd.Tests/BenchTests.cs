using System.Reflection;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Bench;

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

    [SkippableFact]
    public async Task A_task_trains_for_as_many_epochs_as_it_is_told()
    {
        Skip.If(Repository.SharedData is null, "the larger data sets are not here");

        JsonObject told = (await ClusterProcess.RunAsync("bench", "mnist-mlp", "--quick", "--epochs", "3", "--data", Repository.SharedData!, "--json")).Json;

        told["epochs"]!.GetValue<double>().ShouldBe(3);
        told["seconds_best"]!.GetValue<double>().ShouldBeInRange(double.Epsilon, told["seconds"]!.GetValue<double>());
    }

    [SkippableTheory]
    [InlineData("cifar-cnn", "samples_per_s", "test_accuracy")]
    [InlineData("char-lstm", "chars_per_s", "test_perplexity")]
    [InlineData("word-lstm", "words_per_s", "test_perplexity")]
    [InlineData("mnist-vae", "samples_per_s", "test_reconstruction")]
    [InlineData("kjv-word2vec", "words_per_s")]
    [InlineData("mnist-dpsgd-cnn", "samples_per_s", "slowdown", "epsilon", "test_accuracy")]
    public async Task Every_other_task_that_trains_prints_its_figures(string task, params string[] figures)
    {
        Skip.If(Repository.SharedData is null, "the larger data sets are not here");

        ClusterProcess.Finished finished = await ClusterProcess.RunAsync(
            "bench", task, "--quick", "--threads", "2", "--workers", "2", "--data", Repository.SharedData!, "--json");

        finished.ExitCode.ShouldBe(0, finished.Messages);
        JsonObject last = finished.Json["rows"]!.AsArray()[^1]!.AsObject();
        foreach (string figure in figures) last[figure]!.GetValue<double>().ShouldBeGreaterThan(0, figure);
        last["model_sha256"]!.GetValue<string>().Length.ShouldBe(64);
    }

    [Fact]
    public void Every_task_is_tried_here()
    {
        IEnumerable<string> tried = typeof(BenchTests).GetMethods().SelectMany(method => method.GetCustomAttributes<InlineDataAttribute>()
            .Select(data => data.GetData(method).Single()[0])).OfType<string>();

        tried.ShouldBe(BenchTasks.All.Select(task => task.Name), ignoreOrder: true);
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
