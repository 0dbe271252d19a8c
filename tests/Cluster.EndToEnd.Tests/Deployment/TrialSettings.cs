using System.Diagnostics;
using Cluster.Messages.Node.Settings;

namespace Cluster.EndToEnd.Tests.Deployment;

/// <summary>The settings files that the scripts of deploy/chaos write, written by the scripts themselves.</summary>
internal static class TrialSettings
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(1);

    /// <summary>Those of chaos.sh, and those of each setting that detect.sh measures, with certificates and with a key.</summary>
    private const string Script = """
        here=$1 top=$1/../.. root=$2 trial=0
        . "$here/trial.sh"
        address() { echo 10.77.0.11; }
        write() { trial=$((trial + 1)); out=$root/$trial; mkdir "$out"; for name in "${hosts[@]}"; do settings "$name"; done; }
        eval "$(sed -n '/^settings_of=(/,/^)/p' "$here/detect.sh")"
        for secured in tls key; do
          extra=; write
          for setting in "${settings_of[@]}"; do
            read -r heartbeat pause down <<<"$setting"
            eval "$(grep -m1 'extra=\$(printf' "$here/detect.sh")"
            write
          done
        done
        """;

    /// <summary>Writes them into a folder.</summary>
    /// <returns>The nodes that would be started with them.</returns>
    public static IReadOnlyList<DeployedNode> Write(string folder)
    {
        ProcessStartInfo start = new("bash") { RedirectStandardError = true };
        foreach (string argument in (string[])["-euo", "pipefail", "-c", Script, "bash", Path.Combine(Repository.Root, "deploy", "chaos"), folder])
            start.ArgumentList.Add(argument);
        using Process bash = Process.Start(start)!;
        string errors = bash.StandardError.ReadToEnd();
        bash.WaitForExit(s_deadline).ShouldBeTrue();
        bash.ExitCode.ShouldBe(0, errors);
        return [.. Directory.GetFiles(folder, "*.yaml", SearchOption.AllDirectories).Select(NodeOf)];
    }

    private static DeployedNode NodeOf(string file)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        return new DeployedNode(
            $"chaos, {name}", name[..name.IndexOf('-', StringComparison.Ordinal)], new Dictionary<string, string>(), [SettingsReader<ProgramOptions>.FileFlag, file]);
    }
}
