using System.Collections.Concurrent;
using Cluster.Coordinator.Checkpoints;
using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.ParameterServer;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node;
using Cluster.Messages.Wire;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Privacy;

namespace Cluster.Coordinator.Tests;

/// <summary>One coordinator node whose disk outlives it, with workers of the test's own.</summary>
internal sealed class CoordinatorBench : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    public static readonly CoordinatorLimits Quick = new()
    {
        RoundTick = TimeSpan.FromMilliseconds(50),
        CheckpointPause = TimeSpan.Zero,
        CommandTick = TimeSpan.FromMilliseconds(50),
        BackoffMin = TimeSpan.FromMilliseconds(10),
        TaskTick = TimeSpan.FromMilliseconds(20),
    };

    private readonly DirectoryInfo _disk = Directory.CreateTempSubdirectory("cluster-bench-");

    public MemoryCheckpointStore Checkpoints { get; } = new();

    /// <summary>The database that the journal is in; null for a file.</summary>
    public string? JournalConnection { get; init; }

    /// <summary>Whether other nodes can reach the coordinator's.</summary>
    public bool HasNeighbours { get; init; }

    /// <summary>Keeps checkpoints in the place of <see cref="Checkpoints"/>; null for none.</summary>
    public ICheckpointStore? OtherCheckpoints { get; init; }

    public MemoryModelStore Models { get; } = new();

    public CoordinatorLimits Limits { get; init; } = Quick;

    /// <summary>How contributions are summed, where a test has it done otherwise.</summary>
    public RoundRules Rules { get; init; } = RoundRules.Default;

    /// <summary>Where files are read and written.</summary>
    public IComputePool Compute { get; init; } = new InlineComputePool();

    /// <summary>Reads a job's data.</summary>
    public LoadData LoadData { get; init; } = PreparedData.Load;

    /// <summary>Draws the secrets of private jobs.</summary>
    public Func<PrivacySecret> DrawSecret { get; init; } = () => TestData.Secret;

    public ConcurrentQueue<IJobMessage> Reports { get; } = new();

    public ActorSystem System { get; private set; } = null!;

    public IActorRef Manager { get; private set; } = null!;

    /// <summary>Starts the coordinator, in the place of one that may have been stopped.</summary>
    /// <param name="region">Makes the shard region.</param>
    public async Task Start(Func<ActorSystem, IActorRef> region)
    {
        ClusterNode node = ClusterNode.Start(
            new NodeOptions
            {
                SystemName = "test",
                Alone = !HasNeighbours,
                JournalPath = JournalConnection is null ? JournalPath : null,
                JournalConnection = JournalConnection,
            },
            Codecs(), new NodeEnvironment(new InlineComputePool()) { LogLevel = LogLevel.ErrorLevel });
        System = node.System;
        await node.WaitUntilUp(Deadline);
        CoordinatorServices services = new(
            Compute, OtherCheckpoints ?? Checkpoints, Models, Limits, region(System), new Reporter(Reports), LoadData)
        {
            Rules = Rules,
            DrawSecret = DrawSecret,
        };
        Manager = System.ActorOf(JobManagerActor.PropsOf(services), "jobs");
    }

    /// <summary>Another node, of no worker.</summary>
    public ActorSystem Stranger() => ClusterNode.Start(
        new NodeOptions { SystemName = "test", Roles = [NodeRoles.Seed] }, Codecs(), new NodeEnvironment(new InlineComputePool()) { LogLevel = LogLevel.ErrorLevel }).System;

    /// <summary>Where the parameter server of a job is, for other nodes.</summary>
    public string ParametersOf(JobId job) => $"{ActorCluster.Get(System).SelfAddress}/user/jobs/job-{job}/parameters";

    /// <summary>Stops the node at once; only the journal and the checkpoints remain.</summary>
    public async Task Stop()
    {
        await System.Terminate().WaitAsync(Deadline);
    }

    public static SubmitJob Submit(string text, string name = "job", int folds = 0, int priority = 0) =>
        new(new JobId(name), text, TestData.Directory, $"runs/{name}", TaskOrder.OfFolds(folds), priority);

    /// <summary>Submits a job, or resumes it where it ended without a model, and waits for its end.</summary>
    public async Task<JobFinished> Run(SubmitJob submit)
    {
        JobAccepted accepted = await Manager.Ask<JobAccepted>(submit, Deadline);
        if (accepted.Status is JobStatus.Cancelled or JobStatus.Failed)
            (await Manager.Ask<JobAccepted>(new ResumeJob(submit.Job, accepted.Run + 1), Deadline)).Run.ShouldBe(accepted.Run + 1);
        return await Finished(submit.Job);
    }

    /// <summary>The manifests of an actor's journal entries, in order.</summary>
    public Task<string[]> Journalled(string persistenceId) =>
        Task.FromResult(JournalReader.Read(JournalPath, persistenceId).Select(stored => stored.Manifest).ToArray());

    /// <summary>Asks until the job has ended.</summary>
    public async Task<JobFinished> Finished(JobId job)
    {
        using CancellationTokenSource late = new(Deadline);
        while (true)
        {
            JobDescribed described = await Manager.Ask<JobDescribed>(new DescribeJob(job), Deadline);
            if (described.Finished is { } finished) return finished;
            late.Token.ThrowIfCancellationRequested();
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, late.Token);
        }
    }

    /// <summary>What one thread makes of the job: the oracle.</summary>
    public static TrainedModel Sequential(string text)
    {
        JobSpec spec = JobFile.Parse(text, "job.yaml", TestData.Directory);
        return SequentialTrainer.Train(spec, PreparedData.Load(spec, Learners.NumbersFor(spec)), secret: TestData.Secret);
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _disk.Delete(recursive: true);
    }

    private string JournalPath => Path.Combine(_disk.FullName, "journal.db");

    private static MessageCodecs Codecs() => CoordinatorCodecs.AddTo(MessageCodecs.ForMessages());

    private sealed class Reporter(ConcurrentQueue<IJobMessage> reports) : IProgressReporter
    {
        public void Report(IJobMessage report) => reports.Enqueue(report);
    }
}
