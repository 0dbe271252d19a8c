using Cluster.Coordinator;
using Cluster.Messages.Node.Settings;
using Cluster.Seed;
using Cluster.Worker;

namespace Cluster.EndToEnd.Tests;

/// <summary>What can be set on the three programs: the list that an operator's files are compared with.</summary>
public sealed class ProgramSettingsTests
{
    /// <summary>Every setting of every program.</summary>
    internal static IReadOnlyDictionary<string, IReadOnlyList<Setting>> All { get; } = new Dictionary<string, IReadOnlyList<Setting>>
    {
        ["seed"] = SeedProgramOptions.Settings.All,
        ["worker"] = WorkerProgramOptions.Settings.All,
        ["coordinator"] = CoordinatorProgramOptions.Settings.All,
    };

    [Theory]
    [InlineData("seed")]
    [InlineData("worker")]
    [InlineData("coordinator")]
    public void The_defaults_of_a_program_are_within_its_ranges(string program) => (program switch
    {
        "seed" => new SeedProgramOptions().Errors(),
        "worker" => new WorkerProgramOptions().Errors(),
        _ => new CoordinatorProgramOptions().Errors(),
    }).ShouldBeEmpty();

    [Fact]
    public void A_name_means_the_same_on_every_program() => All.Values.SelectMany(settings => settings)
        .GroupBy(setting => setting.Name)
        .ShouldAllBe(same => same.Select(setting => setting.Option + setting.Placeholder).Distinct().Count() == 1);
}
