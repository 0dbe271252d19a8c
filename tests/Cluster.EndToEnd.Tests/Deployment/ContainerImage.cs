using System.Text.RegularExpressions;

namespace Cluster.EndToEnd.Tests.Deployment;

/// <summary>The images of deploy/docker/Dockerfile: one for each role, with the variables that all of them set.</summary>
internal static partial class ContainerImage
{
    private const string Prefix = "cluster-";

    /// <summary>The role of an image's node; null if the image is none of ours.</summary>
    public static string? RoleOf(object? image) =>
        image is string name && name.StartsWith(Prefix, StringComparison.Ordinal) && ProgramSettingsTests.All.ContainsKey(name[Prefix.Length..]) ? name[Prefix.Length..] : null;

    /// <summary>The variables that the image sets, and then those that the container sets.</summary>
    public static Dictionary<string, string> With(IEnumerable<KeyValuePair<string, string>> environment)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "deploy", "docker", "Dockerfile"));
        Dictionary<string, string> variables = Variable().Matches(text).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        foreach ((string name, string value) in environment) variables[name] = value;
        return variables;
    }

    [GeneratedRegex(@"^ENV (\w+)=(\S+)$", RegexOptions.Multiline)]
    private static partial Regex Variable();
}
