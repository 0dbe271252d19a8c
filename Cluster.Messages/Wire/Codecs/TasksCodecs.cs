using Cluster.Messages.Identifiers;

namespace Cluster.Messages.Wire.Codecs;

/// <summary>Codecs of the conversation in Tasks.cs.</summary>
internal static class TasksCodecs
{
    public static void AddTo(MessageCodecs codecs) => codecs
        .Register<RunTask>("RT4", Write, ReadRunTask, Limits.TaskMessageBytesMax)
        .Register<TaskStarted>("TS1", Write, reader => new TaskStarted(reader.Task(), reader.Worker()))
        .Register<TaskRefused>("TR1", Write, reader => new TaskRefused(reader.Task(), reader.Worker()))
        .Register<TaskCompleted>("TC2", Write, ReadTaskCompleted, Limits.TaskMessageBytesMax)
        .RegisterOld<TaskCompleted>("TC1", ReadFoldCompleted, Limits.MessageBytesMax)
        .Register<TaskFailed>("TF1", Write, ReadTaskFailed);

    public static void TaskKind(this WireWriter writer, string kind) => writer.Text(kind, Limits.TaskKindBytesMax, nameof(TaskKind));

    public static string TaskKind(this WireReader reader) => reader.Text(Limits.TaskKindBytesMax, nameof(TaskKind));

    public static void Specification(this WireWriter writer, string specification) =>
        writer.Text(specification, Limits.TaskSpecificationBytesMax, nameof(Specification));

    public static string Specification(this WireReader reader) => reader.Text(Limits.TaskSpecificationBytesMax, nameof(Specification));

    private static void Write(WireWriter writer, RunTask message)
    {
        writer.Task(message.Task);
        writer.TaskKind(message.Kind);
        writer.Specification(message.Specification);
        writer.Text(message.JobText, Limits.JobTextBytesMax, nameof(message.JobText));
        writer.Text(message.BaseDirectory, Limits.PathBytesMax, nameof(message.BaseDirectory));
        writer.Text(message.DataSha256, Limits.HashBytesMax, nameof(message.DataSha256));
        writer.Actor(message.ReplyTo, nameof(message.ReplyTo));
        writer.Key(message.Secret, nameof(message.Secret));
    }

    private static RunTask ReadRunTask(WireReader reader) => new(
        reader.Task(), reader.TaskKind(), reader.Specification(),
        reader.Text(Limits.JobTextBytesMax, nameof(RunTask.JobText)), reader.Text(Limits.PathBytesMax, nameof(RunTask.BaseDirectory)),
        reader.Text(Limits.HashBytesMax, nameof(RunTask.DataSha256)), reader.Actor(nameof(RunTask.ReplyTo)),
        reader.Key(nameof(RunTask.Secret)));

    private static void Write(WireWriter writer, TaskStarted message)
    {
        writer.Task(message.Task);
        writer.Worker(message.Worker);
    }

    private static void Write(WireWriter writer, TaskRefused message)
    {
        writer.Task(message.Task);
        writer.Worker(message.Worker);
    }

    private static void Write(WireWriter writer, TaskCompleted message)
    {
        writer.Task(message.Task);
        writer.Worker(message.Worker);
        writer.Bytes(message.Result.Bytes.Span, Limits.TaskResultBytesMax, nameof(message.Result));
    }

    private static TaskCompleted ReadTaskCompleted(WireReader reader) => new(
        reader.Task(), reader.Worker(), new TaskBytes(reader.Bytes(Limits.TaskResultBytesMax, nameof(TaskCompleted.Result)).AsMemory()));

    /// <summary>A fold of a version that knew no other tasks: figures and model, as that kind writes them now.</summary>
    private static TaskCompleted ReadFoldCompleted(WireReader reader)
    {
        TaskId task = reader.Task();
        WorkerId worker = reader.Worker();
        ImmutableArray<string> names = reader.List(Limits.FigureCountMax, 1, "Names", r => r.Text(Limits.FigureNameBytesMax, "Names"));
        double[] values = reader.Payload("Values").Doubles.ToArray();
        string sha256 = reader.Text(Limits.HashBytesMax, "ModelSha256");
        if (names.Length != values.Length) throw reader.Failure("Values", $"{names.Length} figures", $"{values.Length}");
        return new TaskCompleted(task, worker, FoldLayout.Write(names, values, sha256));
    }

    private static void Write(WireWriter writer, TaskFailed message)
    {
        writer.Task(message.Task);
        writer.Worker(message.Worker);
        writer.Failure(message.Kind);
        writer.Reason(message.Reason);
    }

    private static TaskFailed ReadTaskFailed(WireReader reader) =>
        new(reader.Task(), reader.Worker(), reader.Failure(), reader.Reason());
}
