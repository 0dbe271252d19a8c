namespace Cluster.Actors;

/// <summary>Ends a system in order: phases one after the other, the tasks of one phase side by side, each phase with a deadline.</summary>
public sealed class CoordinatedShutdown : IExtension
{
    public const string PhaseBeforeServiceUnbind = "before-service-unbind";
    public const string PhaseServiceUnbind = "service-unbind";
    public const string PhaseServiceRequestsDone = "service-requests-done";
    public const string PhaseServiceStop = "service-stop";
    public const string PhaseBeforeClusterShutdown = "before-cluster-shutdown";
    public const string PhaseClusterShardingShutdownRegion = "cluster-sharding-shutdown-region";
    public const string PhaseClusterLeave = "cluster-leave";
    public const string PhaseClusterExiting = "cluster-exiting";
    public const string PhaseClusterExitingDone = "cluster-exiting-done";
    public const string PhaseClusterShutdown = "cluster-shutdown";
    public const string PhaseBeforeActorSystemTerminate = "before-actor-system-terminate";
    public const string PhaseActorSystemTerminate = "actor-system-terminate";

    private static readonly string[] s_phases =
    [
        PhaseBeforeServiceUnbind, PhaseServiceUnbind, PhaseServiceRequestsDone, PhaseServiceStop, PhaseBeforeClusterShutdown,
        PhaseClusterShardingShutdownRegion, PhaseClusterLeave, PhaseClusterExiting, PhaseClusterExitingDone, PhaseClusterShutdown,
        PhaseBeforeActorSystemTerminate, PhaseActorSystemTerminate,
    ];

    private readonly EmbeddedActorSystem _system;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<(string Name, Func<Task<Done>> Task)>> _tasks = [];
    private Task<Done>? _run;

    internal CoordinatedShutdown(EmbeddedActorSystem system) => _system = system;

    /// <summary>Why the system ends; null while it does not.</summary>
    public Reason? ShutdownReason { get; private set; }

    public ExtendedActorSystem System => _system;

    public static CoordinatedShutdown Get(ActorSystem sys) => (CoordinatedShutdown)sys.RegisterExtension(new Id());

    /// <summary>Adds a task to a phase; ignored once the shutdown is past it.</summary>
    public void AddTask(string phase, string taskName, Func<Task<Done>> task)
    {
        if (!s_phases.Contains(phase))
            throw new ArgumentException($"CoordinatedShutdown: wanted one of {string.Join(", ", s_phases)}, got '{phase}'; use its constants.", nameof(phase));
        lock (_gate)
        {
            if (!_tasks.TryGetValue(phase, out List<(string, Func<Task<Done>>)>? tasks))
                _tasks[phase] = tasks = [];
            tasks.Add((taskName, task));
        }
    }

    public static TimeSpan Timeout(string phase) =>
        phase is PhaseClusterShardingShutdownRegion or PhaseClusterExiting or PhaseActorSystemTerminate ? TimeSpan.FromSeconds(10) : TimeSpan.FromSeconds(5);

    /// <summary>Runs the phases, once however often it is called.</summary>
    public Task<Done> Run(Reason reason, string? fromPhase = null)
    {
        TaskCompletionSource start;
        lock (_gate)
        {
            if (_run is not null)
                return _run;
            ShutdownReason = reason;
            start = new TaskCompletionSource();
            _run = RunPhases(start.Task, fromPhase);
        }

        start.SetResult();
        return _run;
    }

    private async Task<Done> RunPhases(Task start, string? fromPhase)
    {
        await start.ConfigureAwait(false);
        foreach (string phase in s_phases.SkipWhile(phase => fromPhase is not null && phase != fromPhase))
        {
            try
            {
                await RunPhase(phase).ConfigureAwait(false);
            }
            catch (Exception cause)
            {
                _system.Log.Warning(cause, "CoordinatedShutdown: phase [{0}] failed: {1}", phase, cause.Message);
            }
        }

        return Done.Instance;
    }

    private Task RunPhase(string phase)
    {
        List<Task> running;
        lock (_gate)
            running = _tasks.TryGetValue(phase, out List<(string Name, Func<Task<Done>> Task)>? tasks) ? [.. tasks.Select(Begin)] : [];
        if (phase == PhaseActorSystemTerminate)
            running.Add(_system.FinalTerminate());
        if (running.Count == 0)
            return Task.CompletedTask;
        Task all = Task.WhenAll(running);
        return all.IsCompleted ? all : WithDeadline(all, phase);
    }

    private Task Begin((string Name, Func<Task<Done>> Task) task)
    {
        try
        {
            return task.Task();
        }
        catch (Exception cause)
        {
            return Task.FromException(new InvalidOperationException($"CoordinatedShutdown: task '{task.Name}' failed: {cause.Message}", cause));
        }
    }

    private Task WithDeadline(Task all, string phase)
    {
        TaskCompletionSource outcome = new(_system.Dispatcher.ContinuesInline ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
        Cancelable deadline = new(_system.Scheduler);
        _system.Scheduler.Advanced.ScheduleOnce(
            Timeout(phase), () => outcome.TrySetException(new TimeoutException($"CoordinatedShutdown: wanted phase '{phase}' to end within {Timeout(phase)}, got no end.")), deadline);
        all.ContinueWith(
            done =>
            {
                deadline.Cancel();
                if (done.IsCompletedSuccessfully)
                    outcome.TrySetResult();
                else
                    outcome.TrySetException(done.Exception?.InnerExceptions ?? (IEnumerable<Exception>)[new TaskCanceledException(done)]);
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return outcome.Task;
    }

    /// <summary>Why a system is shut down.</summary>
    public class Reason
    {
        protected Reason()
        {
        }

        public override string ToString() => GetType().Name;
    }

    public sealed class UnknownReason : Reason
    {
        public static readonly Reason Instance = new UnknownReason();
    }

    public sealed class ActorSystemTerminateReason : Reason
    {
        public static readonly Reason Instance = new ActorSystemTerminateReason();
    }

    public sealed class ClrExitReason : Reason
    {
        public static readonly Reason Instance = new ClrExitReason();
    }

    public sealed class ClusterDowningReason : Reason
    {
        public static readonly Reason Instance = new ClusterDowningReason();
    }

    public sealed class ClusterLeavingReason : Reason
    {
        public static readonly Reason Instance = new ClusterLeavingReason();
    }

    private sealed class Id : ExtensionIdProvider<CoordinatedShutdown>
    {
        public override CoordinatedShutdown CreateExtension(ExtendedActorSystem system) => new((EmbeddedActorSystem)system);
    }
}
