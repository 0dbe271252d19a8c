namespace Cluster.Messages.Wire.Codecs;

/// <summary>Codecs of the conversation in Progress.cs.</summary>
internal static class ProgressCodecs
{
    private const int FigureBytesMin = 1 + sizeof(double);
    private const int FoldBytesMin = 1 + 1, OutcomeBytesMin = 1 + 1 + 1 + 1;

    public static void AddTo(MessageCodecs codecs) => codecs
        .Register<SubscribeProgress>("SP1", Write, r => new SubscribeProgress(r.Job(), r.Actor(nameof(SubscribeProgress.Subscriber))))
        .Register<StepsProgressed>("GP1", Write, ReadStepsProgressed)
        .Register<EpochProgressed>("EP1", Write, ReadEpochProgressed, Limits.MessageBytesMax)
        .Register<TaskProgressed>("TP1", Write, ReadTaskProgressed, Limits.TaskMessageBytesMax)
        .Register<JobFinished>("FN4", Write, ReadJobFinished, Limits.MessageBytesMax)
        .RegisterOld<JobFinished>("FN3", ReadFolds, Limits.MessageBytesMax);

    public static void Write(WireWriter writer, JobFinished message)
    {
        writer.Job(message.Job);
        writer.Status(message.Status);
        writer.Text(message.ModelPath, Limits.PathBytesMax, nameof(message.ModelPath));
        writer.Text(message.ModelSha256, Limits.HashBytesMax, nameof(message.ModelSha256));
        writer.Int64(message.Steps);
        writer.Int32(message.Epochs);
        Write(writer, message.Training, nameof(message.Training));
        Write(writer, message.Validation, nameof(message.Validation));
        Write(writer, message.Test, nameof(message.Test));
        ReadOnlySpan<TaskOutcome> tasks = message.Tasks.AsSpan();
        writer.Count(tasks.Length, Limits.ShardCountMax, nameof(message.Tasks));
        foreach (TaskOutcome task in tasks) Write(writer, task);
        Write(writer, message.Exchange, nameof(message.Exchange));
        writer.Double(message.Epsilon);
        writer.Double(message.Delta);
        writer.Boolean(message.FailureKind.HasValue);
        if (message.FailureKind is { } kind) writer.Failure(kind);
        writer.Reason(message.Reason);
        writer.Double(message.DataEpsilon);
    }

    public static JobFinished ReadJobFinished(WireReader reader) => Read(reader, r => r.List(Limits.ShardCountMax, OutcomeBytesMin, nameof(JobFinished.Tasks), ReadOutcome));

    /// <summary>The end of a job of a version that knew no tasks but folds.</summary>
    private static JobFinished ReadFolds(WireReader reader) => Read(reader, r => r.List(Limits.ShardCountMax, FoldBytesMin, "Folds", ReadFold));

    private static JobFinished Read(WireReader reader, Func<WireReader, ImmutableArray<TaskOutcome>> tasks) => new(
        reader.Job(), reader.Status(), reader.Text(Limits.PathBytesMax, nameof(JobFinished.ModelPath)),
        reader.Text(Limits.HashBytesMax, nameof(JobFinished.ModelSha256)), reader.Int64(nameof(JobFinished.Steps)),
        reader.Int32(nameof(JobFinished.Epochs)), ReadFigures(reader, nameof(JobFinished.Training)),
        ReadFigures(reader, nameof(JobFinished.Validation)), ReadFigures(reader, nameof(JobFinished.Test)),
        tasks(reader), ReadFigures(reader, nameof(JobFinished.Exchange)), reader.Double(nameof(JobFinished.Epsilon)),
        reader.Double(nameof(JobFinished.Delta)), reader.Boolean(nameof(JobFinished.FailureKind)) ? reader.Failure() : null, reader.Reason(), reader.Double(nameof(JobFinished.DataEpsilon)));

    private static void Write(WireWriter writer, SubscribeProgress message)
    {
        writer.Job(message.Job);
        writer.Actor(message.Subscriber, nameof(message.Subscriber));
    }

