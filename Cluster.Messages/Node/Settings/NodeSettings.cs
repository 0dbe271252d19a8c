namespace Cluster.Messages.Node.Settings;

/// <summary>The settings that every program of one node has.</summary>
public static class NodeSettings
{
    /// <summary>Adds them to a program's settings.</summary>
    /// <returns>The list.</returns>
    public static SettingList<TOptions> AddNode<TOptions>(this SettingList<TOptions> settings)
        where TOptions : ProgramOptions
    {
        ArgumentNullException.ThrowIfNull(settings);
        AddMembership(settings);
        AddSecurity(settings);
        AddJournal(settings);
        return settings
            .Add(
                "known-members", nameof(ProgramOptions.KnownMembers), ValueKind.Path, o => o.KnownMembers, (o, v) => (TOptions)(o with { KnownMembers = v }),
                "a path that is the node's own, or none", "The file in which the node keeps the members' addresses; restarted, it has them as peers.")
            .Add(
                "health", nameof(ProgramOptions.Health), ValueKind.OptionalAddress, o => o.Health, (o, v) => (TOptions)(o with { Health = v }),
                "a host name or an IPv4 address with a port of 1 to 65535, or none", "Where /health/live and /health/ready are answered over HTTP.")
            .Add(
                "metrics", nameof(ProgramOptions.Metrics), ValueKind.OptionalUri, o => o.Metrics, (o, v) => (TOptions)(o with { Metrics = v }),
                "http://HOST:PORT or https://HOST:PORT, or none", "The OpenTelemetry collector that is sent what the node measures.")
            .Add(
                "join-deadline", nameof(ProgramOptions.JoinDeadline), ValueKind.Duration, o => o.JoinDeadline, (o, v) => (TOptions)(o with { JoinDeadline = v }),
                "1s to 1h", "How long the node tries to become a member before the program ends with exit code 4.")
            .Add(
                "leave-deadline", nameof(ProgramOptions.LeaveDeadline), ValueKind.Duration, o => o.LeaveDeadline, (o, v) => (TOptions)(o with { LeaveDeadline = v }),
                "1s to 10m", "How long the node may take to hand over and to leave when it is told to end.");
    }

    private static void AddMembership<TOptions>(SettingList<TOptions> settings)
        where TOptions : ProgramOptions => settings
        .AddNode("system", nameof(NodeOptions.SystemName), ValueKind.Text, o => o.SystemName, (o, v) => o with { SystemName = v },
            "1 to 60 letters, digits and hyphens after a letter", "The cluster's name, the same on every node.")
        .AddNode("name", nameof(NodeOptions.Name), ValueKind.Text, o => o.Name, (o, v) => o with { Name = v },
            "at most 100 letters, digits, '-', '_' and '.'; none for its address", "What the node is called.")
        .AddNode("listen", nameof(NodeOptions.Address), ValueKind.Address, o => o.Address, (o, v) => o with { Address = v },
            "a host name or an IPv4 address with a port of 0 to 65535; 0 is a free one", "Where other nodes reach this one.")
        .AddNode("data-port", nameof(NodeOptions.DataPort), ValueKind.Whole, o => o.DataPort, (o, v) => o with { DataPort = v },
            "0 to 65535; 0 is a free one", "The port, beside that of listen, at which blocks of numbers come from other hosts.")
        .AddNode("seeds", nameof(NodeOptions.Seeds), ValueKind.Addresses, o => o.Seeds, (o, v) => o with { Seeds = v },
            "addresses with ports of 1 to 65535; none to found a cluster", "Whom to join through; the first founds the cluster where there is none.")
        .AddNode("peers", nameof(NodeOptions.Peers), ValueKind.Addresses, o => o.Peers, (o, v) => o with { Peers = v },
            "addresses with ports of 1 to 65535, or none", "Other members that are asked for the cluster, too; the first seed asks before it founds one.")
        .AddNode("threads", nameof(NodeOptions.ComputeThreads), ValueKind.Whole, o => o.ComputeThreads, (o, v) => o with { ComputeThreads = v },
            $"1 to {Wire.Limits.ComputeThreadsMax}", "How many computations run at once; by default as many as the machine has cores.")
        .AddNode("heartbeat-interval", nameof(NodeOptions.HeartbeatInterval), ValueKind.Duration, o => o.HeartbeatInterval, (o, v) => o with { HeartbeatInterval = v },
            "10ms to 1m", "How often the node says that it lives.")
        .AddNode("acceptable-pause", nameof(NodeOptions.AcceptablePause), ValueKind.Duration, o => o.AcceptablePause, (o, v) => o with { AcceptablePause = v },
            "two heartbeats to 10m", "How late a heartbeat may be without any suspicion.")
        .AddNode("suspicion-threshold", nameof(NodeOptions.SuspicionThreshold), ValueKind.Number, o => o.SuspicionThreshold, (o, v) => o with { SuspicionThreshold = v },
            "1 to 100", "How improbable a node's further silence must be, as a power of ten, for it to count as unreachable.")
        .AddNode("down-after", nameof(NodeOptions.DownAfter), ValueKind.Duration, o => o.DownAfter, (o, v) => o with { DownAfter = v },
            "10ms to 10m", "How long a node must be unreachable before it is removed.")
        .AddNode("split-role", nameof(NodeOptions.SplitRole), ValueKind.OptionalText, o => o.SplitRole, (o, v) => o with { SplitRole = v },
            string.Join(", ", NodeRoles.All) + ", or none", "Whose members are counted to find which side of a torn cluster goes on; the same on every node.");

