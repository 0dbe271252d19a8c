using Cluster.Messages.Node;
using Cluster.Messages.Node.Settings;

namespace Cluster.Seed;

/// <summary>What the seed's program is told.</summary>
public sealed record SeedProgramOptions : ProgramOptions
{
    public SeedProgramOptions() => Node = new NodeOptions { Roles = [NodeRoles.Seed], Address = SeedAddressDefault, ComputeThreads = 1 };

    /// <summary>All that can be set.</summary>
    public static SettingList<SeedProgramOptions> Settings { get; } = new SettingList<SeedProgramOptions>(new()).AddNode();
}
