using System.Collections.Concurrent;
using Cluster.Messages.DataPlane;
using Cluster.Messages.Node;
using Cluster.Messages.Wire;

namespace Cluster.Messages.Tests.Node;

public sealed class ClusterNodeTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-node-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Two_nodes_form_a_cluster_and_messages_with_actor_references_cross_it_as_bytes()
    {
        NodeEnvironment environment = NodeEnvironment.InProcess();
        NodeAddress seed = environment.NextAddress();
        await using ClusterNode first = ClusterNode.Start(Options(NodeRoles.Seed) with { Address = seed, Seeds = [seed] }, MessageCodecs.ForMessages(), environment);
        await first.WaitUntilUp(Deadline);
        await using ClusterNode second = ClusterNode.Start(Options(NodeRoles.Worker) with { Address = environment.NextAddress(), Seeds = [seed] }, MessageCodecs.ForMessages(), environment);
        await second.WaitUntilUp(Deadline);

        first.System.ActorOf(Props.Create(() => new HubActor()), "hub");
        IActorRef hub = await second.System.ActorSelection($"{first.Membership.SelfAddress}/user/hub").ResolveOne(Deadline);
        JobAccepted answer = await hub.Ask<JobAccepted>(subscriber => new SubscribeProgress(Some.Job, subscriber), Deadline, CancellationToken.None);

        answer.ShouldBe(new JobAccepted(Some.Job, 1, JobStatus.Queued));
        second.Membership.SelfRoles.ShouldBe([NodeRoles.Worker]);
        second.Address.Port.ShouldBeGreaterThan(0);
        second.Name.ShouldBe(second.Address.ToString());
        first.Membership.State.Members.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_message_of_three_vectors_crosses_between_two_nodes_unchanged()
    {
        TensorPayload block = new(PayloadKind.Float32, Enumerable.Range(0, VectorExchange.InlineBytesMax).Select(i => unchecked((byte)(i * 7))).ToArray());
        NodeEnvironment environment = NodeEnvironment.InProcess();
        NodeAddress seed = environment.NextAddress();
        await using ClusterNode first = ClusterNode.Start(Options(NodeRoles.Seed) with { Address = seed, Seeds = [seed] }, Codecs(), environment);
        await using ClusterNode second = ClusterNode.Start(Options(NodeRoles.Worker) with { Address = environment.NextAddress(), Seeds = [seed] }, Codecs(), environment);
        await second.WaitUntilUp(Deadline);

        first.System.ActorOf(Props.Create(() => new EchoActor()), "echo");
        IActorRef echo = await second.System.ActorSelection($"{first.Membership.SelfAddress}/user/echo").ResolveOne(Deadline);
        ThreeBlocks answer = await echo.Ask<ThreeBlocks>(new ThreeBlocks(block, block, block), Deadline);

        answer.ShouldBe(new ThreeBlocks(block, block, block));

        static MessageCodecs Codecs() => MessageCodecs.ForMessages().Register<ThreeBlocks>(
            "test-blocks",
            (w, m) =>
            {
                w.Payload(m.First, "First");
                w.Payload(m.Second, "Second");
                w.Payload(m.Third, "Third");
            },
            r => new ThreeBlocks(r.Payload("First"), r.Payload("Second"), r.Payload("Third")),
            Limits.MessageBytesMax);
    }

    [Fact]
    public async Task A_node_alone_is_a_member_with_all_roles_whose_singleton_answers()
    {
        await using ClusterNode node = ClusterNode.Start(new NodeOptions { Alone = true, ComputeThreads = 1, JournalPath = Path.Combine(_folder.FullName, "alone.db") }, MessageCodecs.ForMessages(), NodeEnvironment.InProcess());
        await node.WaitUntilUp(Deadline);
        node.System.ActorOf(
            ClusterSingletonManager.Props(
                Props.Create(() => new HubActor()), PoisonPill.Instance, ClusterSingletonManagerSettings.Create(node.System).WithRole(JobManagerSingleton.Role)),
            JobManagerSingleton.ManagerName);

        JobAccepted answer = await JobManagerSingleton.Proxy(node.System).Ask<JobAccepted>(
            subscriber => new SubscribeProgress(Some.Job, subscriber), Deadline, CancellationToken.None);

        answer.Status.ShouldBe(JobStatus.Queued);
        node.Membership.State.Members.Single().Roles.Order().ShouldBe(NodeRoles.All.Order());
    }

    [Fact]
    public async Task A_node_that_stops_leaves_the_cluster_and_its_pool_is_closed()
    {
        NodeEnvironment environment = NodeEnvironment.InProcess();
        ClusterNode node = ClusterNode.Start(Options(NodeRoles.Seed), MessageCodecs.ForMessages(), environment);
        await node.WaitUntilUp(Deadline);

        (await node.Stop(Deadline)).ShouldBeTrue();

        node.System.WhenTerminated.IsCompleted.ShouldBeTrue();
        node.Membership.IsTerminated.ShouldBeTrue();
        await Should.ThrowAsync<ComputeRefusedException>(node.Compute.Run(() => 1));
        (await node.Stop(Deadline)).ShouldBeTrue();
    }

    [Fact]
    public async Task What_was_journalled_is_there_after_a_restart()
    {
        string journal = Path.Combine(_folder.FullName, "sub", "journal.db");
        for (int life = 0; life < 3; life++)
        {
            NodeEnvironment environment = NodeEnvironment.InProcess();
            await using ClusterNode node = ClusterNode.Start(
                Options(NodeRoles.Coordinator) with { JournalPath = journal },
                MessageCodecs.ForMessages().Register<Counted>("test-counted", (w, e) => w.Int32(e.Total), r => new Counted(r.Int32("Total"))),
                environment);
            await node.WaitUntilUp(Deadline);
            IActorRef counter = node.System.ActorOf(Props.Create(() => new CounterActor()), "counter");

            (await counter.Ask<EpochTrained>(Counting, Deadline)).Step.ShouldBe(life + 1);
        }
    }

    [Fact]
    public void A_coordinator_without_a_journal_is_refused() =>
        Should.Throw<BadNodeOptionsException>(() => ClusterNode.Start(Options(NodeRoles.Coordinator), MessageCodecs.ForMessages(), NodeEnvironment.InProcess()))
            .Message.ShouldContain("JournalPath: wanted a journal in the role coordinator");

    [Fact]
    public void A_journal_that_cannot_be_opened_is_named()
    {
        string file = Path.Combine(_folder.FullName, "file");
        File.WriteAllText(file, "in the way");
        string journal = Path.Combine(file, "journal.db");

        Should.Throw<JournalUnavailableException>(() => ClusterNode.Start(
            Options(NodeRoles.Coordinator) with { JournalPath = journal }, MessageCodecs.ForMessages(), NodeEnvironment.InProcess())).Journal.ShouldBe(journal);
    }

    [Fact]
    public async Task A_node_whose_seeds_do_not_answer_says_so_at_its_deadline()
    {
        NodeEnvironment environment = NodeEnvironment.InProcess();
        NodeAddress nobody = environment.NextAddress();
        await using ClusterNode node = ClusterNode.Start(Options(NodeRoles.Worker) with { Address = environment.NextAddress(), Seeds = [nobody] }, MessageCodecs.ForMessages(), environment);

        (await Should.ThrowAsync<TimeoutException>(node.WaitUntilUp(TimeSpan.FromMilliseconds(200)))).Message.ShouldContain(nobody.ToString());
    }

    [Fact]
    public async Task Log_lines_reach_the_writer()
    {
        var lines = new ConcurrentQueue<string>();
        using var written = new SemaphoreSlim(0);
        NodeEnvironment environment = NodeEnvironment.InProcess(log: line =>
        {
            lines.Enqueue(line.ToString() ?? string.Empty);
            if (line.Message.ToString() == "a line for the operator") written.Release();
        });
        await using ClusterNode node = ClusterNode.Start(Options(NodeRoles.Seed), MessageCodecs.ForMessages(), environment);

        node.System.Log.Info("a line for the operator");

        (await written.WaitAsync(Deadline)).ShouldBeTrue(string.Join("\n", lines));
    }

    private static DescribeJob Counting { get; } = new(Some.Job);

    private static NodeOptions Options(string role) => new() { Roles = [role], ComputeThreads = 1 };

    private sealed class HubActor : ReceiveActor
    {
        public HubActor() => Receive<SubscribeProgress>(wish => wish.Subscriber.Tell(new JobAccepted(wish.Job, 1, JobStatus.Queued)));
    }

    private sealed record Counted(int Total);

    private sealed record ThreeBlocks(TensorPayload First, TensorPayload Second, TensorPayload Third);

    private sealed class EchoActor : ReceiveActor
    {
        public EchoActor() => Receive<ThreeBlocks>(blocks => Sender.Tell(blocks));
    }

    private sealed class CounterActor : ReceivePersistentActor
    {
        private int _total;

        public CounterActor()
        {
            Recover<Counted>(counted => _total = counted.Total);
            Command<DescribeJob>(wish => Persist(new Counted(_total + 1), counted =>
            {
                _total = counted.Total;
                Sender.Tell(new EpochTrained(wish.Job, 0, _total, 0, 0, 0, false, new TensorPayload(PayloadKind.Float64, default)));
            }));
        }

        public override string PersistenceId => "counter";
    }
}
