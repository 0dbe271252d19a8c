namespace Cluster.EndToEnd.Tests.Hostile;

/// <summary>Nodes and verbs whose network, keys or files of state are not what they are said to be.</summary>
internal static class NetworkCases
{
    private const string Nowhere = "127.0.0.1:9";       // the port of discard, on which nobody listens

    public static IEnumerable<HostileCase> All { get; } =
    [
        new("a certificate of the API without its key", 2, "node", "seed", "--listen", "127.0.0.1:0", "--http-certificate", "seed.pem")
        {
            Says = ["http-certificate", "wanted both or none"],
        },
        new("an API certificate that is a table", 2, "node", "seed", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0", "--http-certificate", "data.csv", "--http-certificate-key", "data.csv")
        {
            Says = ["wanted files that can be used, got data.csv"],
            NeverSays = ["1,2,x"],
        },
        new("an API for other machines without a token", 2, "node", "seed", "--http", "0.0.0.0:0") { Says = ["wanted a token"] },
        new("a node for other machines without a key", 2, "node", "worker", "--listen", "0.0.0.0:0") { Says = ["key"] },
        new("peers without ports", 2, "node", "seed", "--peers", "worker-1,worker-2") { Says = ["--peers", "HOST:PORT"] },
        new("a file of known members below a file", 4, "node", "seed", "--listen", "127.0.0.1:0", "--known-members", "data.csv/members") { Says = ["data.csv"], Keeps = ["data.csv"] },
        new("an authority that is a job", 2, "status", "--connect", $"https://{Nowhere}", "--authority", "job.yaml") { Says = ["--authority", "job.yaml"] },
        new("a cluster behind another scheme", 2, "status", "--connect", $"ftp://{Nowhere}") { Says = ["wanted HOST:PORT or https://HOST:PORT"] },
        new("a cluster through TLS where nobody is", 4, "jobs", "--connect", $"https://{Nowhere}", "--deadline", "2") { Says = [$"https://{Nowhere}"] },
        new("a queue of no places", 2, "node", "coordinator", "--queue-limit", "0") { Says = ["wanted 1 to 4096, got 0"] },
    ];
}
