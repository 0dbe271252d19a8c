using System.Diagnostics;

namespace Cluster.EndToEnd.Tests.Hostile;

/// <summary>Folders that cannot be written to, disks without room, and what an earlier run left.</summary>
internal static class StorageCases
{
    private static readonly string[] s_earlier = ["train", "job.yaml", "--out", "out"];

    public static IEnumerable<HostileCase> All { get; } =
    [
        new("a run that fails in its data leaves the model before it", 3, "train", "job.yaml", "--set", "data.source=nowhere.csv", "--out", "out")
        {
            Before = [s_earlier], Keeps = ["out/model.cluster", "out/result.json", "out/learning-curve.csv"], Says = ["nowhere.csv"],
        },
        new("a run that fails in its layers leaves the model before it", 3, "train", "job.yaml", "--set", "training.batch=3", "--out", "out")
        {
            Before = [s_earlier], Keeps = ["out/model.cluster", "out/job.yaml"],
        },
        new("after a run that failed, the corrected one is taken", 0, "train", "job.yaml", "--seed", "9", "--out", "out")
        {
            Before = [s_earlier], Arrange = folder => Leave(folder, "out/.new/job.yaml", "broken off"),
        },
        new("numbered runs stay when another fails", 3, "train", "job.yaml", "--set", "data.target=b2")
        {
            Before = [["train", "job.yaml"]], Keeps = ["runs/good/latest/model.cluster", "runs/good/0001/model.cluster"], Without = ["runs/good/0002"],
        },
        new("a finished run, resumed, is told again", 0, "train", "job.yaml", "--resume")
        {
            Before = [["train", "job.yaml"]], Keeps = ["runs/good/0001/model.cluster"], Without = ["runs/good/0002"], Says = ["good: completed after 2 epochs"],
        },
        new("a finished run, resumed with another batch, names the key", 3, "train", "job.yaml", "--set", "training.batch=2", "--resume")
        {
            Before = [["train", "job.yaml"]], Keeps = ["runs/good/0001/model.cluster"], Says = ["--set training.batch=2", "training.batch: 4"],
        },
        new("more epochs of a cosine schedule are refused by the reason", 3, "train", "job.yaml", "--set", "training.epochs=3", "--set", "training.schedule={ cosine: { minimum: 0.1 } }", "--resume")
        {
            Before = [["train", "job.yaml", "--set", "training.schedule={ cosine: { minimum: 0.1 } }"]], Says = ["training.epochs: 2", "cosine"],
        },
        new("a folder that is a file", 3, "train", "job.yaml", "--out", "data.csv") { Says = ["a file"], NeverSays = ["locked"], Keeps = ["data.csv"] },
        new("a folder below a file", 3, "crossval", "job.yaml", "--folds", "2", "--out", "data.csv/out") { Says = ["data.csv, which is a file"], NeverSays = ["locked"] },
        new("a folder that the system makes itself", 3, "train", "job.yaml", "--out", "/proc/nothing")
        {
            SkippedBecause = () => OperatingSystem.IsLinux() ? null : "/proc is Linux's", Says = ["/proc/nothing"], NeverSays = ["locked"],
        },
        new("a folder that may only be read", 3, "train", "job.yaml", "--out", "full")
        {
            SkippedBecause = NoMounts, Arrange = folder => new Mount(Path.Combine(folder, "full"), "ro"), Says = ["read-only"], NeverSays = ["locked"],
        },
        new("a disk without room for a journal", 3, "train", "job.yaml", "--out", "full")
        {
            SkippedBecause = NoMounts, Arrange = folder => new Mount(Path.Combine(folder, "full"), "size=72k"), Says = ["journal.db", "full"],
        },
        new("a disk that fills while a job begins", 5, "train", "job.yaml", "--out", "full")
        {
            SkippedBecause = NoMounts, Arrange = folder => new Mount(Path.Combine(folder, "full"), "size=176k"), Says = ["full disk", "/full"],
        },
        new("predictions over the rows that they are of", 3, "predict", "out/model.cluster", "--data", "data.csv", "--out", "./data.csv")
        {
            Before = [s_earlier], Keeps = ["data.csv"], Says = ["which is read"],
        },
    ];

    private static string? NoMounts() => OperatingSystem.IsLinux() && Environment.UserName == "root" ? null : "a file system can be mounted by root alone";

    private static IDisposable? Leave(string folder, string file, string text)
    {
        string path = Path.Combine(folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return null;
    }

    /// <summary>A small file system in memory.</summary>
    private sealed class Mount : IDisposable
    {
        private readonly string _folder;

        public Mount(string folder, string options)
        {
            _folder = folder;
            Directory.CreateDirectory(folder);
            Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder);
        }

        public void Dispose() => Run("umount", "-l", _folder);

        private static void Run(string program, params string[] arguments)
        {
            using Process process = Process.Start(program, arguments);
            process.WaitForExit();
            process.ExitCode.ShouldBe(0, program);
        }
    }
}
