using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using Cluster.Coordinator.Local;
using Cluster.Messages;
using Cluster.Messages.Node;

namespace Cluster.Coordinator.Cli;

/// <summary>`--dashboard [PORT]`: the job can be watched in a browser of this machine, with the token that is drawn for this run.</summary>
internal sealed class DashboardFlag
{
    // In base64 the whole address fits into a line of 80 columns: a terminal would not open one that is broken in two.
    private const int TokenBytes = 20, PortMax = 65535;
    private const string Host = "127.0.0.1";

    public DashboardFlag() => Option.CustomParser = result =>
    {
        if (result.Tokens.Count == 0) return null;
        string text = result.Tokens[0].Value;
        if (NumberText.TryRead(text, out int port) && port is >= 0 and <= PortMax) return port;
        result.AddError($"{Option.Name}: wanted a port, 0 to {PortMax}, or nothing, got '{text}'; put the job file in front of {Option.Name}.");
        return null;
    };

    public Option<int?> Option { get; } = new("--dashboard")
    {
        Description = "Serves a dashboard on loopback while the job runs, at PORT (default: a free one), and prints its address.",
        HelpName = "PORT",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>The cluster with a dashboard, if one is wanted.</summary>
    public LocalClusterOptions Of(ParseResult parsed, LocalClusterOptions cluster, SubmitJob job) => !IsGiven(parsed) ? cluster : cluster with
    {
        Http = new NodeAddress(Host, parsed.GetValue(Option) ?? 0),
        Token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes)),
        Watched = job,
    };

    /// <summary>A running cluster has a dashboard already.</summary>
    /// <exception cref="CommandFailedException">Another is wanted.</exception>
    public void RequireAbsence(ParseResult parsed)
    {
        if (IsGiven(parsed)) throw new CommandFailedException(ExitCode.Usage, $"{Option.Name}: wanted a training on this machine, got --connect; that cluster's own dashboard is at /dashboard of its address.");
    }

    /// <summary>Prints the address. A browser sends the part after # to no server; the page reads the token from it.</summary>
    public static void Tell(Terminal terminal, LocalCluster cluster, LocalClusterOptions options)
    {
        if (cluster.Dashboard is { } address && options.Token is { } token) terminal.Say($"dashboard: {address}#token={token}");
    }

    private bool IsGiven(ParseResult parsed) => parsed.GetResult(Option) is { Implicit: false };
}
