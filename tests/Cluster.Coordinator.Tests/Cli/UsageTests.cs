using Cluster.Coordinator.Cli;
using Cluster.Coordinator.Cli.Remote;
using Cluster.Messages;
using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.Tests.Cli;

/// <summary>What a mistyped command is told.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("trian job.yaml", "wanted a verb, got 'trian'; did you mean 'train'")]
    [InlineData("privacy epsilom", "privacy: wanted a verb, got 'epsilom'; did you mean 'epsilon'")]
    [InlineData("xylophone", "wanted a verb, got 'xylophone'; known here: train, ")]
    [InlineData("train job.yaml --worker 2", "train: wanted a flag that it has, got '--worker'; did you mean '--workers'")]
    [InlineData("crossval job.yaml --flods=3", "crossval: wanted a flag that it has, got '--flods'; did you mean '--folds'")]
    [InlineData("node worke", "node: wanted a role, got 'worke'; did you mean 'worker'")]
    [InlineData("node worker --lisen 127.0.0.1:4053", "--lisen: wanted one of the flags that --help shows, got an unknown one; did you mean --listen", true)]
    public async Task The_nearest_word_is_named(string arguments, string message, bool onProcess = false)
    {
        (int code, string said, _) = await RunAsync(arguments);

        code.ShouldBe(ExitCode.Usage);
        if (!onProcess) said.ShouldContain(message);      // a node's program speaks to the process's own stream
        said.ShouldNotContain("Unrecognized");
        said.ShouldNotContain("System.");
    }

    [Theory]
    [InlineData("JOB.yaml", "train", "")]
    [InlineData("--out", "train", "job.yaml", "--out", "")]
    [InlineData("--data", "predict", "model.cluster", "--data", "")]
    [InlineData("--data-cache", "crossval", "job.yaml", "--folds", "2", "--data-cache", "")]
    [InlineData("--runs", "runs", "--runs", "")]
    public async Task An_empty_text_is_no_value(string name, params string[] arguments)
    {
        (int code, string said, _) = await RunAsync(arguments);

        code.ShouldBe(ExitCode.Usage);
        said.ShouldContain($"{name}: wanted a text, got an empty one");
    }

    [Theory]
    [InlineData("node --help")]
    [InlineData("node -h")]
    public async Task Help_is_no_error(string arguments)
    {
        (int code, _, string results) = await RunAsync(arguments);

        code.ShouldBe(ExitCode.Success);
        results.ShouldContain("cluster node worker");
    }

    [Theory]
    [InlineData(JobStatus.Completed, "`cluster watch done`", "--name OTHER")]
    [InlineData(JobStatus.StoppedEarly, "`cluster watch done`", "nothing was started")]
    [InlineData(JobStatus.Failed, "`cluster resume done`", "--name OTHER")]
    [InlineData(JobStatus.Cancelled, "`cluster resume done`", "nothing was started")]
    public void A_name_that_is_taken_says_what_to_do(JobStatus status, string what, string how)
    {
        string? advice = SubmitCommand.NothingStarted(new JobAccepted(new JobId("done"), 1, status));

        advice.ShouldNotBeNull();
        advice.ShouldContain(what);
        advice.ShouldContain(how);
    }

    [Fact]
    public void A_job_that_waits_or_runs_needs_no_advice()
    {
        foreach (JobStatus status in new[] { JobStatus.Queued, JobStatus.Running })
            SubmitCommand.NothingStarted(new JobAccepted(new JobId("new"), 1, status)).ShouldBeNull();
    }

    private static Task<(int Code, string Said, string Results)> RunAsync(string arguments) => RunAsync(arguments.Split(' '));

    private static async Task<(int Code, string Said, string Results)> RunAsync(string[] arguments)
    {
        StringWriter results = new(), messages = new();
        int code = await CommandLine.RunAsync(arguments, new Terminal(results, messages, interactive: false));
        return (code, messages.ToString(), results.ToString());
    }
}