    private static void AddSecurity<TOptions>(SettingList<TOptions> settings)
        where TOptions : ProgramOptions => settings
        .AddNode("shared-key", nameof(NodeOptions.SharedKeyPath), ValueKind.Path, o => o.SharedKeyPath, (o, v) => o with { SharedKeyPath = v },
            "a file of 16 to 4096 bytes", "The file of the key that all nodes know; it proves who belongs here and encrypts nothing.")
        .AddNode("certificate", nameof(NodeOptions.CertificatePath), ValueKind.Path, o => o.CertificatePath, (o, v) => o with { CertificatePath = v },
            "a PEM file; with certificate-key and authority", "This node's certificate, which names its host; nodes then talk through TLS.")
        .AddNode("certificate-key", nameof(NodeOptions.CertificateKeyPath), ValueKind.Path, o => o.CertificateKeyPath, (o, v) => o with { CertificateKeyPath = v },
            "a PEM file; with certificate and authority", "The certificate's private key.")
        .AddNode("authority", nameof(NodeOptions.AuthorityPath), ValueKind.Path, o => o.AuthorityPath, (o, v) => o with { AuthorityPath = v },
            "a PEM file; with certificate and certificate-key", "Who signs the certificates of all nodes.");

    private static void AddJournal<TOptions>(SettingList<TOptions> settings)
        where TOptions : ProgramOptions => settings
        .AddNode("journal", nameof(NodeOptions.JournalPath), ValueKind.Path, o => o.JournalPath, (o, v) => o with { JournalPath = v },
            "a path; not beside journal-connection", "The SQLite file of events and snapshots; a coordinator that is given neither uses RUNS/journal.db.")
        .AddNode("journal-connection", nameof(NodeOptions.JournalConnection), ValueKind.Path, o => o.JournalConnection, (o, v) => o with { JournalConnection = v },
            "a connection string (Host=...;Database=...); not beside journal", "The PostgreSQL database of events and snapshots.", isSecret: true);

    private static SettingList<TOptions> AddNode<TOptions, TValue>(
        this SettingList<TOptions> settings, string name, string option, ValueKind<TValue> kind,
        Func<NodeOptions, TValue> get, Func<NodeOptions, TValue, NodeOptions> set, string range, string description, bool isSecret = false)
        where TOptions : ProgramOptions => settings.Add(
            name, option, kind, options => get(options.Node), (options, value) => (TOptions)(options with { Node = set(options.Node, value) }),
            range, description, isSecret);
}
