namespace Cluster.EndToEnd.Tests.Deployment;

/// <summary>A manifest of deploy/kubernetes.</summary>
/// <param name="file">Its name, for failures.</param>
/// <param name="text">Its text.</param>
internal sealed class KubernetesManifest(string file, string text)
{
    /// <summary>The containers of its stateful sets that are nodes.</summary>
    public IReadOnlyList<DeployedNode> Nodes => [.. Sets.SelectMany(set => Containers(set).Select(container => NodeOf(set, container)))];

    /// <summary>The ports that the containers of nodes name.</summary>
    public IEnumerable<(string Name, string Port)> Ports => Sets.SelectMany(Containers)
        .SelectMany(container => container.ListAt("ports")).Select(port => ((string)port["name"], (string)port["containerPort"]));

    /// <summary>Volumes that a container mounts and its pod does not have.</summary>
    public IEnumerable<string> MissingVolumes => Sets.SelectMany(set => Containers(set)
        .SelectMany(container => container.ListAt("volumeMounts")).Select(mount => (string)mount["name"])
        .Except(set.ListAt("spec", "template", "spec", "volumes").Select(volume => (string)volume["name"]))
        .Except(set.ListAt("spec", "volumeClaimTemplates").Select(claim => (string)claim.At("metadata", "name")!)));

    private IEnumerable<Dictionary<string, object>> Sets => YamlTree.Documents(text).Where(document => (string)document["kind"] == "StatefulSet");

    private static IEnumerable<Dictionary<string, object>> Containers(Dictionary<string, object> set) =>
        set.ListAt("spec", "template", "spec", "containers").Where(container => ContainerImage.RoleOf(container["image"]) is not null);

    private DeployedNode NodeOf(Dictionary<string, object> set, Dictionary<string, object> container)
    {
        Dictionary<string, string> environment = [];
        foreach (Dictionary<string, object> variable in container.ListAt("env"))
            environment[(string)variable["name"]] = variable.GetValueOrDefault("value") is string value ? Expanded(value, environment) : (string)set.At("metadata", "name")! + "-0";
        return new DeployedNode(
            $"{file}, container {container["name"]}", ContainerImage.RoleOf(container["image"])!, ContainerImage.With(environment), [],
            [.. container.ListAt("volumeMounts").Select(mount => (string)mount["mountPath"])]);
    }

    /// <summary>$(NAME) is a variable that stands before.</summary>
    private static string Expanded(string value, Dictionary<string, string> before) =>
        before.Aggregate(value, (text, variable) => text.Replace($"$({variable.Key})", variable.Value, StringComparison.Ordinal));
}
