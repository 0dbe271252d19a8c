namespace Cluster.Messages.Node;

/// <summary>How one node of a cluster is started. Every option has a default that suits a cluster in one process.</summary>
public sealed record NodeOptions
{
    /// <summary>The cluster's name: the same on every node. Default "cluster". Limits: 1 to 60 letters, digits and hyphens, beginning with a letter.</summary>
    public string SystemName { get; init; } = "cluster";

    /// <summary>The node's name for people and in worker ids. Default: its address. Limits: at most 100 letters, digits, '-', '_' and '.'.</summary>
    public string Name { get; init; } = "";

    /// <summary>What the node can do, of <see cref="NodeRoles"/>. Limits: at least one.</summary>
    public ImmutableArray<string> Roles { get; init; } = NodeRoles.All;

    /// <summary>Where others reach it. Default: loopback, a free port, so that only this machine does.</summary>
    public NodeAddress Address { get; init; } = NodeAddress.Local;

    /// <summary>Whom to join through; the first founds the cluster if there is none. Default: none, so the node founds one by itself.</summary>
    public ImmutableArray<NodeAddress> Seeds { get; init; } = [];

    /// <summary>
    /// Members that are no seeds: they are asked for the cluster as well, and by the first seed before it founds one, so
    /// that a seed that was restarted finds the cluster that went on without it. Default: none.
    /// </summary>
    public ImmutableArray<NodeAddress> Peers { get; init; } = [];

    /// <summary>
    /// Whether the cluster is this one node, for good: it listens nowhere, and no other can join. Default: no. Limits: without seeds and peers.
    /// </summary>
    public bool Alone { get; init; }

    /// <summary>The SQLite file of events and snapshots. Default: none; needed, or <see cref="JournalConnection"/>, in the role coordinator.</summary>
    public string? JournalPath { get; init; }

    /// <summary>The PostgreSQL database of events and snapshots, as a connection string, in place of the file. Default: none.</summary>
    public string? JournalConnection { get; init; }

    /// <summary>How many computations run at once. Default: the machine's cores. Fewer leave cores idle, more make them take turns. Limits: 1 to 1024.</summary>
    public int ComputeThreads { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, Wire.Limits.ComputeThreadsMax);

