namespace Cluster.Actors.Events;

/// <summary>Writes log lines; formatted with string.Format only where the level is wanted.</summary>
public interface ILoggingAdapter
{
    bool IsDebugEnabled { get; }

    bool IsInfoEnabled { get; }

    bool IsWarningEnabled { get; }

    bool IsErrorEnabled { get; }

    bool IsEnabled(LogLevel logLevel);

    void Debug(string format, params object?[] args);

    void Debug(Exception? cause, string format, params object?[] args);

    void Info(string format, params object?[] args);

    void Info(Exception? cause, string format, params object?[] args);

    void Warning(string format, params object?[] args);

    void Warning(Exception? cause, string format, params object?[] args);

    void Error(string format, params object?[] args);

    void Error(Exception? cause, string format, params object?[] args);

    void Log(LogLevel logLevel, string format, params object?[] args);
}

/// <summary>Makes log adapters.</summary>
public static class Logging
{
    /// <summary>The adapter of the running actor; its lines carry the actor's path.</summary>
    public static ILoggingAdapter GetLogger(this IActorContext context)
    {
        ActorCell cell = (ActorCell)context;
        return new BusLogging(cell.Owner, cell.Self.Path.ToString(), cell.Actor?.GetType() ?? cell.Props.Type);
    }

    public static ILoggingAdapter GetLogger(ActorSystem system, object logSourceObj)
    {
        EmbeddedActorSystem embedded = (EmbeddedActorSystem)system;
        return new BusLogging(embedded, logSourceObj as string ?? (logSourceObj as Type)?.Name ?? logSourceObj.ToString() ?? "", logSourceObj.GetType());
    }
}

internal sealed class BusLogging(EmbeddedActorSystem system, string source, Type logClass) : ILoggingAdapter
{
    public bool IsDebugEnabled => IsEnabled(LogLevel.DebugLevel);

    public bool IsInfoEnabled => IsEnabled(LogLevel.InfoLevel);

    public bool IsWarningEnabled => IsEnabled(LogLevel.WarningLevel);

    public bool IsErrorEnabled => IsEnabled(LogLevel.ErrorLevel);

    public bool IsEnabled(LogLevel logLevel) => logLevel >= system.LogLevel;

    public void Debug(string format, params object?[] args) => Write(LogLevel.DebugLevel, null, format, args);

    public void Debug(Exception? cause, string format, params object?[] args) => Write(LogLevel.DebugLevel, cause, format, args);

    public void Info(string format, params object?[] args) => Write(LogLevel.InfoLevel, null, format, args);

    public void Info(Exception? cause, string format, params object?[] args) => Write(LogLevel.InfoLevel, cause, format, args);

    public void Warning(string format, params object?[] args) => Write(LogLevel.WarningLevel, null, format, args);

    public void Warning(Exception? cause, string format, params object?[] args) => Write(LogLevel.WarningLevel, cause, format, args);

    public void Error(string format, params object?[] args) => Write(LogLevel.ErrorLevel, null, format, args);

    public void Error(Exception? cause, string format, params object?[] args) => Write(LogLevel.ErrorLevel, cause, format, args);

    public void Log(LogLevel logLevel, string format, params object?[] args) => Write(logLevel, null, format, args);

    private void Write(LogLevel level, Exception? cause, string format, object?[] args)
    {
        if (!IsEnabled(level))
            return;
        string text = args.Length == 0 ? format : string.Format(CultureInfo.InvariantCulture, format, args);
        DateTimeOffset now = system.Now;
        LogEvent line = level switch
        {
            LogLevel.DebugLevel => new Debug(cause, source, logClass, text, now),
            LogLevel.InfoLevel => new Info(cause, source, logClass, text, now),
            LogLevel.WarningLevel => new Warning(cause, source, logClass, text, now),
            _ => new Error(cause, source, logClass, text, now),
        };
        system.EventStream.Publish(line);
    }
}
