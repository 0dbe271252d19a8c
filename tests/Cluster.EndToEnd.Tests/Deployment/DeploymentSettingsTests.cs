using Cluster.Coordinator.Cli;
using Cluster.Messages.Node;
using Cluster.Messages.Node.Settings;
using Cluster.Seed;

namespace Cluster.EndToEnd.Tests.Deployment;

/// <summary>
/// What deploy/ names must be what the program takes to which it is given: a setting that was renamed, or that another program has,
/// would be ignored without a word.
/// </summary>
public sealed class DeploymentSettingsTests
{
    private const string Collector = "http://collector:4318";
    private static readonly string[] s_composeFiles = ["compose.yaml", "compose.tls.yaml", "compose.postgresql.yaml", "compose.tls-standby.yaml", "compose.metrics.yaml"];

    /// <summary>The combinations of compose files that the guide names.</summary>
    public static TheoryData<string> Stacks => new(
        "compose.yaml",
        "compose.yaml compose.tls.yaml",
        "compose.yaml compose.postgresql.yaml",
        "compose.yaml compose.metrics.yaml",
        "compose.yaml compose.tls.yaml compose.postgresql.yaml compose.tls-standby.yaml",
        "compose.yaml compose.tls.yaml compose.postgresql.yaml compose.tls-standby.yaml compose.metrics.yaml");

    public static TheoryData<string> Manifests => new("seed.yaml", "coordinator.yaml", "worker.yaml");

    public static TheoryData<string> Units => new(Directory.GetFiles(In("systemd"), "*.service").Select(file => Path.GetFileName(file)));

