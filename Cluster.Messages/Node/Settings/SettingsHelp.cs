using System.Text;

namespace Cluster.Messages.Node.Settings;

/// <summary>Writes the help of a program: every setting with what it does, its range and its default.</summary>
public static class SettingsHelp
{
    /// <summary>The help.</summary>
    /// <param name="program">What the program is called.</param>
    /// <param name="summary">What it does, in a sentence.</param>
    /// <param name="settings">What can be set.</param>
    public static string Write(string program, string summary, IEnumerable<Setting> settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        StringBuilder text = new();
        text.AppendLine(summary).AppendLine()
            .AppendLine($"{program} [--config FILE] [--NAME VALUE]...").AppendLine()
            .AppendLine("Each setting is NAME: VALUE in the file (YAML or JSON), CLUSTER_NAME in the environment, or --NAME VALUE;")
            .AppendLine("a flag wins over the environment, the environment over the file. A secret is never taken from a flag.")
            .AppendLine().AppendLine("  --config FILE (CLUSTER_CONFIG)").AppendLine("      The settings file. Default: none.");
        foreach (Setting setting in settings)
        {
            string head = setting.IsSecret ? $"{setting.Name} (a secret)" : $"{setting.Flag} {setting.Placeholder}";
            text.AppendLine().AppendLine($"  {head} ({setting.Variable})")
                .AppendLine($"      {setting.Description}")
                .AppendLine($"      Default: {setting.Default}. Range: {setting.Range}.");
        }
        return text.ToString();
    }
}
