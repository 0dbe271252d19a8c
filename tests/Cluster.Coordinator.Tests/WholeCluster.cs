using Cluster.Coordinator.Authority;
using Cluster.Coordinator.Checkpoints;
using Cluster.Coordinator.Jobs;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node;
using Cluster.Messages.Wire;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Numerics;
using Cluster.Seed;
using Cluster.Worker;
using Cluster.Worker.Data;

namespace Cluster.Coordinator.Tests;

/// <summary>Seed, coordinator and workers as nodes of this process that reach each other through sockets, on real threads and real time, with short heartbeats.</summary>
internal sealed class WholeCluster : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo _disk = Directory.CreateTempSubdirectory("cluster-whole-");
    private readonly MemoryLeaseStore _leases = new(TimeProvider.System);
    private readonly Dictionary<ClusterNode, NodeLife> _lives = [];
    private readonly List<(NodeLife Life, ClusterNode Node)> _dead = [];
    private readonly List<ClusterNode> _workers = [];
    private readonly Turnstile _work = new();
    private int _names;
    private ClusterNode? _seed;
    private ClusterNode? _coordinator;

    public MemoryCheckpointStore Checkpoints { get; } = new();

    public MemoryModelStore Models { get; } = new();

    public IActorRef Jobs { get; private set; } = ActorRefs.Nobody;

    public ActorSystem Seed => _seed!.System;

    public async Task Start(int workers)
    {
        _seed = Add("seed", NodeRoles.Seed);
        SeedNode.Start(_seed.System);
        await _seed.WaitUntilUp(Deadline);
        await StartCoordinator();
        for (int i = 0; i < workers; i++) await StartWorker();
    }

    public async Task StartCoordinator()
    {
        _coordinator = Add($"coordinator-{++_names}", NodeRoles.Coordinator);
        CoordinatorNode.Start(_coordinator.System, new CoordinatorOptions
        {
            Compute = _coordinator.Compute,
            Authority = new AuthorityOptions(_leases, _coordinator.Compute, _coordinator.Name),
            Checkpoints = Checkpoints,
            Models = Models,
            Limits = CoordinatorBench.Quick,
            DrawSecret = () => TestData.Secret,
        });
        Jobs = JobManagerSingleton.Proxy(_coordinator.System);
        await _coordinator.WaitUntilUp(Deadline);
    }

    /// <summary>Starts a worker; with a folder for fetched data, one that sees no data of its own, and holds the rows of its shards alone.</summary>
    public async Task StartWorker(string? dataCache = null)
    {
        ClusterNode node = Add($"worker-{++_names}", NodeRoles.Worker);
        WorkerOptions options = new(new WorkerId(node.Name));
        IComputePool compute = _work.Before(node.Compute);
        if (dataCache is null) WorkerNode.Start(node.System, options, new WorkerPools(compute));
        else
        {
            WorkerNode.Start(
                node.System, options with { SeesData = _ => false, Storage = RowStorage.Default with { Folder = dataCache, WholeBytesMax = 0 } },
                new WorkerPools(compute, NumericBufferPool.Shared, new DataSetCache()));
        }
        _workers.Add(node);
        await node.WaitUntilUp(Deadline);
    }

    /// <summary>What was journalled of each epoch, as bytes: steps, mean loss, examples.</summary>
    public Task<string[]> JournalledEpochs(JobId job) => Journalled(job, "ET");

    /// <summary>What was journalled of a job under manifests that begin so, as bytes.</summary>
    public Task<string[]> Journalled(JobId job, string manifest) => Task.FromResult(
        JournalReader.Read(JournalPath, $"job-{job}").Where(stored => stored.Manifest.StartsWith(manifest, StringComparison.Ordinal)).Select(stored => stored.Bytes).ToArray());

    /// <summary>The first worker falls silent, without a word to anybody.</summary>
    public void KillWorker() => Kill(TakeWorker());

    /// <summary>The first worker hands its shards over, leaves the cluster and ends.</summary>
    public Task LeaveWorker() => Leave(TakeWorker());

    /// <summary>The coordinator falls silent; only its journal and checkpoints remain, and its lease until that expires.</summary>
    public void KillCoordinator() => Kill(_coordinator!);

    /// <summary>The coordinator gives its jobs and its lease up, leaves the cluster and ends.</summary>
    public Task LeaveCoordinator() => Leave(_coordinator!);

    public async Task<object> Ask(object message)
    {
        using CancellationTokenSource late = new(Deadline);
        while (true)
        {
            try
            {
                return await Jobs.Ask<object>(message, TimeSpan.FromSeconds(2));
            }
            catch (AskTimeoutException) when (!late.IsCancellationRequested)
            {
            }
        }
    }

    public async Task<JobFinished> Run(SubmitJob submit)
    {
        (await Ask(submit)).ShouldBeOfType<JobAccepted>();
        return await Finished(submit.Job);
    }

    public async Task<JobFinished> Finished(JobId job) => (await Until(job, described => described.Finished is not null)).Finished!;

    /// <summary>Submits a job and has it stand still beyond a step, so that it cannot end before <see cref="GoOn"/>.</summary>
    public async Task HoldBeyond(long step, SubmitJob submit)
    {
        _work.Close();
        (await Ask(submit)).ShouldBeOfType<JobAccepted>();
        await HoldBeyond(step, submit.Job);
    }

    /// <summary>Lets a job that is held come beyond a later step.</summary>
    public Task HoldBeyond(long step, JobId job) => Until(job, described => described.Line.Step > step, _work.LetOne);

    /// <summary>Lets a job that is held run on.</summary>
    public void GoOn() => _work.Open();

    /// <summary>Asks until the job stands if it is wanted.</summary>
    /// <param name="job">The job.</param>
    /// <param name="there">What is wanted.</param>
    /// <param name="meanwhile">What is done as often as it is asked in vain.</param>
    public async Task<JobDescribed> Until(JobId job, Predicate<JobDescribed> there, Action? meanwhile = null)
    {
        using CancellationTokenSource late = new(Deadline);
        while (true)
        {
            if (await Ask(new DescribeJob(job)) is JobDescribed described && there(described)) return described;
            meanwhile?.Invoke();
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, late.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_lives.Keys.Select(node => node.System.Terminate())).WaitAsync(Deadline);
        foreach ((NodeLife life, _) in _dead) life.Exhume();
        await Task.WhenAll(_dead.Select(dead => dead.Node.System.Terminate())).WaitAsync(Deadline);
        _disk.Delete(recursive: true);
    }

    private string JournalPath => Path.Combine(_disk.FullName, "journal.db");

    private ClusterNode TakeWorker()
    {
        ClusterNode node = _workers[0];
        _workers.RemoveAt(0);
        return node;
    }

    private void Kill(ClusterNode node)
    {
        _lives.Remove(node, out NodeLife? life);
        life!.End();
        _dead.Add((life, node));
    }

    private async Task Leave(ClusterNode node)
    {
        _lives.Remove(node);
        (await node.Stop(Deadline)).ShouldBeTrue();
    }

    private ClusterNode Add(string name, string role)
    {
        NodeLife life = new();
        ClusterNode node = ClusterNode.Start(
            new NodeOptions
            {
                SystemName = "test",
                Name = name,
                Roles = [role],
                Seeds = _seed is null ? [] : [_seed.Address],
                JournalPath = role == NodeRoles.Coordinator ? JournalPath : null,
                ComputeThreads = 1,
                HeartbeatInterval = TimeSpan.FromMilliseconds(100),
                AcceptablePause = TimeSpan.FromSeconds(4),      // on a busy machine a node that lives may be starved for longer than two
                DownAfter = TimeSpan.FromMilliseconds(300),
            },
            CoordinatorCodecs.AddTo(MessageCodecs.ForMessages()), new NodeEnvironment { LogLevel = LogLevel.ErrorLevel }, builder => QuickNode.Configure(builder, life));
        _lives[node] = life;
        return node;
    }
}
