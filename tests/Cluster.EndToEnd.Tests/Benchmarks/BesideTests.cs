using Cluster.Benchmarks;

namespace Cluster.EndToEnd.Tests.Benchmarks;

/// <summary>The comparison with the reference programs at a small size, here beside a program that only says what they say.</summary>
public sealed class BesideTests : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task A_table_has_both_sides_their_ratio_and_their_memory()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "The program beside it is one of the shell.");
        string peer = Program("""
            echo 'not a row'
            echo '{"task":"allreduce-1MB","peer":"another","seconds":1}'
            echo '{"task":"allreduce-1MB","peer":"torch-gloo","threads":1,"procs":2,"seconds":1000,"gb_per_s":0.5}'
            """);

        (await BesideAsync(peer)).ShouldBe(0);

        string[][] rows = [.. File.ReadLines(_folder["table.md"]).Where(line => line.StartsWith("| allreduce", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))];
        string[] row = rows.ShouldHaveSingleItem();
        row[1..4].ShouldBe(["allreduce-1MB", "torch-gloo", "2 x 1"]);
        double ours = double.Parse(row[4]), ratio = double.Parse(row[6]);
        row[5].ShouldBe("1000");
        ratio.ShouldBe(1000 / ours, ratio * 1e-3);
        row[8].ShouldBe("gb_per_s 0.5");
        double.Parse(row[9]).ShouldBeGreaterThan(1);
    }

    [SkippableFact]
    public async Task A_reference_program_that_fails_fails_the_comparison()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "The program beside it is one of the shell.");

        (await BesideAsync(Program("exit 3"))).ShouldBe(1);
    }

    [SkippableFact]
    public async Task A_product_of_matrices_stands_beside_numpy_s()
    {
        string? peers = Repository.SharedData is { } data ? Path.Combine(data, "..", "peers") : null;
        Skip.IfNot(Directory.Exists(peers), "the reference programs are not here");
        Skip.IfNot(await HasNumpyAsync(), "numpy is not here");

        (await Subcommands.RunAsync(
            ["beside", "sgemm", "--quick", "--runs", "1", "--threads", "1", "--python", Python, "--peers", peers!, "--data", _folder.FullPath, "--out", _folder["table.md"]]))
            .ShouldBe(0);

        (await File.ReadAllTextAsync(_folder["table.md"])).ShouldContain("\n| sgemm-512x512x512 | numpy | 1 x 1 | ");
    }

    private static async Task<bool> HasNumpyAsync() =>
        File.Exists(Python) && (await MeasuredProcess.RunAsync(Python, ["-c", "import numpy"])).ExitCode == 0;

    private Task<int> BesideAsync(string peer) => Subcommands.RunAsync(
        ["beside", "allreduce", "--quick", "--runs", "1", "--python", peer, "--peers", _folder.FullPath, "--data", _folder.FullPath, "--out", _folder["table.md"]]);

    /// <summary>In the place of what runs the reference programs.</summary>
    private string Program(string commands)
    {
        string file = _folder["peer.sh"];
        File.WriteAllText(file, $"#!/bin/sh\n{commands}\n");
        if (OperatingSystem.IsLinux()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return file;
    }
}
