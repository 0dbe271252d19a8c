using System.Collections.Immutable;
using Cluster.Coordinator;
using Cluster.Messages.Node;
using Cluster.Messages.Node.Settings;
using Cluster.Seed;
using Cluster.Worker;

namespace Cluster.EndToEnd.Tests.Deployment;

/// <summary>One node as a file of deploy/ starts it.</summary>
/// <param name="Place">The file, and where in it.</param>
/// <param name="Role">Which program it is.</param>
/// <param name="Environment">The variables that it is given.</param>
/// <param name="Flags">The flags behind the program.</param>
/// <param name="Mounts">The files and folders that its container sees; null if it sees those of its machine.</param>
internal sealed record DeployedNode(
    string Place, string Role, IReadOnlyDictionary<string, string> Environment, IReadOnlyList<string> Flags, IReadOnlyList<string>? Mounts = null)
{
    private const string Prefix = "CLUSTER_";

    /// <summary>The options that its program would come to.</summary>
    public ProgramOptions Options => Read().Options;

    /// <summary>Everything that its program would refuse, or ignore without a word.</summary>
    public IEnumerable<string> Failures() => [.. UnknownVariables(), .. UnmountedFiles(), .. Read().Errors.Select(failure => $"{Place}: {failure}")];

    private IReadOnlyList<Setting> Settings => ProgramSettingsTests.All[Role];

    private IEnumerable<string> UnknownVariables() => Environment.Keys
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name != SettingsReader<ProgramOptions>.FileVariable)
        .Where(name => Settings.All(setting => setting.Variable != name))
        .Select(name => $"{Place}: wanted a setting of the {Role}, got {name}");

    private IEnumerable<string> UnmountedFiles() => Mounts is null ? [] : Environment
        .Where(pair => pair.Key.StartsWith(Prefix, StringComparison.Ordinal) && pair.Value.StartsWith('/'))
        .Where(pair => !Mounts.Any(mount => pair.Value == mount || pair.Value.StartsWith(mount + "/", StringComparison.Ordinal)))
        .Select(pair => $"{Place}: wanted {pair.Value} of {pair.Key} among the mounts {string.Join(", ", Mounts)}, got none");

    private (ProgramOptions Options, ImmutableArray<string> Errors) Read() => Role switch
    {
        NodeRoles.Seed => Read(SeedProgramOptions.Settings),
        NodeRoles.Worker => Read(WorkerProgramOptions.Settings),
        _ => Read(CoordinatorProgramOptions.Settings),
    };

    /// <summary>The settings file of a container is a secret, which this machine has not.</summary>
    private (ProgramOptions Options, ImmutableArray<string> Errors) Read<TOptions>(SettingList<TOptions> settings)
        where TOptions : ProgramOptions
    {
        SettingsReading<TOptions> reading = new SettingsReader<TOptions>(settings, options => options.Errors())
            .Read(Flags, name => name == SettingsReader<TOptions>.FileVariable ? null : Environment.GetValueOrDefault(name));
        return (reading.Options, reading.Errors);
    }
}
