using Cluster.Coordinator.ParameterServer.Assignment;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;

namespace Cluster.Coordinator.Tests.ParameterServer.Assignment;

/// <summary>What holds after any history of members that come, go, fall silent, give shards away and answer.</summary>
public sealed class WorkAssignmentPropertyTests
{
    private const int Shards = 16, WorkersMost = 6, Histories = 400, Events = 40;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Each_missing_micro_batch_is_asked_of_one_worker_that_is_heard_or_of_sharding(bool carries)
    {
        for (int seed = 0; seed < Histories; seed++)
        {
            History history = new(seed, carries);
            for (int i = 0; i < Events; i++)
            {
                history.Happen();
                history.Check($"seed {seed}, event {i}");
            }
        }
    }

    [Fact]
    public void Nothing_depends_on_the_order_in_which_it_was_learned()
    {
        for (int seed = 0; seed < Histories; seed++)
        {
            string[] orders = [.. Enumerable.Range(0, 3).Select(order => LearnedInOrder(seed, order))];

            orders.Distinct().Count().ShouldBe(1, $"seed {seed}: {string.Join(" | ", orders)}");
        }
    }

    private static string LearnedInOrder(int seed, int order)
    {
        RandomStream facts = RandomStream.At((ulong)seed, RandomPurpose.Split);
        RandomStream shuffle = RandomStream.At((ulong)seed, RandomPurpose.Split, major: 1 + order);
        WorkAssignment work = new(Shards);
        ShardHost[] hosts = [.. Enumerable.Range(0, WorkersMost).Select(worker => new ShardHost(Worker(worker), NodeOf(worker), [.. Enumerable.Range(0, Shards).Where(shard => shard % WorkersMost == worker)]))];
        WorkerId[] lost = [.. hosts.Take(facts.Next(3)).Select(host => host.Id)];
        string[] silent = [.. hosts.TakeLast(facts.Next(3)).Select(host => host.Node)];
        SumTree tree = Tree();
        for (int shard = 0; shard < Shards; shard++)
            if (facts.Next(3) == 0) tree.Offer(new Subtree(shard, 1), new NumericBuffer(NumberKind.Float32, 1));

        shuffle.Shuffle(hosts.AsSpan());
        shuffle.Shuffle(lost.AsSpan());
        shuffle.Shuffle(silent.AsSpan());
        foreach (ShardHost host in hosts) work.OnHosted(host, round: null);
        foreach (WorkerId worker in lost) work.OnLost([worker], round: null);
        foreach (string node in silent) work.OnSilent(node, round: null);
        OpenRound round = new(RoundPurpose.Train, tree, null);
        return $"{Text(work.OnPublished(round))} {Text(work.OnRepeated(round, repeats: 1))}";
    }

    private static string Text(WorkOrders orders) =>
        string.Join("; ", orders.Work.Select(order => $"{order.Reason} {order.Worker} {string.Join(',', order.Shards)}")) + " opens " + string.Join(',', orders.Open);

    private static SumTree Tree() => new(Shards, (left, right) => left.Add(right), _ => { });

    private static WorkerId Worker(int index) => new($"worker-{index}");

    private static string NodeOf(int worker) => $"node-{worker / 2}";      // two workers a node

    /// <summary>What is so, beside what the assignment was told of it.</summary>
    private sealed class History(int seed, bool carries)
    {
        private readonly WorkAssignment _work = new(Shards, backUpAfter: 2, carries);
        private readonly Dictionary<int, SortedSet<int>> _held = [];
        private readonly HashSet<string> _silent = [];
        private readonly SortedSet<int> _lost = [];
        private RandomStream _random = RandomStream.At((ulong)seed, RandomPurpose.Split);
        private SumTree _tree = Tree();

        private OpenRound Round => new(RoundPurpose.Train, _tree, null);

        public void Happen()
        {
            int worker = _random.Next(WorkersMost);
            switch (_random.Next(7))
            {
                case 0 or 1: Host(worker); break;
                case 2: Lose(worker); break;
                case 3: Silence(NodeOf(worker)); break;
                case 4: Hear(NodeOf(worker)); break;
                case 5: Answer(_random.Next(Shards)); break;
                default: Publish(); break;
            }
        }

        public void Check(string place)
        {
            WorkOrders orders = _work.OnRepeated(Round, repeats: 1);
            for (int shard = 0; shard < Shards; shard++)
            {
                string[] asked = [.. orders.Work.Where(order => order.Shards.Contains(shard)).Select(order => order.Worker.Value)];
                string[] holders = [.. _held.Where(held => held.Value.Contains(shard)).Select(held => Worker(held.Key).Value)];
                string where = $"{place}, micro-batch {shard}";
                if (!_tree.IsMissing(shard))
                {
                    asked.ShouldBeEmpty(where);
                    orders.Open.ShouldNotContain(shard, where);
                    continue;
                }
                orders.Open.Contains(shard).ShouldBe(holders.Length == 0, where);
                string[] others = [.. asked.Except(holders)];
                holders.Except(asked).ShouldBeEmpty(where);
                bool heard = _held.Keys.Any(IsHeard), isHeld = _held.Any(held => IsHeard(held.Key) && held.Value.Contains(shard));
                bool isWanted = holders.Length > 0 || _lost.Contains(shard) || _silent.Count > 0;
                others.Length.ShouldBe(heard && !isHeld && isWanted && !carries ? 1 : 0, where);
                others.Except(_held.Keys.Where(IsHeard).Select(worker => Worker(worker).Value)).ShouldBeEmpty(where);
            }
        }

        private bool IsHeard(int worker) => _held.ContainsKey(worker) && !_silent.Contains(NodeOf(worker));

        // A shard has one home; now and then two while it moves.
        private void Host(int worker)
        {
            SortedSet<int> held = [.. Enumerable.Range(0, Shards).Where(shard => _random.Next(3) == 0 && (_random.Next(8) == 0 || !_held.Any(other => other.Key != worker && other.Value.Contains(shard))))];
            if (held.Count == 0) _held.Remove(worker);
            else _held[worker] = held;
            _lost.ExceptWith(held);
            _work.OnHosted(new ShardHost(Worker(worker), NodeOf(worker), [.. held]), Round);
        }

        private void Lose(int worker)
        {
            if (_held.Remove(worker, out SortedSet<int>? held))
            {
                _lost.UnionWith(held);
                _silent.Remove(NodeOf(worker));
            }
            _work.OnLost([Worker(worker)], Round).Open.ShouldBe(held is null ? [] : [.. Enumerable.Range(0, Shards).Where(shard => !_held.Values.Any(other => other.Contains(shard)))]);
        }

        private void Silence(string node)
        {
            _silent.Add(node);
            _work.OnSilent(node, Round);
        }

        private void Hear(string node)
        {
            _silent.Remove(node);
            _work.OnHeard(node);
        }

        private void Answer(int shard)
        {
            if (_tree.IsMissing(shard)) _tree.Offer(new Subtree(shard, 1), new NumericBuffer(NumberKind.Float32, 1));
        }

        private void Publish()
        {
            _tree = Tree();
            _work.OnPublished(Round);
        }
    }
}
