namespace Cluster.Messages.Wire.Codecs;

/// <summary>Codecs of the conversation in Tasks.cs.</summary>
internal static class TasksCodecs
{
    public static void AddTo(MessageCodecs codecs) => codecs
        .Register<RunTask>("RT3", Write, ReadRunTask, Limits.JobMessageBytesMax)
        .Register<TaskStarted>("TS1", Write, reader => new TaskStarted(reader.Task(), reader.Worker()))
        .Register<TaskRefused>("TR1", Write, reader => new TaskRefused(reader.Task(), reader.Worker()))
        .Register<TaskCompleted>("TC1", Write, ReadTaskCompleted, Limits.MessageBytesMax)
        .Register<TaskFailed>("TF1", Write, ReadTaskFailed);

    private static void Write(WireWriter writer, RunTask message)
    {
        writer.Task(message.Task);
        writer.Choice((byte)message.Kind, (byte)TaskKind.Fold, nameof(message.Kind));
        writer.Int32(message.Count);
        writer.Text(message.JobText, Limits.JobTextBytesMax, nameof(message.JobText));
        writer.Text(message.BaseDirectory, Limits.PathBytesMax, nameof(message.BaseDirectory));
        writer.Text(message.DataSha256, Limits.HashBytesMax, nameof(message.DataSha256));
        writer.Actor(message.ReplyTo, nameof(message.ReplyTo));
        writer.Key(message.Secret, nameof(message.Secret));
    }

    private static RunTask ReadRunTask(WireReader reader) => new(
        reader.Task(), (TaskKind)reader.Choice((byte)TaskKind.Fold, nameof(RunTask.Kind)), reader.Int32(nameof(RunTask.Count)),
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
        ReadOnlySpan<string> names = message.Names.AsSpan();
        writer.Count(names.Length, Limits.FigureCountMax, nameof(message.Names));
        foreach (string name in names) writer.Text(name, Limits.FigureNameBytesMax, nameof(message.Names));
        writer.Payload(message.Values, nameof(message.Values));
        writer.Text(message.ModelSha256, Limits.HashBytesMax, nameof(message.ModelSha256));
    }

    private static TaskCompleted ReadTaskCompleted(WireReader reader) => new(
        reader.Task(), reader.Worker(),
        reader.List(Limits.FigureCountMax, 1, nameof(TaskCompleted.Names), r => r.Text(Limits.FigureNameBytesMax, "Names")),
        reader.Payload(nameof(TaskCompleted.Values)), reader.Text(Limits.HashBytesMax, nameof(TaskCompleted.ModelSha256)));

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
