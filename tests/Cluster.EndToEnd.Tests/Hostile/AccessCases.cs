using System.Diagnostics;

namespace Cluster.EndToEnd.Tests.Hostile;

/// <summary>What is not the command's to read, to delete, or to wait for.</summary>
public static class AccessCases
{
    private static readonly string[] s_inCache = ["train", "job.yaml", "--workers", "1", "--data-cache", "cache", "--data-memory", "0", "--data-cache-limit", "1MiB"];

    public static IEnumerable<HostileCase> All { get; } =
    [
        new("A model that is a pipe", 3, "evaluate", "pipe", "--data", "data.csv")
        {
            Arrange = folder => Pipe(folder, "pipe"),
            Says = ["wanted a model file that can be read, got a pipe"],
        },
        new("A model to start from that is a pipe behind a link", 3, "train", "job.yaml", "--workers", "1", "--set", "model.start-from=link")
        {
            Arrange = folder =>
            {
                Pipe(folder, "pipe");
                File.CreateSymbolicLink(Path.Combine(folder, "link"), "pipe");
                return null;
            },
            Says = ["got a pipe"],
        },
        new("A cache folder in which other things lie", 0, [.. s_inCache, "--out", "second", "--set", "data.ignore=[b]"])
        {
            Files = new Dictionary<string, string> { ["cache/thesis.txt"] = "mine", ["cache/photos/summer.png"] = "mine", [$"cache/{new string('a', 64)}-v1.rows"] = "mine" },
            Before = [[.. s_inCache, "--out", "first"]],
            Keeps = ["cache/thesis.txt", "cache/photos/summer.png", $"cache/{new string('a', 64)}-v1.rows"],
        },
        new("A cache folder whose name for this user is a link to elsewhere", 0, s_inCache)
        {
            Files = new Dictionary<string, string> { ["elsewhere/thesis.txt"] = "mine", ["cache/readme.txt"] = "shared" },
            Arrange = folder =>
            {
                for (int user = 0; user < 2; user++) Directory.CreateSymbolicLink(Path.Combine(folder, "cache", $"cluster-data-{user}"), Path.Combine(folder, "elsewhere"));
                return null;
            },
            Keeps = ["elsewhere/thesis.txt"],
            Without = ["elsewhere/CACHEDIR.TAG"],
        },
        new("A folder of runs whose token others may read", 2, "up", "--runs", "runs", "--http", "127.0.0.1:0")
        {
            Files = new Dictionary<string, string> { ["runs/token"] = "a-token-of-some-length" },
            Arrange = folder =>
            {
                if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.Combine(folder, "runs", "token"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
                return null;
            },
            Says = ["runs/token: wanted a token file of this user that nobody else may read (mode 0600)"],
            Keeps = ["runs/token"],
        },
    ];

    private static IDisposable? Pipe(string folder, string name)
    {
        using Process made = Process.Start("mkfifo", [Path.Combine(folder, name)]);
        made.WaitForExit();
        return null;
    }
}
