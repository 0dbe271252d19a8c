namespace Cluster.EndToEnd.Tests.Hostile;

/// <summary>Private jobs that would give away what they promise to keep.</summary>
internal static class PrivacyCases
{
    private const string Private = "privacy: { clip: 1.0, noise: 2.0, delta: 1e-5 }\n";

    private static readonly Dictionary<string, string> s_given = new() { ["job.yaml"] = Job("classes: [ x, y ]", Private) };

    public static IEnumerable<HostileCase> All { get; } =
    [
        new("a private job that would store the extremes of its rows", 3, "train", "job.yaml", "--out", "out")
        {
            Files = new Dictionary<string, string> { ["job.yaml"] = Job("classes: [ x, y ]\n  scale: minmax", Private) },
            Says = ["job.yaml:8:10", "wanted data.scale to be none, unit255 or given bounds where training is private"],
            Without = ["out/model.cluster"],
        },
        new("a private job that would store the classes of its rows", 3, "train", "job.yaml", "--out", "out")
        {
            Files = new Dictionary<string, string> { ["job.yaml"] = Job("scale: { minmax: [ 0, 9 ] }", Private) },
            Says = ["job.yaml:4:3", "wanted data.classes where training is private"],
        },
        new("a private job whose noise would be on workers", 3, "train", "job.yaml", "--out", "out", "--set", "training.servers=2", "--privacy-ledger", "ledger.db")
        {
            Files = s_given,
            Says = ["wanted training.servers: 1 where training is private"],
        },
        new("a file with a secret that is none", 3, "train", "job.yaml", "--out", "out", "--privacy-secret-file", "secret")
        {
            Files = new Dictionary<string, string>(s_given) { ["secret"] = "0123456789abcdef" },
            Says = ["wanted 64 hexadecimal digits"],
            NeverSays = ["0123456789abcdef"],
        },
        new("a budget that was spent under another name in another folder", 3, "train", "job.yaml", "--out", "again", "--set", "data.source=copy.csv", "--privacy-ledger", "ledger.db")
        {
            Files = new Dictionary<string, string>
            {
                ["job.yaml"] = Job("classes: [ x, y ]", "privacy: { clip: 1.0, noise: 2.0, delta: 1e-5, target-epsilon: 4 }\n"),
                ["copy.csv"] = HostileTests.GoodData,
            },
            Before = [["train", "job.yaml", "--out", "out", "--privacy-ledger", "ledger.db"]],
            Says = ["what all private runs on this data have spent", "1 other run has spent"],
            Without = ["again/model.cluster"],
        },
    ];

    private static string Job(string data, string more) =>
        HostileTests.GoodJob.Replace("test: 0.25 }\n", $"test: 0.25 }}\n  {data}\n", StringComparison.Ordinal) + more;
}