    private static void Write(WireWriter writer, StepsProgressed message)
    {
        writer.Job(message.Job);
        writer.Int64(message.Step);
        writer.Int64(message.Steps);
        writer.Int32(message.Epoch);
        writer.Int32(message.Epochs);
        writer.Double(message.Loss);
        writer.Double(message.Accuracy);
        writer.Double(message.ExamplesPerSecond);
        writer.Int32(message.Workers);
    }

    private static StepsProgressed ReadStepsProgressed(WireReader reader) => new(
        reader.Job(), reader.Int64(nameof(StepsProgressed.Step)), reader.Int64(nameof(StepsProgressed.Steps)),
        reader.Int32(nameof(StepsProgressed.Epoch)), reader.Int32(nameof(StepsProgressed.Epochs)),
        reader.Double(nameof(StepsProgressed.Loss)), reader.Double(nameof(StepsProgressed.Accuracy)),
        reader.Double(nameof(StepsProgressed.ExamplesPerSecond)), reader.Int32(nameof(StepsProgressed.Workers)));

    private static void Write(WireWriter writer, EpochProgressed message)
    {
        writer.Job(message.Job);
        writer.Int32(message.Epoch);
        writer.Int32(message.Epochs);
        Write(writer, message.Training, nameof(message.Training));
        Write(writer, message.Validation, nameof(message.Validation));
        writer.Double(message.Epsilon);
    }

    private static EpochProgressed ReadEpochProgressed(WireReader reader) => new(
        reader.Job(), reader.Int32(nameof(EpochProgressed.Epoch)), reader.Int32(nameof(EpochProgressed.Epochs)),
        ReadFigures(reader, nameof(EpochProgressed.Training)), ReadFigures(reader, nameof(EpochProgressed.Validation)),
        reader.Double(nameof(EpochProgressed.Epsilon)));

    private static void Write(WireWriter writer, ImmutableArray<NamedFigure> figures, string field)
    {
        ReadOnlySpan<NamedFigure> span = figures.AsSpan();
        writer.Count(span.Length, Limits.FigureCountMax, field);
        foreach (NamedFigure figure in span)
        {
            writer.Text(figure.Name, Limits.FigureNameBytesMax, field);
            writer.Double(figure.Value);
        }
    }

    private static ImmutableArray<NamedFigure> ReadFigures(WireReader reader, string field) =>
        reader.List(Limits.FigureCountMax, FigureBytesMin, field, ReadFigure);

    private static NamedFigure ReadFigure(WireReader reader) =>
        new(reader.Text(Limits.FigureNameBytesMax, "Figure.Name"), reader.Double("Figure.Value"));

    private static void Write(WireWriter writer, TaskOutcome task)
    {
        writer.Text(task.Label, Limits.TaskSpecificationBytesMax, nameof(task.Label));
        Write(writer, task.Figures, nameof(task.Figures));
        writer.Text(task.ModelSha256, Limits.HashBytesMax, nameof(task.ModelSha256));
        writer.Reason(task.Reason);
    }

    private static TaskOutcome ReadOutcome(WireReader reader) => new(
        reader.Text(Limits.TaskSpecificationBytesMax, nameof(TaskOutcome.Label)), ReadFigures(reader, nameof(TaskOutcome.Figures)),
        reader.Text(Limits.HashBytesMax, nameof(TaskOutcome.ModelSha256)), reader.Reason());

    private static TaskOutcome ReadFold(WireReader reader) => new(
        "", ReadFigures(reader, nameof(TaskOutcome.Figures)), reader.Text(Limits.HashBytesMax, nameof(TaskOutcome.ModelSha256)), "");

    private static void Write(WireWriter writer, TaskProgressed message)
    {
        writer.Job(message.Job);
        writer.Int32(message.Index);
        writer.Int32(message.Done);
        writer.Int32(message.Count);
        Write(writer, message.Outcome);
    }

    private static TaskProgressed ReadTaskProgressed(WireReader reader) => new(
        reader.Job(), reader.Int32(nameof(TaskProgressed.Index)), reader.Int32(nameof(TaskProgressed.Done)), reader.Int32(nameof(TaskProgressed.Count)), ReadOutcome(reader));
}
