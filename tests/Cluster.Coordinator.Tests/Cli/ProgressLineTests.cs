using Cluster.Coordinator.Cli;
using Cluster.Messages;

namespace Cluster.Coordinator.Tests.Cli;

public sealed class ProgressLineTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(60, "epoch 20/40 · loss 0.25")]
    [InlineData(80, "epoch 20/40 · loss 0.25 · validation accuracy 0.9")]
    [InlineData(120, "1:00 elapsed, 1:02 left  epoch 20/40 · loss 0.25 · validation accuracy 0.9")]
    [InlineData(200, "12,345 examples/s · 3 workers")]
    public void As_many_figures_as_have_room_are_shown_in_one_line(int width, string text)
    {
        string line = Half().At(Minute, width, unicode: true);
        line.Length.ShouldBeLessThan(width);
        line.ShouldContain(text);
        line.ShouldContain(" 49%");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public void It_is_never_wider_than_the_terminal(int width)
    {
        ProgressLine line = new();
        line.OnSteps(Steps(1, 1_000_000_000, 99_999, 100_000) with { Loss = -1.2345e-300, ExamplesPerSecond = 1e12 }, TimeSpan.Zero);
        line.At(TimeSpan.FromDays(30), width, unicode: true).Length.ShouldBeLessThan(Math.Max(width, 21));
    }

    [Fact]
    public void The_last_epoch_is_the_last_number()
    {
        ProgressLine line = new();
        line.OnSteps(Steps(800, 800, 40, 40), Minute);
        line.At(Minute, 80, unicode: false).ShouldContain("epoch 40/40");
        line.At(Minute, 80, unicode: false).ShouldStartWith("########## 100%  1:00 elapsed");
    }

    [Fact]
    public void What_is_no_number_or_nothing_is_left_out()
    {
        ProgressLine folds = new() { Unit = "folds" }, watched = new();
        StepsProgressed two = Steps(2, 5, 0, 1) with { Loss = double.NaN, Accuracy = double.NaN, ExamplesPerSecond = 0, Workers = 0 };
        folds.OnSteps(two, Minute);
        watched.OnSteps(two, Minute);
        folds.At(Minute, 120, unicode: false).ShouldEndWith("2 of 5 folds");
        watched.At(Minute, 120, unicode: false).ShouldEndWith("2 of 5 done");
    }

    [Theory]
    [InlineData(JobStatus.Completed, 1, "########## 100%  1:00 elapsed  1 epoch, loss")]
    [InlineData(JobStatus.StoppedEarly, 20, "########## 100%  1:00 elapsed  20 epochs, loss")]
    [InlineData(JobStatus.Cancelled, 20, "####------  49%  1:02 left  epoch 20/40, loss")]
    [InlineData(JobStatus.Failed, 20, "####------  49%  1:02 left  epoch 20/40, loss")]
    public void A_job_that_came_to_its_end_is_done_however_few_its_epochs_were(JobStatus status, int epochs, string text)
    {
        ProgressLine line = Half();
        line.OnEnd(new JobFinished(Some.Job, status, "", "", 393, epochs, [], [], [], [], [], double.NaN, double.NaN, null, ""));
        line.At(Minute, 80, unicode: false).ShouldStartWith(text);
    }

    [Fact]
    public void What_is_left_counts_from_where_a_resumed_job_went_on()
    {
        ProgressLine line = new();
        line.OnSteps(Steps(500, 1000, 20, 40), TimeSpan.FromSeconds(10));
        line.OnSteps(Steps(600, 1000, 24, 40), TimeSpan.FromSeconds(20));
        line.At(TimeSpan.FromSeconds(20), 120, unicode: false).ShouldContain("0:20 elapsed, 0:40 left");
    }

    [Fact]
    public void Where_no_row_is_held_out_the_figures_are_explained_too()
    {
        EpochProgressed held = new(Some.Job, 0, 2, [new("loss", 0.3)], [new("accuracy", 0.9)], double.NaN), all = held with { Validation = [] };
        using StringWriter messages = new(System.Globalization.CultureInfo.InvariantCulture);
        ProgressDisplay display = ProgressDisplay.For(new Terminal(TextWriter.Null, messages, interactive: false));

        display.OnEpoch(all);
        display.OnEpoch(all);

        messages.ToString().ShouldStartWith(ProgressDisplay.Explanation(all));
        messages.ToString().Split('\n').Length.ShouldBe(4);
        ProgressDisplay.Explanation(held).ShouldContain("validation");
    }

    private static ProgressLine Half()
    {
        ProgressLine line = new();
        line.OnSteps(Steps(0, 800, 0, 40), TimeSpan.Zero);
        line.OnSteps(Steps(393, 800, 19, 40), Minute);
        line.OnEpoch(new EpochProgressed(Some.Job, 18, 40, [new("loss", 0.3)], [new("accuracy", 0.9)], double.NaN));
        return line;
    }

    private static StepsProgressed Steps(long step, long steps, int epoch, int epochs) =>
        new(Some.Job, step, steps, epoch, epochs, 0.25, 0.5, 12_345, 3);
}
