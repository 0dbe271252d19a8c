using System.CommandLine;
using System.Globalization;

namespace Cluster.Benchmarks.Beside;

/// <summary>What is compared, and how.</summary>
/// <param name="Tasks">Names of tasks; all where empty.</param>
/// <param name="Runs">Runs of each side; the median counts.</param>
/// <param name="Threads">Numbers of threads.</param>
/// <param name="Quick">A small size, to see that it runs.</param>
/// <param name="Peers">The folder with the reference programs.</param>
/// <param name="Data">The folder with the data sets.</param>
/// <param name="Python">What runs the reference programs.</param>
/// <param name="Out">The file that the table goes to, too; null for none.</param>
internal sealed record BesideOptions(
    IReadOnlyList<string> Tasks, int Runs, IReadOnlyList<int> Threads, bool Quick, string Peers, string Data, string Python, string? Out)
{
    /// <summary>The subcommand's arguments.</summary>
    public static RootCommand Command(Func<BesideOptions, Task<int>> run)
    {
        Argument<string[]> tasks = new("TASK") { Description = "Names of tasks; all of them where none is named.", Arity = ArgumentArity.ZeroOrMore };
        tasks.AcceptOnlyFromAmong([.. Peer.All.Select(peer => peer.Task).Distinct()]);
        Option<int> runs = new("--runs") { Description = "Runs of each side; the median counts (default: 3).", DefaultValueFactory = _ => 3 };
        Option<string> threads = new("--threads") { Description = "Numbers of threads, with commas (default: 1,2).", DefaultValueFactory = _ => "1,2" };
        Option<bool> quick = new("--quick") { Description = "A small size, to see that it runs." };
        Option<string?> peers = new("--peers") { Description = "The folder with the reference programs (default: shared/peers, here or above)." };
        Option<string?> data = new("--data") { Description = "The folder with the data sets (default: shared/data, here or above)." };
        Option<string> python = new("--python") { Description = "Runs the reference programs (default: /usr/bin/python3).", DefaultValueFactory = _ => "/usr/bin/python3" };
        Option<string?> output = new("--out") { Description = "Writes the table to this Markdown file, too." };
        RootCommand command = new("Runs each task beside its reference program in turn and prints the ratios.") { tasks, runs, threads, quick, peers, data, python, output };
        command.SetAction((parsed, _) => run(new BesideOptions(
            parsed.GetValue(tasks) ?? [], parsed.GetValue(runs),
            [.. parsed.GetValue(threads)!.Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture))],
            parsed.GetValue(quick), Find(parsed.GetValue(peers), "peers"), Find(parsed.GetValue(data), "data"), parsed.GetValue(python)!, parsed.GetValue(output))));
        return command;
    }

    private static string Find(string? named, string name)
    {
        if (named is not null) return Path.GetFullPath(named);
        for (DirectoryInfo? folder = new(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, "shared", name) is var candidate && Directory.Exists(candidate)) return candidate;
        throw new DirectoryNotFoundException($"shared/{name}: wanted a folder here or above, found none; name one with --{name}.");
    }
}
