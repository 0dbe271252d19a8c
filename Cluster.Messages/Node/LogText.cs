namespace Cluster.Messages.Node;

/// <summary>Log lines as a person reads them. Where in the program something went wrong is said only to who asks for it.</summary>
public static class LogText
{
    /// <summary>The environment variable that asks for it, as `--verbose` does: anything but nothing or 0.</summary>
    public const string VerboseName = "CLUSTER_VERBOSE";

    private static readonly string[] s_remoting = ["/system/endpointManager", "/system/transports"];

    /// <summary>Whether that variable asks for it.</summary>
    public static bool IsAsked => Environment.GetEnvironmentVariable(VerboseName) is not (null or "" or "0");

    /// <summary>
    /// Whether Akka.NET says a line of itself: of members that come and go, of connections that are lost. The project's actors say what there is
    /// to say of these. The failure of an actor is no such line, but for those of remoting: these fail with each connection.
    /// </summary>
    /// <param name="line">The line.</param>
    public static bool IsAkkas(LogEvent line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return line.LogClass?.Namespace is { } name && (name == "Akka" || name.StartsWith("Akka.", StringComparison.Ordinal))
            && (!typeof(SupervisorStrategy).IsAssignableFrom(line.LogClass) || s_remoting.Any(path => line.LogSource.Contains(path, StringComparison.Ordinal)));
    }

    /// <summary>A line with its cause.</summary>
    /// <param name="line">The line.</param>
    /// <param name="verbose">Whether the cause's trace is wanted.</param>
    public static string Of(LogEvent line, bool verbose)
    {
        ArgumentNullException.ThrowIfNull(line);
        string level = line.LogLevel().ToString().Replace("Level", "", StringComparison.Ordinal).ToUpperInvariant();
        return $"[{level}][{line.Timestamp:O}][{line.LogSource}] {line.Message}{(line.Cause is { } cause ? $"{Environment.NewLine}{Of(cause, verbose)}" : "")}";
    }

    /// <summary>What was thrown: its trace if that is wanted, otherwise type and message, and those of its causes.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="verbose">Whether its trace is wanted.</param>
    public static string Of(Exception error, bool verbose)
    {
        ArgumentNullException.ThrowIfNull(error);
        return verbose ? error.ToString() : Describe(error);
    }

    /// <summary>Type and message of what was thrown, and those of its causes.</summary>
    public static string Describe(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        string text = $"{error.GetType().Name}: {error.Message.TrimEnd('.')}";
        for (Exception? cause = error.InnerException; cause is not null; cause = cause.InnerException)
            text += $" <- {cause.GetType().Name}: {cause.Message.TrimEnd('.')}";
        return text;
    }
}
