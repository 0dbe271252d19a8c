namespace Cluster.EndToEnd.Tests.Deployment;

/// <summary>What deploy/ keeps from strangers, and from a container that was taken over: nodes and what runs beside them alike.</summary>
public sealed class DeploymentHardeningTests
{
    public static TheoryData<string> ComposeFiles => new(Directory.GetFiles(In("docker"), "compose*.yaml").Select(file => Path.GetFileName(file)));

    public static TheoryData<string> Manifests => new("seed.yaml", "coordinator.yaml", "worker.yaml", "data.yaml");

    public static TheoryData<string> Units => new(Directory.GetFiles(In("systemd"), "*.service").Select(file => Path.GetFileName(file)));

    [Theory]
    [MemberData(nameof(ComposeFiles))]
    public void Every_service_with_an_image_comes_back_and_is_confined(string file)
    {
        foreach ((string name, object value) in (Dictionary<string, object>)YamlTree.Documents(File.ReadAllText(In("docker", file))).Single()["services"])
        {
            Dictionary<string, object> service = (Dictionary<string, object>)value;
            if (!service.ContainsKey("image")) continue;        // an overlay over one that has
            service["restart"].ShouldBe("unless-stopped", name);
            service["read_only"].ShouldBe("true", name);
            ((List<object>)service["cap_drop"]).ShouldBe(["ALL"], name);
            ((List<object>)service["security_opt"]).ShouldBe(["no-new-privileges:true"], name);
            service.ShouldContainKey("pids_limit", name);
            ((List<object>)service["tmpfs"]).ShouldAllBe(mount => ((string)mount).Contains(":size="), name);
        }
    }

    [Theory]
    [MemberData(nameof(Manifests))]
    public void Every_container_is_confined_and_its_volumes_are_bounded(string file)
    {
        Dictionary<string, object>[] pods = [.. Documents("kubernetes", file).Select(PodOf).OfType<Dictionary<string, object>>()];

        pods.ShouldNotBeEmpty();
        foreach (Dictionary<string, object> pod in pods)
        {
            pod["automountServiceAccountToken"].ShouldBe("false");
            pod.At("securityContext", "runAsNonRoot").ShouldBe("true");
            pod.At("securityContext", "seccompProfile", "type").ShouldBe("RuntimeDefault");
            pod.ListAt("volumes").Where(volume => volume.ContainsKey("emptyDir")).ShouldAllBe(volume => volume.At("emptyDir", "sizeLimit") != null);
            foreach (Dictionary<string, object> container in pod.ListAt("containers").Concat(pod.ListAt("initContainers")))
            {
                container.At("securityContext", "readOnlyRootFilesystem").ShouldBe("true");
                container.At("securityContext", "allowPrivilegeEscalation").ShouldBe("false");
                ((List<object>)container.At("securityContext", "capabilities", "drop")!).ShouldBe(["ALL"]);
                container.At("resources", "limits", "memory").ShouldNotBeNull();
                container.At("resources", "limits", "ephemeral-storage").ShouldNotBeNull();
            }
        }
    }

    [Fact]
    public void Of_the_network_nothing_is_allowed_but_what_a_policy_names_in_and_out()
    {
        Dictionary<string, object>[] policies = [.. Documents("kubernetes", "network-policy.yaml")];

        Dictionary<string, object> rest = policies.Single(policy => ((Dictionary<string, object>)policy.At("spec", "podSelector")!).Count == 0);
        ((List<object>)rest.At("spec", "policyTypes")!).ShouldBe(["Ingress", "Egress"]);
        rest.At("spec", "egress").ShouldBeNull();
        rest.At("spec", "ingress").ShouldBeNull();
        Ports(policies, "nodes", "egress").ShouldBe(["4053", "4054", "53", "53"]);
        Ports(policies, "database", "egress").ShouldBe(["5432"]);
        Ports(policies, "api", "ingress").ShouldBe(["4080"]);
        policies.Where(policy => policy.At("spec", "egress") is not null).Select(policy => policy.At("metadata", "name")).ShouldBe(["nodes", "database"]);
    }

    [Fact]
    public void Every_connection_to_a_database_checks_whose_it_is()
    {
        string[] connections = [.. Directory.GetFiles(In(), "*", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/chaos/", StringComparison.Ordinal))         // a trial's database listens on its own host alone
            .SelectMany(File.ReadLines).Where(line => line.Contains("journal-connection: Host=", StringComparison.Ordinal))];

        connections.Length.ShouldBeGreaterThan(3);
        connections.ShouldAllBe(line => line.Contains("SSL Mode=VerifyFull;Root Certificate=", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Units))]
    public void Every_unit_is_started_again_however_often_it_ends(string file)
    {
        string[] lines = File.ReadAllLines(In("systemd", file));

        lines.ShouldContain("Restart=always");
        lines.ShouldContain("StartLimitIntervalSec=0");
        lines.ShouldContain("RestartPreventExitStatus=2");
    }

    private static string In(params string[] path) => Path.Combine([Repository.Root, "deploy", .. path]);

    private static IReadOnlyList<Dictionary<string, object>> Documents(params string[] path) => YamlTree.Documents(File.ReadAllText(In(path)));

    private static Dictionary<string, object>? PodOf(Dictionary<string, object> document) => document["kind"] switch
    {
        "Pod" => (Dictionary<string, object>)document["spec"],
        "StatefulSet" => (Dictionary<string, object>?)document.At("spec", "template", "spec"),
        _ => null,
    };

    private static IEnumerable<string> Ports(IEnumerable<Dictionary<string, object>> policies, string name, string direction) =>
        policies.Single(policy => (string)policy.At("metadata", "name")! == name).ListAt("spec", direction)
            .SelectMany(rule => rule.ListAt("ports")).Select(port => (string)port["port"]);
}
