using System.Threading.Channels;
using Cluster.Messages.Identifiers;

namespace Cluster.Messages.Node;

/// <summary>
/// Follows one run of a job for a command or a stream: subscribes to its progress, and asks the job manager for its status. That the job
/// has ended is believed of the job manager alone: a report of it may be lost, or be that of an earlier run. A cancellation is
/// repeated until the job manager answers. What it hears it writes to a channel.
/// </summary>
public sealed class JobWatcherActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);
    private readonly JobId _job;
    private readonly int _run;
    private readonly IActorRef _jobs;
    private readonly ActorSelection _progress;
    private readonly ChannelWriter<object> _heard;
    private int _lastEpoch = -1;
    private bool _cancelling;

    /// <summary>The actor of <see cref="For"/>.</summary>
    public JobWatcherActor(JobId job, int run, IActorRef jobs, ActorSelection progress, ChannelWriter<object> heard)
    {
        _job = job;
        _run = run;
        _jobs = jobs;
        _progress = progress;
        _heard = heard;
        Receive<StepsProgressed>(Hear);
        Receive<TaskProgressed>(Hear);
        Receive<EpochProgressed>(OnEpoch);
        Receive<JobFinished>(_ => Ask());
        Receive<JobRefused>(OnRefused);
        Receive<Cancel>(_ => OnCancel());
        Receive<JobCancelling>(_ => _cancelling = false);
        Receive<JobDescribed>(OnDescribed);
        Receive<Poll>(_ => Ask());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>An actor that follows a run.</summary>
    /// <param name="job">The job.</param>
    /// <param name="run">Which run of it a cancellation is meant for.</param>
    /// <param name="jobs">A way to the job manager.</param>
    /// <param name="progress">The progress hub.</param>
    /// <param name="heard">Where reports go, and <see cref="JobLine"/>, <see cref="JobFinished"/> and <see cref="JobRefused"/>.</param>
    public static Props For(JobId job, int run, IActorRef jobs, ActorSelection progress, ChannelWriter<object> heard) =>
        Props.Create(() => new JobWatcherActor(job, run, jobs, progress, heard));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Ask();
        Timers.StartPeriodicTimer(nameof(Poll), Poll.Now, PollInterval);
    }

    private void Hear(object message) => _heard.TryWrite(message);

    /// <summary>Subscribing again, in case the hub was restarted, repeats its last report.</summary>
    private void OnEpoch(EpochProgressed epoch)
    {
        if (epoch.Epoch == _lastEpoch) return;
        _lastEpoch = epoch.Epoch;
        Hear(epoch);
    }

    private void OnDescribed(JobDescribed described)
    {
        if (described.Finished is { } finished) Hear(finished);
        else Hear(described.Line);
    }

    private void OnCancel()
    {
        _cancelling = true;
        Ask();
    }

    /// <summary>A job that has just ended cannot be cancelled; whether that is what was refused, its description tells.</summary>
    private void OnRefused(JobRefused refused)
    {
        if (!_cancelling)
        {
            Hear(refused);
            return;
        }
        _cancelling = false;
        Ask();
    }

    private void Ask()
    {
        _progress.Tell(new SubscribeProgress(_job, Self));
        _jobs.Tell(new DescribeJob(_job));
        if (_cancelling) _jobs.Tell(new CancelJob(_job, _run));
    }

    /// <summary>Asks for the run to end after a checkpoint.</summary>
    public sealed class Cancel
    {
        /// <summary>The only one.</summary>
        public static readonly Cancel Instance = new();
    }

    private sealed class Poll
    {
        public static readonly Poll Now = new();
    }
}