    /// <summary>How often a node says that it lives. Default 500 ms. Longer: losses are seen later; shorter: more messages. Limits: 10 ms to 1 min.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How late a heartbeat may be without any suspicion. Default 3 s. Too short: a busy machine looks dead; too long: work waits. Limits: at least two heartbeats, at most 10 min.</summary>
    public TimeSpan AcceptablePause { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How improbable the silence of a node must be, beyond <see cref="AcceptablePause"/> and given how regular its heartbeats were, for it to count as unreachable:
    /// the φ of the accrual failure detector. Default 8: once in 10⁸ heartbeats. Lower: sooner, and more often wrongly. Limits: 1 to 100.
    /// </summary>
    public double SuspicionThreshold { get; init; } = 8;

    /// <summary>How long a node must be unreachable before it is removed. Default 3 s. Too short: a hiccup costs a node; too long: work waits. Limits: 10 ms to 10 min.</summary>
    public TimeSpan DownAfter { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Where the cluster is torn, the side with most members of this role goes on: the same on every node. Default: none, so all members count.
    /// With the seed's role no loss of workers, however many at once, ends the seed. Limits: of <see cref="NodeRoles"/>.
    /// </summary>
    public string? SplitRole { get; init; }

    /// <summary>
    /// The file of the key that all nodes share (at least 16 bytes; white space at its end does not count), by which they prove to each other that
    /// they belong together. What they say is not encrypted: on a network that others can read, use certificates. Default: none.
    /// Without a key and without certificates a node listens on loopback addresses only.
    /// </summary>
    public string? SharedKeyPath { get; init; }

    /// <summary>The PEM file of this node's certificate; it must name the host of <see cref="Address"/>. Default: none, so no TLS. Limits: only with <see cref="CertificateKeyPath"/> and <see cref="AuthorityPath"/>.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>The PEM file of the certificate's private key. Default: none.</summary>
    public string? CertificateKeyPath { get; init; }

    /// <summary>The PEM file of the authorities one of which must have signed the certificate of every peer, whichever side connects. Default: none.</summary>
    public string? AuthorityPath { get; init; }

    /// <summary>The port, beside that of <see cref="Address"/>, at which blocks of numbers of other hosts come. Default: 0, a free one. Limits: 0 to 65535.</summary>
    public int DataPort { get; init; }

    /// <summary>Whether the node keeps events and snapshots.</summary>
    public bool HasJournal => JournalPath is not null || JournalConnection is not null;

    /// <summary>Leaves out the journal's connection, which may hold a password.</summary>
    public override string ToString() =>
        $"{nameof(NodeOptions)} {{ {SystemName}, {Name}, roles {string.Join(", ", Roles)}, at {Address}, seeds {string.Join(", ", Seeds)} }}";

    /// <summary>These options, if nothing is wrong with them.</summary>
    /// <exception cref="BadNodeOptionsException">Something is; the exception names all of it.</exception>
    public NodeOptions Validated()
    {
        ImmutableArray<string>.Builder errors = ImmutableArray.CreateBuilder<string>();
        Require(IsSystemName(SystemName), $"SystemName: wanted 1 to 60 letters, digits and hyphens after a letter, got '{SystemName}'");
        Require(Name.Length <= 100 && Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'), $"Name: wanted at most 100 letters, digits, '-', '_' and '.', got '{Name}'");
        Require(!Roles.IsDefaultOrEmpty, "Roles: wanted at least one, got none");
        foreach (string role in Roles.IsDefault ? [] : Roles)
            Require(NodeRoles.All.Contains(role), $"Roles: wanted {string.Join(", ", NodeRoles.All)}, got '{role}'");
        Require(SplitRole is null || NodeRoles.All.Contains(SplitRole), $"SplitRole: wanted none or one of {string.Join(", ", NodeRoles.All)}, got '{SplitRole}'");
        if (Address.FindError() is { } error) errors.Add($"Address: {error}");
        RequireReachable(Seeds, nameof(Seeds));
        RequireReachable(Peers, nameof(Peers));
        Require(!Alone || (Seeds.IsDefaultOrEmpty && Peers.IsDefaultOrEmpty), "Alone: wanted no seeds and no peers, got some");
        Require(JournalPath is null || JournalConnection is null, "JournalPath and JournalConnection: wanted one of them, got both");
        Require(JournalPath is null || JournalPath.Trim().Length > 0, "JournalPath: wanted a file, got an empty name");
        Require(JournalConnection is null || JournalConnection.Contains('=', StringComparison.Ordinal), "JournalConnection: wanted a connection string (Host=...;Database=...), got no '='");
        int tlsFiles = new[] { CertificatePath, CertificateKeyPath, AuthorityPath }.Count(path => path is not null);
        Require(tlsFiles is 0 or 3, "CertificatePath, CertificateKeyPath and AuthorityPath: wanted all or none of them, got some");
        RequireRange(DataPort, 0, 65535, nameof(DataPort));
        RequireRange(ComputeThreads, 1, Wire.Limits.ComputeThreadsMax, nameof(ComputeThreads));
        RequireRange(HeartbeatInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1), nameof(HeartbeatInterval));
        RequireRange(AcceptablePause, 2 * HeartbeatInterval, TimeSpan.FromMinutes(10), nameof(AcceptablePause));
        RequireRange(SuspicionThreshold, 1, 100, nameof(SuspicionThreshold));
        RequireRange(DownAfter, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10), nameof(DownAfter));
        return errors.Count == 0 ? this : throw new BadNodeOptionsException(errors.DrainToImmutable());

        void Require(bool holds, string text)
        {
            if (!holds) errors.Add(text);
        }

        void RequireReachable(ImmutableArray<NodeAddress> addresses, string option)
        {
            foreach (NodeAddress address in addresses.IsDefault ? [] : addresses)
                if ((address.FindError() ?? (address.Port == 0 ? "wanted a port of 1 to 65535, got 0" : null)) is { } error) errors.Add($"{option}: {error}");
        }

        void RequireRange<T>(T value, T least, T most, string option)
            where T : IComparable<T> =>
            Require(value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0, $"{option}: wanted {least} to {most}, got {value}");
    }

    private static bool IsSystemName(string name) =>
        name.Length is >= 1 and <= 60 && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
