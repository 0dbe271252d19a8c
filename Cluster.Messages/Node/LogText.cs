namespace Cluster.Messages.Node;

/// <summary>Log lines as a person reads them. Where in the program something went wrong is said only to who asks for it.</summary>
public static class LogText
{
    /// <summary>The environment variable that asks for it, as `--verbose` does: anything but nothing or 0.</summary>
    public const string VerboseName = "CLUSTER_VERBOSE";

    /// <summary>Whether stack traces are shown.</summary>
    public static bool ShowsTraces => Environment.GetEnvironmentVariable(VerboseName) is not (null or "" or "0");

    /// <summary>A line with its cause.</summary>
    public static string Of(LogEvent line)
    {
        ArgumentNullException.ThrowIfNull(line);
        string level = line.LogLevel().ToString().Replace("Level", "", StringComparison.Ordinal).ToUpperInvariant();
        return $"[{level}][{line.Timestamp:O}][{line.LogSource}] {line.Message}{(line.Cause is { } cause ? $"{Environment.NewLine}{Of(cause)}" : "")}";
    }

    /// <summary>What was thrown: its trace where that is asked for, otherwise type and message, and those of its causes.</summary>
    public static string Of(Exception fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return ShowsTraces ? fault.ToString() : Describe(fault);
    }

    /// <summary>Type and message of what was thrown, and those of its causes.</summary>
    public static string Describe(Exception fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        string text = $"{fault.GetType().Name}: {fault.Message.TrimEnd('.')}";
        for (Exception? cause = fault.InnerException; cause is not null; cause = cause.InnerException)
            text += $" <- {cause.GetType().Name}: {cause.Message.TrimEnd('.')}";
        return text;
    }
}
