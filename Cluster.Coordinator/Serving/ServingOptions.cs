using System.Security.Cryptography.X509Certificates;
using Cluster.Messages.Node;

namespace Cluster.Coordinator.Serving;

/// <summary>How models are served.</summary>
internal sealed record ServingOptions
{
    /// <summary>Where the server listens.</summary>
    public NodeAddress Address { get; init; } = new("127.0.0.1", 4090);

    /// <summary>The token that callers must show; empty for none, on loopback alone.</summary>
    public byte[] Token { get; init; } = [];

    /// <summary>The certificate that the server shows, and those that lead to its authority; null for plain HTTP.</summary>
    public X509Certificate2Collection? Certificates { get; init; }

    /// <summary>Rows that are predicted together.</summary>
    public int BatchRows { get; init; } = 64;

    /// <summary>How long a batch waits for more rows.</summary>
    public TimeSpan BatchDelay { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Threads that predict, of each model.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Rows of one request.</summary>
    public int RowsMax { get; init; } = 4096;

    /// <summary>Rows of one model that wait; more are refused.</summary>
    public int WaitingRowsMax { get; init; } = 65_536;

    /// <summary>Bytes of a request's body.</summary>
    public long BodyBytesMax { get; init; } = 8 << 20;

    /// <summary>How long a request may take.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often model files are looked at again; zero for never.</summary>
    public TimeSpan Watch { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
