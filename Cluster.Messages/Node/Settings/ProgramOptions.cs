using Cluster.Messages.Node.Telemetry;

namespace Cluster.Messages.Node.Settings;

/// <summary>What every program of one node is told.</summary>
public record ProgramOptions
{
    /// <summary>The default address of a seed, through which the others join.</summary>
    public static readonly NodeAddress SeedAddressDefault = new("127.0.0.1", 4053);

    /// <summary>The node.</summary>
    public NodeOptions Node { get; init; } = new();

    /// <summary>The file in which the addresses of the other members are kept, by which the node, once restarted, finds its cluster again. Default: none.</summary>
    public string? KnownMembers { get; init; }

    /// <summary>Where health is asked for over HTTP. Default: nowhere.</summary>
    public NodeAddress? Health { get; init; }

    /// <summary>The collector that is sent what the node measures. Default: none.</summary>
    public Uri? Metrics { get; init; }

    /// <summary>How long the node tries to become a member. Default 1 min. Too short: a program that starts before its seed gives up. Limits: 1 s to 1 h.</summary>
    public TimeSpan JoinDeadline { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the node may take to leave. Default 30 s. Too short: others must find out by its silence. Limits: 1 s to 10 min.</summary>
    public TimeSpan LeaveDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Everything that is wrong, each with the option's name in front.</summary>
    public virtual ImmutableArray<string> Errors()
    {
        ImmutableArray<string>.Builder errors = ImmutableArray.CreateBuilder<string>();
        try
        {
            Node.Validated();
        }
        catch (BadNodeOptionsException bad)
        {
            errors.AddRange(bad.Errors);
        }
        if (KnownMembers is { } file && file.Trim().Length == 0) errors.Add($"{nameof(KnownMembers)}: wanted a file, got an empty name");
        if (Health is { } health && (health.FindError() ?? (health.Port == 0 ? "wanted a port of 1 to 65535, got 0" : null)) is { } error)
            errors.Add($"{nameof(Health)}: {error}");
        if (Metrics is { } collector && NodeMetrics.FindError(collector) is { } metricsError) errors.Add($"{nameof(Metrics)}: {metricsError}");
        if (JoinDeadline < TimeSpan.FromSeconds(1) || JoinDeadline > TimeSpan.FromHours(1))
            errors.Add($"{nameof(JoinDeadline)}: wanted 00:00:01 to 01:00:00, got {JoinDeadline}");
        if (LeaveDeadline < TimeSpan.FromSeconds(1) || LeaveDeadline > TimeSpan.FromMinutes(10))
            errors.Add($"{nameof(LeaveDeadline)}: wanted 00:00:01 to 00:10:00, got {LeaveDeadline}");
        return errors.DrainToImmutable();
    }
}
