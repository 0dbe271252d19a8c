using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json.Nodes;

namespace Cluster.EndToEnd.Tests.Deployment;

/// <summary>What `dotnet pack` makes of the build that these tests run in: the command as a .NET tool, and the learning half as a library.</summary>
public sealed class PackageTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);

    /// <summary>Debug or Release: what was built, so that nothing is built for this.</summary>
    private static readonly string s_configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_command_is_installed_as_a_tool_and_trains()
    {
        await DotnetAsync("pack", Project("Cluster.Coordinator"), "--no-build", "-c", s_configuration, "-o", _folder["packages"]);
        await DotnetAsync("tool", "install", "Cluster.Tool", "--tool-path", _folder["tool"], "--source", _folder["packages"]);

        string result = await RunAsync(
            _folder["tool/cluster"], "train", Repository.Job("digits-mlp"), "--set", "training.epochs=2", "--workers", "1", "--out", _folder["run"], "--json");

        JsonNode.Parse(result.TrimEnd().Split('\n')[^1])!["status"]!.GetValue<string>().ShouldBe("completed");
        File.Exists(_folder["run/model.cluster"]).ShouldBeTrue();
    }

    [Fact]
    public async Task The_library_has_its_readme_its_documentation_and_its_symbols()
    {
        await DotnetAsync("pack", Project("Cluster.Ml"), "--no-build", "-c", s_configuration, "-o", _folder["packages"]);

        Entries("*.nupkg").ShouldBe(["README.md", "lib/net10.0/Cluster.Ml.dll", "lib/net10.0/Cluster.Ml.xml"], ignoreOrder: true);
        Entries("*.snupkg").ShouldBe(["lib/net10.0/Cluster.Ml.pdb"]);
    }

    private static string Project(string name) => Path.Combine(Repository.Root, name);

    private static Task<string> DotnetAsync(params string[] arguments) => RunAsync("dotnet", arguments);

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        Task<string> output = process.StandardOutput.ReadToEndAsync(), messages = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Deadline);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within {Deadline}.");
        }
        process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', arguments)}: {await output}{await messages}");
        return await output;
    }

    /// <summary>What the one package of a pattern holds, beside what every package has.</summary>
    private string[] Entries(string pattern)
    {
        using ZipArchive package = ZipFile.OpenRead(Directory.GetFiles(_folder["packages"], pattern).ShouldHaveSingleItem());
        return [.. package.Entries.Select(entry => entry.FullName)
            .Where(name => !name.StartsWith("_rels/", StringComparison.Ordinal) && !name.StartsWith("package/", StringComparison.Ordinal)
                && !name.EndsWith(".nuspec", StringComparison.Ordinal) && name != "[Content_Types].xml")];
    }
}
