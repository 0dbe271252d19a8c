using System.Globalization;
using Cluster.Ml.Data;

namespace Cluster.Coordinator.Cli.Runs;

/// <summary>The runs of a job in numbered folders, runs/NAME/0001 and so on; `latest` beside them is the newest whole one.</summary>
internal static class NumberedRuns
{
    public const string LatestName = "latest";
    private const int Digits = 4, Attempts = 100;

    /// <summary>The folders of runs, oldest first.</summary>
    public static IReadOnlyList<string> Of(string root) => Directory.Exists(root)
        ? [.. Directory.GetDirectories(root).Where(folder => NumberOf(folder) is not null).OrderBy(folder => NumberOf(folder))]
        : [];

    /// <summary>Makes the folder of one more run, and holds it: of two processes that do so at once each gets its own.</summary>
    public static (string Folder, FileStream Held) Add(string root)
    {
        for (int attempt = 1; attempt <= Attempts; attempt++)
        {
            int next = (Of(root).Select(NumberOf).Max() ?? 0) + 1;
            string folder = Path.Combine(root, next.ToString(CultureInfo.InvariantCulture).PadLeft(Digits, '0'));
            if (RunLock.TryTake(folder) is not { } held) continue;
            if (!RunFiles.IsBegun(folder)) return (folder, held);
            held.Dispose();
        }
        throw new BadInputException(root, null, null, "a free number for one more run", $"none in {Attempts} attempts", "name a folder with --out");
    }

    /// <summary>Lets `latest` point to a run: by a link, or by a text file with its name on file systems without links.</summary>
    public static void PointLatest(string root, string folder)
    {
        string latest = Path.Combine(root, LatestName), name = Path.GetFileName(folder);
        if (Directory.Exists(latest) && new DirectoryInfo(latest).LinkTarget is null) return;     // somebody's own folder
        try
        {
            Unlink(latest);
            Directory.CreateSymbolicLink(latest, name);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            RunFiles.Write(root, LatestName, name + "\n");
        }
    }

    /// <summary>This folder, or the newest complete run in it if it is the folder of a job's runs.</summary>
    public static string Newest(string folder)
    {
        if (RunFiles.IsEnded(folder)) return folder;
        string latest = Path.Combine(folder, LatestName);
        if (Directory.Exists(latest)) return latest;
        return Of(folder).LastOrDefault(RunFiles.IsWhole) ?? folder;
    }

    /// <summary>Windows has links to folders, which are folders; elsewhere a link is a file.</summary>
    private static void Unlink(string link)
    {
        if (OperatingSystem.IsWindows() && Directory.Exists(link)) Directory.Delete(link);
        else File.Delete(link);
    }

    private static int? NumberOf(string folder) =>
        Path.GetFileName(folder) is { Length: >= Digits } name && name.All(char.IsAsciiDigit)
            && NumberText.TryRead(name, out int number) ? number : null;
}
