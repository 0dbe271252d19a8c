using Cluster.Messages.Node;
using Cluster.Messages.Wire;

namespace Cluster.Messages.Tests.Node;

/// <summary>A node finds its cluster again by the members that it had seen, behind real sockets.</summary>
public sealed class MemberFileTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60), Interval = TimeSpan.FromMilliseconds(10);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-members-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Addresses_are_read_as_they_were_written_and_nobody_else_reads_them()
    {
        MemberFile file = new(Path.Combine(_folder.FullName, "state", "members"));
        file.Read().ShouldBeEmpty();

        file.Write([new("worker-1.example", 4053), new("10.0.0.2", 1)]);
        file.Write([new("worker-1.example", 4053), new("10.0.0.3", 65535)]);

        file.Read().ShouldBe([new("worker-1.example", 4053), new("10.0.0.3", 65535)]);
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(file.FullPath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Theory]
    [InlineData("no address\n127.0.0.1:0\n\0\u001b[2J\n:1\nworker:4053\n")]
    [InlineData("worker:99999\n worker:4053 ")]
    public void What_is_no_address_is_passed_over(string damaged)
    {
        MemberFile file = new(Path.Combine(_folder.FullName, "members"));
        File.WriteAllText(file.FullPath, damaged);

        file.Read().ShouldBe([new("worker", 4053)]);
    }

    [Fact]
    public void No_more_addresses_are_taken_than_a_cluster_has_members()
    {
        MemberFile file = new(Path.Combine(_folder.FullName, "members"));
        File.WriteAllLines(file.FullPath, Enumerable.Range(1, 10_000).Select(port => $"worker:{port}"));

        file.Read().Length.ShouldBe(256);
    }

    [Fact]
    public async Task A_seed_at_another_address_finds_the_cluster_that_went_on_without_it()
    {
        MemberFile file = new(Path.Combine(_folder.FullName, "members"));
        ClusterNode seed = Start(new NodeOptions { Roles = [NodeRoles.Seed] });
        seed.System.ActorOf(MembersKeeperActor.PropsOf(file), "members");
        await seed.WaitUntilUp(Deadline);
        await using ClusterNode second = Start(new NodeOptions { Roles = [NodeRoles.Worker], Seeds = [seed.Address] });
        await using ClusterNode third = Start(new NodeOptions { Roles = [NodeRoles.Worker], Seeds = [seed.Address] });
        await UntilAsync(() => file.Read().ToHashSet().SetEquals([second.Address, third.Address]));
        (await seed.Stop(Deadline)).ShouldBeTrue();

        await using ClusterNode again = Start(new NodeOptions { Roles = [NodeRoles.Seed], Peers = file.Read() });

        await again.WaitUntilUp(Deadline);
        await UntilAsync(() => again.Membership.State.Members.Count == 3 && second.Membership.State.Members.Count == 3);
    }

    [Fact]
    public async Task A_seed_whose_peers_are_all_gone_founds_a_cluster()
    {
        NodeAddress nobody = NodeEnvironment.Tcp(new NodeOptions()).NextAddress();

        await using ClusterNode seed = Start(new NodeOptions { Roles = [NodeRoles.Seed], Peers = [nobody] });

        await seed.WaitUntilUp(Deadline);
    }

    [Theory]
    [InlineData("a b", 1)]
    [InlineData("127.0.0.1", 0)]
    public void A_peer_that_cannot_be_reached_is_refused(string host, int port) =>
        Should.Throw<BadNodeOptionsException>(() => (new NodeOptions() with { Peers = [new NodeAddress(host, port)] }).Validated()).Message.ShouldContain("Peers: ");

    private static ClusterNode Start(NodeOptions options) => ClusterNode.Start(options with { ComputeThreads = 1 }, MessageCodecs.ForMessages(), NodeEnvironment.Tcp(options));

    private static async Task UntilAsync(Func<bool> holds)
    {
        using CancellationTokenSource late = new(Deadline);
        while (!holds()) await Task.Delay(Interval, TimeProvider.System, late.Token);
    }
}