    [Theory]
    [MemberData(nameof(Stacks))]
    public void Every_service_is_given_what_its_own_program_takes(string files)
    {
        ComposeStack stack = Stack(files);

        stack.Nodes.Count.ShouldBeGreaterThan(2);
        stack.Nodes.SelectMany(service => service.Node.Failures()).ShouldBeEmpty();
        stack.MissingSecrets.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Stacks))]
    public void The_services_of_a_stack_are_alike_in_trust_metrics_and_confinement(string files)
    {
        ComposeStack stack = Stack(files);
        ProgramOptions[] options = [.. stack.Nodes.Select(service => service.Node.Options)];

        options.ShouldAllBe(one => one.Node.CertificatePath != null == files.Contains("tls"));
        options.ShouldAllBe(one => one.Node.SharedKeyPath == null == files.Contains("tls"));
        options.ShouldAllBe(one => one.Metrics != null == files.Contains("metrics"));
        stack.Hardening.Distinct().ShouldHaveSingleItem().ShouldContain("cap_drop ALL");
    }

    [Fact]
    public void Every_compose_file_is_in_a_stack() =>
        Directory.GetFiles(In("docker"), "compose*.yaml").Select(file => Path.GetFileName(file)).ShouldBe(s_composeFiles, ignoreOrder: true);

    [Fact]
    public void Jobs_reach_the_seed_from_the_machine_of_the_containers()
    {
        ComposeStack stack = Stack("compose.yaml");
        SeedProgramOptions seed = (SeedProgramOptions)stack.Nodes.Single(service => service.Name == "seed").Node.Options;

        seed.Http.Address.ShouldBe(new NodeAddress("0.0.0.0", 4080));
        stack.Ports("seed").ShouldHaveSingleItem().ShouldBe("127.0.0.1:4080:4080");
    }

    [Theory]
    [MemberData(nameof(Manifests))]
    public void Every_container_is_given_what_its_own_program_takes(string file)
    {
        KubernetesManifest manifest = Manifest(file, text => text);

        manifest.Nodes.ShouldHaveSingleItem().Failures().ShouldBeEmpty();
        manifest.MissingVolumes.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Stacks))]
    public void Every_service_remembers_the_members_in_a_file_of_its_own(string files)
    {
        ComposeStack stack = Stack(files);

        stack.Nodes.ShouldAllBe(service => service.Node.Options.KnownMembers != null);
        stack.Nodes.Where(service => service.Node.Role == "worker").Select(service => service.Node.Options.KnownMembers).ShouldBeUnique();
    }

    [Fact]
    public void The_api_speaks_tls_where_the_nodes_do_and_where_others_reach_it()
    {
        Seed(Stack("compose.yaml compose.tls.yaml").Nodes).Http.IsTls.ShouldBeTrue();
        ((SeedProgramOptions)Manifest("seed.yaml", text => text).Nodes.Single().Options).Http.IsTls.ShouldBeTrue();

        static SeedProgramOptions Seed(IReadOnlyList<(string Name, DeployedNode Node)> nodes) => (SeedProgramOptions)nodes.Single(node => node.Name == "seed").Node.Options;
    }

    [Fact]
    public void Every_node_of_the_manifests_and_units_remembers_the_members()
    {
        foreach (string file in new[] { "seed.yaml", "coordinator.yaml", "worker.yaml" })
            Manifest(file, text => text).Nodes.Single().Options.KnownMembers.ShouldNotBeNull(file);
        foreach (string file in Directory.GetFiles(In("systemd"), "*.service").Select(file => Path.GetFileName(file)!))
            Unit(file, text => text).Single().Options.KnownMembers.ShouldNotBeNull(file);
    }

    [Fact]
    public void Jobs_reach_the_seeds_of_the_manifests()
    {
        KubernetesManifest manifest = Manifest("seed.yaml", text => text);
        SeedProgramOptions seed = (SeedProgramOptions)manifest.Nodes.Single().Options;

        seed.Http.IsLoopback.ShouldBeFalse();
        manifest.Ports.ShouldContain(("http", "4080"));
        seed.Http.Address.Port.ShouldBe(4080);
    }

    [Theory]
    [MemberData(nameof(Units))]
    public void Every_unit_gives_its_own_program_what_it_takes(string file) =>
        Unit(file, text => text).ShouldHaveSingleItem().Failures().ShouldBeEmpty();

    [Fact]
    public void Several_workers_of_one_machine_are_told_apart_by_what_a_worker_takes()
    {
        DeployedNode worker = SystemdUnit.DropIn("worker.yaml", File.ReadAllText(In("systemd", "worker.yaml")), NodeRoles.Worker, In("systemd", "worker.yaml"));

        worker.Environment.Count.ShouldBe(3);
        worker.Failures().ShouldBeEmpty();
    }

    [Fact]
    public void The_nodes_of_the_guide_take_their_flags_and_variables()
    {
        IReadOnlyList<DeployedNode> nodes = Guide(text => text).Nodes;

        nodes.Select(node => node.Role).Distinct().ShouldBe(ProgramSettingsTests.All.Keys, ignoreOrder: true);
        nodes.SelectMany(node => node.Failures()).ShouldBeEmpty();
    }

    [Fact]
    public void The_verbs_of_the_guide_take_their_flags()
    {
        IReadOnlyList<IReadOnlyList<string>> verbs = Guide(text => text).Verbs;

        verbs.Select(arguments => arguments[0]).ShouldBeSubsetOf(["status", "train", "submit", "watch", "jobs", "cancel", "resume"]);
        verbs.Select(arguments => arguments[0]).ShouldContain("submit");
        verbs.SelectMany(ErrorsOfVerb).ShouldBeEmpty();
    }

    [Fact]
    public void The_scripts_of_a_trial_write_what_each_program_takes()
    {
        using TemporaryFolder folder = new();
        IReadOnlyList<DeployedNode> nodes = TrialSettings.Write(folder.FullPath);

        nodes.Count.ShouldBe(2 * 4 * 7);      // with certificates and with a key; chaos.sh and three settings of detect.sh; seven hosts
        nodes.SelectMany(node => node.Failures()).ShouldBeEmpty();
        nodes.Select(node => node.Options.Node.HeartbeatInterval).Distinct().Count().ShouldBe(3);
    }

    [Theory]
    [InlineData("CLUSTER_NAME: seed", "CLUSTER_NAMES: seed", "CLUSTER_NAMES")]
    [InlineData("CLUSTER_NAME: seed", "CLUSTER_RUNS: seed", "CLUSTER_RUNS")]                  // the coordinator has it, a seed has not
    [InlineData("CLUSTER_LISTEN: seed:4053", "CLUSTER_LISTEN: seed", "wanted HOST:PORT")]
    [InlineData("secrets: [cluster-key, http-token]", "secrets: [cluster-key]", "among the mounts")]
    [InlineData("CLUSTER_LISTEN=$$HOSTNAME:4053", "CLUSTER_LISTENS=$$HOSTNAME:4053", "CLUSTER_LISTENS")]
    public void A_wrong_name_or_value_of_a_service_is_told(string right, string wrong, string failure) =>
        new ComposeStack([Replaced(File.ReadAllText(In("docker", "compose.yaml")), right, wrong)]).Nodes
            .SelectMany(service => service.Node.Failures()).ShouldHaveSingleItem().ShouldContain(failure);

    [Fact]
    public void Certificates_without_those_of_the_standby_are_told() =>
        Stack("compose.yaml compose.tls.yaml compose.postgresql.yaml").Nodes.Select(service => service.Node.Options.Node.CertificatePath).ShouldContain((string?)null);

    [Theory]
    [InlineData("CLUSTER_THREADS", "CLUSTER_THREAD", "CLUSTER_THREAD")]
    [InlineData("CLUSTER_THREADS, value: \"2\"", "CLUSTER_THREADS, value: many", "wanted a whole number")]
    [InlineData("CLUSTER_THREADS", "CLUSTER_HTTP", "CLUSTER_HTTP")]                            // a seed has it, a worker has not
    [InlineData("/etc/cluster/key/cluster.key", "/etc/other/cluster.key", "among the mounts")]
    public void A_wrong_name_or_value_of_a_container_is_told(string right, string wrong, string failure) =>
        Manifest("worker.yaml", text => Replaced(text, right, wrong)).Nodes.Single().Failures().ShouldHaveSingleItem().ShouldContain(failure);

    [Theory]
    [InlineData("--name", "--names", "--names")]
    [InlineData("worker.yaml", "coordinator.yaml", "runs")]                                                // a coordinator has it, a worker has not
    public void A_wrong_flag_or_file_of_a_unit_is_told(string right, string wrong, string failure) =>
        Unit("cluster-worker@.service", text => Replaced(text, right, wrong)).Single().Failures().ShouldHaveSingleItem().ShouldContain(failure);

    [Theory]
    [InlineData("--http-token-file /tmp", "--token-file /tmp")]
    [InlineData("--runs /tmp", "--run /tmp")]
    [InlineData("CLUSTER_AUTHORITY=", "CLUSTER_AUTHORITIES=")]
    public void A_wrong_flag_or_variable_of_the_guide_is_told(string right, string wrong) =>
        Guide(text => Replaced(text, right, wrong)).Nodes.SelectMany(node => node.Failures()).ShouldNotBeEmpty();

    [Fact]
    public void A_wrong_flag_of_a_verb_is_told() =>
        Guide(text => Replaced(text, "cluster submit deploy/", "cluster submit --sets x deploy/")).Verbs.SelectMany(ErrorsOfVerb).ShouldNotBeEmpty();

    private static string In(params string[] path) => Path.Combine([Repository.Root, "deploy", .. path]);

    private static ComposeStack Stack(string files) => new(
        files.Split(' ').Select(file => File.ReadAllText(In("docker", file))),
        files.Contains("metrics") ? new Dictionary<string, string> { ["METRICS"] = Collector } : null);

    private static KubernetesManifest Manifest(string file, Func<string, string> change) => new(file, change(File.ReadAllText(In("kubernetes", file))));

    private static IReadOnlyList<DeployedNode> Unit(string file, Func<string, string> change) =>
        SystemdUnit.NodesOf(file, change(File.ReadAllText(In("systemd", file))), In("systemd"));

    private static GuideCommands Guide(Func<string, string> change) => new(change(File.ReadAllText(In("README.md"))));

    private static IEnumerable<string> ErrorsOfVerb(IReadOnlyList<string> arguments) =>
        CommandLine.Root(new Terminal(TextWriter.Null, TextWriter.Null, interactive: false)).Parse(arguments).Errors.Select(error => error.Message);

    /// <summary>A plan that does not match would test nothing.</summary>
    private static string Replaced(string text, string right, string wrong)
    {
        text.ShouldContain(right);
        return text.Replace(right, wrong, StringComparison.Ordinal);
    }
}
