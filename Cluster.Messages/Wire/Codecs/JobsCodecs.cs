using Cluster.Messages.Identifiers;

namespace Cluster.Messages.Wire.Codecs;

/// <summary>Codecs of what the command and the job manager say to each other (Jobs.cs).</summary>
internal static class JobsCodecs
{
    private const int JobLineBytesMin = 2 + 1 + sizeof(long) + (3 * sizeof(int));

    public static void AddTo(MessageCodecs codecs) => codecs
        .Register<SubmitJob>("SJ4", Write, ReadSubmitJob, Limits.TaskMessageBytesMax)
        .RegisterOld<SubmitJob>("SJ3", ReadFolds, Limits.JobMessageBytesMax)
        .Register<ResumeJob>("RJ1", (writer, message) => WriteRun(writer, message.Job, message.Run), reader => new ResumeJob(reader.Job(), ReadRun(reader)))
        .Register<JobAccepted>("JA2", Write, reader => new JobAccepted(reader.Job(), ReadRun(reader), reader.Status()))
        .Register<JobRefused>("JR1", Write, reader => new JobRefused(reader.Job(), reader.Failure(), reader.Reason()))
        .Register<CancelJob>("CA2", (writer, message) => WriteRun(writer, message.Job, message.Run), reader => new CancelJob(reader.Job(), ReadRun(reader)))
        .Register<JobCancelling>("JC1", (writer, message) => writer.Job(message.Job), reader => new JobCancelling(reader.Job()))
        .Register<ListJobs>("LJ1", (_, _) => { }, _ => new ListJobs())
        .Register<JobList>("JL2", Write, ReadJobList, Limits.MessageBytesMax)
        .Register<DescribeJob>("DJ1", (writer, message) => writer.Job(message.Job), reader => new DescribeJob(reader.Job()))
        .Register<JobDescribed>("JD4", Write, ReadJobDescribed, Limits.MessageBytesMax)
        .Register<ReadModel>("RM1", Write, reader => new ReadModel(reader.Job(), reader.Int64(nameof(ReadModel.Offset))))
        .Register<ModelRead>("MR1", Write, ReadModelRead, Limits.VectorMessageBytesMax);

    public static void Failure(this WireWriter writer, FailureKind kind) =>
        writer.Choice((byte)kind, (byte)FailureKind.Busy, nameof(Failure));

    public static FailureKind Failure(this WireReader reader) =>
        (FailureKind)reader.Choice((byte)FailureKind.Busy, nameof(Failure));

    public static void Status(this WireWriter writer, JobStatus status) =>
        writer.Choice((byte)status, (byte)JobStatus.Failed, nameof(Status));

    public static JobStatus Status(this WireReader reader) =>
        (JobStatus)reader.Choice((byte)JobStatus.Failed, nameof(Status));

    private static void Write(WireWriter writer, SubmitJob message)
    {
        writer.Job(message.Job);
        writer.Text(message.JobText, Limits.JobTextBytesMax, nameof(message.JobText));
        writer.Text(message.BaseDirectory, Limits.PathBytesMax, nameof(message.BaseDirectory));
        writer.Text(message.RunDirectory, Limits.PathBytesMax, nameof(message.RunDirectory));
        writer.Boolean(message.Tasks is not null);
        if (message.Tasks is { } tasks)
        {
            writer.TaskKind(tasks.Kind);
            writer.Specification(tasks.Specification);
        }
        writer.Int32(message.Priority);
        writer.Int32(message.Servers);
    }

    private static SubmitJob ReadSubmitJob(WireReader reader) => new(
        reader.Job(), reader.Text(Limits.JobTextBytesMax, nameof(SubmitJob.JobText)),
        reader.Text(Limits.PathBytesMax, nameof(SubmitJob.BaseDirectory)), reader.Text(Limits.PathBytesMax, nameof(SubmitJob.RunDirectory)),
        reader.Boolean(nameof(SubmitJob.Tasks)) ? new TaskOrder(reader.TaskKind(), reader.Specification()) : null,
        ReadPriority(reader), ReadServers(reader));

