using System.Collections.Concurrent;
using System.Text;
using Cluster.Coordinator.Jobs;
using Cluster.Messages;
using Cluster.Messages.Wire;
using Cluster.Ml.Privacy;

namespace Cluster.Coordinator.Tests.Privacy;

/// <summary>Private jobs: where their secret is, and what is told of their rows.</summary>
public sealed class PrivateJobTests
{
    private static readonly byte[] s_secret = TestData.Secret.ToBytes();

    [Theory]
    [InlineData("noise: 1.1")]
    [InlineData("noise: 1.1, clip-quantile: 0.5")]
    public async Task The_secret_is_drawn_once_and_kept_by_the_journal_through_any_restart(string noise)
    {
        string text = TestData.Private(epochs: 4).Replace("noise: 1.1", noise, StringComparison.Ordinal);
        text.ShouldContain(noise);
        int drawn = 0;
        await using CoordinatorBench bench = new() { DrawSecret = () => drawn++ == 0 ? TestData.Secret : PrivacySecret.Draw() };
        foreach (int stallAfter in (int[])[3, 9])
        {
            TaskCompletionSource stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
            await bench.Start(system => system.ActorOf(InlineWorker.PropsOf((push, count) =>
            {
                if (count < stallAfter) return [push];
                stalled.TrySetResult();
                return [];
            })));
            if (stallAfter == 3) await bench.Manager.Ask<object>(CoordinatorBench.Submit(text), CoordinatorBench.Deadline);
            await stalled.Task.WaitAsync(CoordinatorBench.Deadline);
            await bench.Stop();
        }
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf()));

        JobFinished finished = await bench.Finished(CoordinatorBench.Submit(text).Job);

        finished.ModelSha256.ShouldBe(CoordinatorBench.Sequential(text).Sha256);
        (await bench.Journalled("job-job")).Count(manifest => manifest.EndsWith("jSD1", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Two_runs_with_the_same_seed_have_no_noise_in_common()
    {
        List<string> models = [];
        for (int run = 0; run < 2; run++)
        {
            await using CoordinatorBench bench = new() { DrawSecret = PrivacySecret.Draw };
            await bench.Start(system => system.ActorOf(InlineWorker.PropsOf()));
            models.Add((await bench.Run(CoordinatorBench.Submit(TestData.Private(epochs: 1)))).ModelSha256);
        }
        models.Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task No_message_report_checkpoint_or_model_holds_the_secret_and_a_step_s_key_is_another_each_time()
    {
        ConcurrentQueue<object> heard = new();
        await using CoordinatorBench bench = new();
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf(heard: heard)));

        JobFinished finished = await bench.Run(CoordinatorBench.Submit(TestData.Private(epochs: 2)));

        ClusterMessageSerializer serializer = new((ExtendedActorSystem)bench.System, CoordinatorCodecs.AddTo(MessageCodecs.ForMessages()));
        foreach (object message in heard.Concat(bench.Reports).Append(finished)) ShouldNotHoldSecret(serializer.ToBinary(message), message);
        ShouldNotHoldSecret(bench.Models.Find("runs/job")!, "model");
        KeyBytes[] keys = [.. heard.OfType<PublishState>().Where(publish => publish.Sampling is not null).Select(publish => publish.Sampling!).Distinct()];
        keys.Length.ShouldBe((int)finished.Steps);
        heard.OfType<PublishState>().ShouldContain(publish => publish.Sampling == null, "what is measured needs none");
    }

    [Fact]
    public async Task Nothing_is_told_of_the_training_rows_but_the_model_and_epsilon()
    {
        await using CoordinatorBench bench = new();
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf()));

        JobFinished finished = await bench.Run(CoordinatorBench.Submit(TestData.Private(epochs: 3)));

        finished.Training.ShouldBeEmpty();
        finished.Test.ShouldNotBeEmpty();
        bench.Reports.OfType<EpochProgressed>().ShouldNotBeEmpty();
        bench.Reports.OfType<EpochProgressed>().ShouldAllBe(epoch => epoch.Training.IsEmpty && epoch.Epsilon > 0);
        bench.Reports.OfType<StepsProgressed>().ShouldAllBe(steps => double.IsNaN(steps.Loss) && double.IsNaN(steps.Accuracy));
    }

    [Fact]
    public async Task A_second_run_on_the_same_data_under_another_name_goes_on_from_what_the_first_has_spent()
    {
        await using CoordinatorBench bench = new() { DrawSecret = PrivacySecret.Draw };
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf()));
        string text = TestData.Private(epochs: 2);

        JobFinished first = await bench.Run(CoordinatorBench.Submit(text, "first")), second = await bench.Run(CoordinatorBench.Submit(text, "second"));
        JobFinished third = await bench.Run(CoordinatorBench.Submit(text.Replace("noise: 1.1", $"noise: 1.1, target-epsilon: {second.DataEpsilon:F3}", StringComparison.Ordinal), "third"));

        first.DataEpsilon.ShouldBe(first.Epsilon);
        second.Epsilon.ShouldBe(first.Epsilon);
        second.DataEpsilon.ShouldBeGreaterThan(second.Epsilon);
        third.FailureKind.ShouldBe(FailureKind.BadInput);
        third.Reason.ShouldContain("what all private runs on this data have spent");
        third.Steps.ShouldBe(0);
    }

    private static void ShouldNotHoldSecret(byte[] bytes, object what)
    {
        bytes.AsSpan().IndexOf(s_secret).ShouldBe(-1, $"{what}");
        foreach (string hex in new[] { Convert.ToHexString(s_secret), Convert.ToHexStringLower(s_secret) })
            bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(hex)).ShouldBe(-1, $"{what}");
    }
}
