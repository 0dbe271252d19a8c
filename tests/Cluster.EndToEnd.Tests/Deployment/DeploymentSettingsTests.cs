using System.Text.RegularExpressions;
using Cluster.Coordinator;
using Cluster.Messages.Node.Settings;
using Cluster.Seed;
using Cluster.Worker;

namespace Cluster.EndToEnd.Tests.Deployment;

/// <summary>What deploy/ names must be what the programs take: a setting that was renamed would be ignored without a word.</summary>
public sealed partial class DeploymentSettingsTests
{
    private static readonly IReadOnlyList<Setting> SeedSettings = SeedProgramOptions.Settings.All;
    private static readonly IReadOnlyList<Setting> WorkerSettings = WorkerProgramOptions.Settings.All;
    private static readonly IReadOnlyList<Setting> CoordinatorSettings = CoordinatorProgramOptions.Settings.All;

    public static TheoryData<string> Files()
    {
        string[] named = [.. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Where(file => Variables(file).Count > 0)];
        return new TheoryData<string>(named.Select(file => Path.GetRelativePath(Folder, file)));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_variable_that_a_file_names_is_a_setting(string file)
    {
        string[] known = [SettingsReader<SeedProgramOptions>.FileVariable,
            .. SeedSettings.Concat(WorkerSettings).Concat(CoordinatorSettings).Select(setting => setting.Variable)];

        Variables(Path.Combine(Folder, file)).Where(variable => !known.Contains(variable)).ShouldBeEmpty();
    }

    [Fact]
    public void The_files_are_found_at_all()
    {
        Files().Count.ShouldBeGreaterThan(5);
        Variables(Path.Combine(Folder, "docker", "compose.yaml")).ShouldContain("CLUSTER_SEEDS");
    }

    [Fact]
    public void The_settings_files_of_the_units_have_no_fault()
    {
        Faults("seed.yaml", SeedProgramOptions.Settings, options => options.Faults()).ShouldBeEmpty();
        Faults("worker.yaml", WorkerProgramOptions.Settings, options => options.Faults()).ShouldBeEmpty();
        Faults("coordinator.yaml", CoordinatorProgramOptions.Settings, options => options.Faults()).ShouldBeEmpty();
    }

    private static string Folder => Path.Combine(Repository.Root, "deploy");

    private static IEnumerable<string> Faults<TOptions>(string file, SettingList<TOptions> settings, Func<TOptions, IEnumerable<string>> faults)
        where TOptions : class =>
        new SettingsReader<TOptions>(settings, options => [.. faults(options)])
            .Read(["--config", Path.Combine(Folder, "systemd", file)], _ => null).Faults;

    private static HashSet<string> Variables(string file) => [.. Variable().Matches(File.ReadAllText(file)).Select(match => match.Value)];

    [GeneratedRegex("CLUSTER_[A-Z][A-Z_]*[A-Z]")]
    private static partial Regex Variable();
}
