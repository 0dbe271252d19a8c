namespace Cluster.Actors.Events;

/// <summary>How much a log line matters.</summary>
public enum LogLevel
{
    DebugLevel,
    InfoLevel,
    WarningLevel,
    ErrorLevel,
}

/// <summary>A log line, published on the event stream.</summary>
public abstract class LogEvent(Exception? cause, string logSource, Type logClass, object message, DateTimeOffset timestamp) : INoSerializationVerificationNeeded
{
    public Exception? Cause { get; } = cause;

    public DateTime Timestamp { get; } = timestamp.UtcDateTime;

    public string LogSource { get; } = logSource;

    public Type LogClass { get; } = logClass;

    public object Message { get; } = message;

    public abstract LogLevel LogLevel();

    public override string ToString() =>
        $"[{LogLevel().ToString().Replace("Level", "", StringComparison.Ordinal).ToUpperInvariant()}][{Timestamp:O}][{LogSource}] {Message}{(Cause is null ? "" : Environment.NewLine + Cause)}";
}

public class Debug(Exception? cause, string logSource, Type logClass, object message, DateTimeOffset timestamp)
    : LogEvent(cause, logSource, logClass, message, timestamp)
{
    public override LogLevel LogLevel() => Events.LogLevel.DebugLevel;
}

public class Info(Exception? cause, string logSource, Type logClass, object message, DateTimeOffset timestamp)
    : LogEvent(cause, logSource, logClass, message, timestamp)
{
    public override LogLevel LogLevel() => Events.LogLevel.InfoLevel;
}

public class Warning(Exception? cause, string logSource, Type logClass, object message, DateTimeOffset timestamp)
    : LogEvent(cause, logSource, logClass, message, timestamp)
{
    internal Warning(string logSource, Type logClass, object message, DateTimeOffset timestamp)
        : this(null, logSource, logClass, message, timestamp)
    {
    }

    public override LogLevel LogLevel() => Events.LogLevel.WarningLevel;
}

public class Error(Exception? cause, string logSource, Type logClass, object message, DateTimeOffset timestamp)
    : LogEvent(cause, logSource, logClass, message, timestamp)
{
    public override LogLevel LogLevel() => Events.LogLevel.ErrorLevel;
}
