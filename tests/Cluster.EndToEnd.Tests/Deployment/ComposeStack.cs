using System.Text.RegularExpressions;

namespace Cluster.EndToEnd.Tests.Deployment;

/// <summary>Compose files laid one over the other, as `docker compose -f ... -f ...` does.</summary>
/// <param name="files">The texts, in the order of the flags.</param>
/// <param name="variables">What the caller's environment holds.</param>
internal sealed partial class ComposeStack(IEnumerable<string> files, IReadOnlyDictionary<string, string>? variables = null)
{
    private static readonly string[] s_hardening = ["restart", "init", "read_only", "tmpfs", "security_opt", "cap_drop", "stop_grace_period"];

    private readonly Dictionary<string, object> _tree = files.Select(text => YamlTree.Documents(Interpolated(text, variables)).Single())
        .Aggregate((first, second) => (Dictionary<string, object>)YamlTree.Merged(first, second));

    /// <summary>The services that are nodes, each with its name.</summary>
    public IReadOnlyList<(string Name, DeployedNode Node)> Nodes => [.. Services.Select(service => (service.Key, NodeOf(service.Key, service.Value)))];

    /// <summary>What keeps each node in its container, as one line.</summary>
    public IEnumerable<string> Hardening => Services.Select(service => string.Join("; ", s_hardening.Select(key => $"{key} {Line(service.Value.At(key))}")));

    /// <summary>The secrets that services name and the files do not give.</summary>
    public IEnumerable<string> MissingSecrets => Services.SelectMany(service => Secrets(service.Value)).Select(secret => secret.Source)
        .Where(source => _tree.At("secrets", source) is null).Distinct();

    /// <summary>The ports of a service that the machine publishes.</summary>
    public IEnumerable<string> Ports(string service) => (_tree.At("services", service, "ports") as List<object> ?? []).Cast<string>();

    /// <summary>The services of nodes of which there is at least one.</summary>
    private Dictionary<string, Dictionary<string, object>> Services => ((Dictionary<string, object>)_tree["services"])
        .ToDictionary(service => service.Key, service => (Dictionary<string, object>)service.Value)
        .Where(service => ContainerImage.RoleOf(service.Value.GetValueOrDefault("image")) is not null && service.Value.At("deploy", "replicas") is not "0")
        .ToDictionary();

    private static DeployedNode NodeOf(string name, Dictionary<string, object> service)
    {
        Dictionary<string, string> given = ((Dictionary<string, object>)service["environment"]).ToDictionary(pair => pair.Key, pair => (string)pair.Value);
        string entry = Line(service.At("entrypoint")).Replace("$HOSTNAME", "host", StringComparison.Ordinal);
        foreach (Match set in Assignment().Matches(entry)) given[set.Groups[1].Value] = set.Groups[2].Value;
        return new DeployedNode($"service {name}", ContainerImage.RoleOf(service["image"])!, ContainerImage.With(given), [], [.. Mounts(service)]);
    }

    private static IEnumerable<string> Mounts(Dictionary<string, object> service) =>
        [.. Secrets(service).Select(secret => "/run/secrets/" + secret.Target), .. Volumes(service)];

    /// <summary>The TARGET of each SOURCE:TARGET[:ro].</summary>
    private static IEnumerable<string> Volumes(Dictionary<string, object> service) =>
        (service.At("volumes") as List<object> ?? []).Select(volume => ((string)volume).Split(':')[1]);

    private static IEnumerable<(string Source, string Target)> Secrets(Dictionary<string, object> service) => (service.At("secrets") as List<object> ?? [])
        .Select(secret => secret is Dictionary<string, object> named ? ((string)named["source"], (string)named["target"]) : ((string)secret, (string)secret));

    private static string Line(object? value) => value is List<object> list ? string.Join(' ', list) : value as string ?? "none";

    private static string Interpolated(string text, IReadOnlyDictionary<string, string>? variables) => Variable().Replace(text, match => match switch
    {
        _ when match.Value == "$$" => "$",
        _ when variables?.GetValueOrDefault(match.Groups[1].Value) is { Length: > 0 } value => value,
        _ when match.Groups[2].Value == ":-" => match.Groups[3].Value,
        _ => throw new InvalidOperationException($"compose: wanted a value of {match.Groups[1].Value}, got none: {match.Groups[3].Value}"),
    });

    [GeneratedRegex(@"\$\$|\$\{(\w+)(:-|:\?)([^}]*)\}")]
    private static partial Regex Variable();

    [GeneratedRegex(@"(CLUSTER_\w+)=(\S+)")]
    private static partial Regex Assignment();
}
