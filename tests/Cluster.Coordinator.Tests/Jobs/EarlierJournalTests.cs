using Cluster.Coordinator.Jobs;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Tasks;

namespace Cluster.Coordinator.Tests.Jobs;

/// <summary>What a version that knew no tasks but folds has journalled, byte by byte as it wrote it.</summary>
public sealed class EarlierJournalTests
{
    private static readonly MessageCodecs s_codecs = CoordinatorCodecs.AddTo(MessageCodecs.ForMessages());
    private readonly WireWriter _writer = new(NoActors.Instance);

    [Fact]
    public void A_fold_that_was_done_is_done()
    {
        double odd = BitConverter.Int64BitsToDouble(0x7FF8_0000_DEAD_BEEF);
        WriteTask();
        _writer.Count(2, 10, "");
        foreach (string name in new[] { "accuracy", "log-loss" }) _writer.Text(name, 100, "");
        _writer.Payload(new TensorPayload(PayloadKind.Float64, Some.Doubles(0.5, odd).Memory), "");
        _writer.Text(new string('a', 64), 64, "");

        TaskCompleted read = (TaskCompleted)Read("TC1");

        (read.Task, read.Worker).ShouldBe((new TaskId(new JobId("digits"), 3), new WorkerId("worker-1")));
        TaskReport report = TaskReport.FromBytes(read.Result.Bytes);
        report.ModelSha256.ShouldBe(new string('a', 64));
        report.Figures.Values.Select(figure => (figure.Key, BitConverter.DoubleToInt64Bits(figure.Value)))
            .ShouldBe([("accuracy", BitConverter.DoubleToInt64Bits(0.5)), ("log-loss", BitConverter.DoubleToInt64Bits(odd))]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void A_job_that_was_submitted_asks_for_its_folds(int folds)
    {
        foreach (string text in new[] { "digits", "model: { kind: softmax }", "/base", "/run" }) _writer.Text(text, 1000, "");
        foreach (int number in new[] { folds, 7, 2 }) _writer.Int32(number);

        Read("SJ3").ShouldBe(new SubmitJob(new JobId("digits"), "model: { kind: softmax }", "/base", "/run", folds == 0 ? null : new TaskOrder("fold", "5"), 7, 2));
    }

    [Fact]
    public void A_cross_validation_that_had_ended_has_its_folds()
    {
        _writer.Text("digits", 100, "");
        _writer.Byte((byte)JobStatus.Completed);
        foreach (string text in new[] { "", "" }) _writer.Text(text, 100, "");
        _writer.Int64(0);
        _writer.Int32(0);
        for (int list = 0; list < 3; list++) _writer.Count(0, 10, "");
        _writer.Count(1, 10, "");
        _writer.Count(1, 10, "");
        _writer.Text("accuracy", 100, "");
        _writer.Double(0.75);
        _writer.Text("hash", 64, "");
        _writer.Count(0, 10, "");
        foreach (double number in new[] { double.NaN, double.NaN }) _writer.Double(number);
        _writer.Boolean(false);
        _writer.Text("", 100, "");
        _writer.Double(double.NaN);

        JobFinished read = (JobFinished)Read("FN3");

        (read.Status, read.Reason).ShouldBe((JobStatus.Completed, ""));
        TaskOutcome fold = read.Tasks.ShouldHaveSingleItem();
        (fold.Label, fold.ModelSha256, fold.Reason).ShouldBe(("", "hash", ""));
        fold.Figures.ShouldBe([new NamedFigure("accuracy", 0.75)]);
    }

    [Fact]
    public void An_earlier_layout_is_never_written()
    {
        s_codecs.TryFind("TC1", out MessageCodec? codec).ShouldBeTrue();

        Should.Throw<UnsendableMessageException>(() => codec!.Write(_writer, new TaskCompleted(new TaskId(Some.Job, 0), new WorkerId("w"), default)));
        s_codecs.All.ShouldNotContain(codec!);
    }

    [Fact]
    public void The_end_of_a_stage_reads_back_as_it_was()
    {
        StageEnded ended = new(Some.Job, 0, "model: { kind: softmax }", JobReports.Failed(Some.Job, FailureKind.Busy, "reason") with
        {
            Tasks = [new TaskOutcome("training.batch=32", [new NamedFigure("accuracy", 0.5)], "hash", "")],
        });
        s_codecs.TryFind(typeof(StageEnded), out MessageCodec? codec).ShouldBeTrue();
        codec!.Write(_writer, ended);

        StageEnded read = (StageEnded)codec.Read(_writer.Written.ToArray(), NoActors.Instance);

        (read.Job, read.Stage, read.JobText, read.Result.Reason).ShouldBe((ended.Job, 0, ended.JobText, "reason"));
        read.Result.Tasks.ShouldHaveSingleItem().Label.ShouldBe("training.batch=32");
    }

    private void WriteTask()
    {
        _writer.Text("digits", 100, "");
        _writer.Int32(3);
        _writer.Text("worker-1", 100, "");
    }

    private object Read(string manifest)
    {
        s_codecs.TryFind(manifest, out MessageCodec? codec).ShouldBeTrue(manifest);
        return codec!.Read(_writer.Written.ToArray(), NoActors.Instance);
    }
}
