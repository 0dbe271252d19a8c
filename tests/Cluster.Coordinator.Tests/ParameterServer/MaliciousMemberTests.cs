using System.Runtime.InteropServices;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;

namespace Cluster.Coordinator.Tests.ParameterServer;

/// <summary>A member that says what is not its to say, or computes wrongly, costs no job and changes no model.</summary>
public sealed class MaliciousMemberTests
{
    private const int StepsLate = 3;
    private static readonly JobId Job = new("job");

    [Theory]
    [InlineData("sum in the worker's name")]
    [InlineData("sums in invented names")]
    [InlineData("failure in the worker's name")]
    [InlineData("shards and sums of its own")]
    public async Task What_another_node_says_of_a_worker_is_not_believed(string said)
    {
        await using CoordinatorBench bench = new() { HasNeighbours = true };
        ActorSystem stranger = bench.Stranger();
        HashSet<(RoundId, SubtreeId)> asked = [];
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf((push, _) =>
        {
            ActorSelection parameters = stranger.ActorSelection(bench.ParametersOf(Job));
            IActorRef nobody = stranger.DeadLetters;
            foreach (object lie in Lies(said, push, nobody)) parameters.Tell(lie, nobody);
            return asked.Add((push.Round, push.Subtree)) && push.Round.Step < StepsLate ? [] : [push];       // the lie comes first
        }), "worker"));

        JobFinished finished = await bench.Run(CoordinatorBench.Submit(TestData.Mlp()));

        finished.Reason.ShouldBeEmpty();
        finished.ModelSha256.ShouldBe(CoordinatorBench.Sequential(TestData.Mlp()).Sha256);
        await stranger.Terminate();
    }

    [Fact]
    public async Task A_worker_whose_numbers_are_not_finite_is_left_out_where_another_computes_them()
    {
        await using CoordinatorBench bench = new();
        await bench.Start(system => system.ActorOf(TwoWorkers.PropsOf((push, _) => [push.Round.Step == 3 ? Spoiled(push) : push], (push, _) => [push])));

        JobFinished finished = await bench.Run(CoordinatorBench.Submit(TestData.Mlp()));

        finished.Reason.ShouldBeEmpty();
        finished.ModelSha256.ShouldBe(CoordinatorBench.Sequential(TestData.Mlp()).Sha256);
    }

    [Fact]
    public async Task What_two_workers_find_not_to_be_finite_is_a_divergence_with_its_step_and_worker()
    {
        await using CoordinatorBench bench = new();
        Func<PushContribution, int, IEnumerable<PushContribution>> spoils = (push, _) => [push.Round.Step == 3 ? Spoiled(push) : push];
        await bench.Start(system => system.ActorOf(TwoWorkers.PropsOf(spoils, spoils)));

        JobFinished finished = await bench.Run(CoordinatorBench.Submit(TestData.Mlp()));

        (finished.Status, finished.FailureKind).ShouldBe((JobStatus.Failed, FailureKind.Diverged));
        finished.Reason.ShouldMatch("^worker (first|second): step 3, sum of micro-batches . to .: wanted finite numbers");
    }

    private static IEnumerable<object> Lies(string said, PushContribution push, IActorRef self) => said switch
    {
        "sum in the worker's name" => [Spoiled(push)],
        "sums in invented names" => Enumerable.Range(0, 50).Select(i => Spoiled(push) with { Worker = new WorkerId($"invented-{i}") }),
        "failure in the worker's name" => [new ContributionFailed(push.Job, push.Round, push.Worker, push.Subtree, true, "made up")],
        _ =>
        [
            new ShardsHosted(push.Job, new WorkerId("stranger"), self, [.. Enumerable.Range(push.Subtree.First, push.Subtree.Count)], push.Round.Incarnation),
            Spoiled(push) with { Worker = new WorkerId("stranger") },
        ],
    };

    private static PushContribution Spoiled(PushContribution push)
    {
        byte[] bytes = push.Sum.Bytes.ToArray();
        if (push.Sum.Kind == PayloadKind.Float64) MemoryMarshal.Cast<byte, double>(bytes.AsSpan()).Fill(double.NaN);
        else MemoryMarshal.Cast<byte, float>(bytes.AsSpan()).Fill(float.NaN);
        return push with { Sum = push.Sum with { Bytes = bytes } };
    }

    /// <summary>A shard region of two workers, each of which holds half of the shards.</summary>
    private sealed class TwoWorkers : ReceiveActor
    {
        public TwoWorkers(Func<PushContribution, int, IEnumerable<PushContribution>> first, Func<PushContribution, int, IEnumerable<PushContribution>> second)
        {
            IActorRef[] workers = [Context.ActorOf(InlineWorker.PropsOf(first, standsIn: true), "first"), Context.ActorOf(InlineWorker.PropsOf(second, standsIn: true), "second")];
            Receive<OpenShard>(open => workers[2 * open.Shard / open.ShardCount].Forward(open));
        }

        public static Props PropsOf(Func<PushContribution, int, IEnumerable<PushContribution>> first, Func<PushContribution, int, IEnumerable<PushContribution>> second) =>
            Props.Create(() => new TwoWorkers(first, second));
    }
}