    /// <summary>A job of a version that knew no tasks but folds.</summary>
    private static SubmitJob ReadFolds(WireReader reader) => new(
        reader.Job(), reader.Text(Limits.JobTextBytesMax, nameof(SubmitJob.JobText)),
        reader.Text(Limits.PathBytesMax, nameof(SubmitJob.BaseDirectory)), reader.Text(Limits.PathBytesMax, nameof(SubmitJob.RunDirectory)),
        TaskOrder.OfFolds(reader.Int32("Folds", 0, Limits.ShardCountMax)), ReadPriority(reader), ReadServers(reader));

    private static int ReadPriority(WireReader reader) => reader.Int32(nameof(SubmitJob.Priority), -Limits.PriorityMax, Limits.PriorityMax);

    private static int ReadServers(WireReader reader) => reader.Int32(nameof(SubmitJob.Servers), 1, Limits.RangeCountMax);

    private static void WriteRun(WireWriter writer, JobId job, int run)
    {
        writer.Job(job);
        writer.Int32(run);
    }

    private static int ReadRun(WireReader reader) => reader.Int32("Run", 1, int.MaxValue);

    private static void Write(WireWriter writer, JobAccepted message)
    {
        WriteRun(writer, message.Job, message.Run);
        writer.Status(message.Status);
    }

    private static void Write(WireWriter writer, JobRefused message)
    {
        writer.Job(message.Job);
        writer.Failure(message.Kind);
        writer.Reason(message.Reason);
    }

    private static void Write(WireWriter writer, JobList message)
    {
        ReadOnlySpan<JobLine> jobs = message.Jobs.AsSpan();
        writer.Count(jobs.Length, Limits.JobCountMax, nameof(message.Jobs));
        foreach (JobLine line in jobs) Write(writer, line);
    }

    private static JobList ReadJobList(WireReader reader) =>
        new(reader.List(Limits.JobCountMax, JobLineBytesMin, nameof(JobList.Jobs), ReadJobLine));

    private static void Write(WireWriter writer, JobLine line)
    {
        writer.Job(line.Job);
        writer.Status(line.Status);
        writer.Int32(line.Run);
        writer.Int32(line.Priority);
        writer.Int64(line.Step);
        writer.Int32(line.Epoch);
    }

    private static JobLine ReadJobLine(WireReader reader) => new(
        reader.Job(), reader.Status(), ReadRun(reader), reader.Int32(nameof(JobLine.Priority)),
        reader.Int64(nameof(JobLine.Step)), reader.Int32(nameof(JobLine.Epoch)));

    private static void Write(WireWriter writer, ReadModel message)
    {
        writer.Job(message.Job);
        writer.Int64(message.Offset);
    }

    private static void Write(WireWriter writer, ModelRead message)
    {
        writer.Job(message.Job);
        writer.Int64(message.Offset);
        writer.Int64(message.Length);
        writer.Bytes(message.Bytes.AsSpan(), Limits.ModelBlockBytesMax, nameof(message.Bytes));
    }

    private static ModelRead ReadModelRead(WireReader reader) => new(
        reader.Job(), reader.Int64(nameof(ModelRead.Offset)), reader.Int64(nameof(ModelRead.Length)),
        reader.Bytes(Limits.ModelBlockBytesMax, nameof(ModelRead.Bytes)));

    private static void Write(WireWriter writer, JobDescribed message)
    {
        Write(writer, message.Line);
        writer.Boolean(message.Finished is not null);
        if (message.Finished is { } finished) ProgressCodecs.Write(writer, finished);
    }

    private static JobDescribed ReadJobDescribed(WireReader reader) =>
        new(ReadJobLine(reader), reader.Boolean(nameof(JobDescribed.Finished)) ? ProgressCodecs.ReadJobFinished(reader) : null);
}
