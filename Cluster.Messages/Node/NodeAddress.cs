using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Cluster.Messages.Node;

/// <summary>Where a node is reached.</summary>
/// <param name="Host">A host name or an IPv4 address.</param>
/// <param name="Port">1 … 65535; for a node's own address also 0, a free one.</param>
public readonly record struct NodeAddress(string Host, int Port)
{
    /// <summary>The loopback address, with a free port.</summary>
    public static NodeAddress Local { get; } = new("127.0.0.1", 0);

    /// <summary>Reads host:port.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out NodeAddress address)
    {
        address = default;
        int colon = text?.LastIndexOf(':') ?? -1;
        if (colon <= 0 || !NumberText.TryRead(text.AsSpan(colon + 1), out int port)) return false;
        address = new NodeAddress(text![..colon], port);
        return address.FindError() is null;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <summary>What is wrong with it; null if nothing is.</summary>
    internal string? FindError() => string.IsNullOrEmpty(Host) || Uri.CheckHostName(Host) is not (UriHostNameType.Dns or UriHostNameType.IPv4)
        ? $"wanted a host name or an IPv4 address, got '{Host}'"
        : Port is < 0 or > 65535 ? $"wanted a port of 0 to 65535, got {Port}" : null;
}
