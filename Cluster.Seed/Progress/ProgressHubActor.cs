using Cluster.Messages;
using Cluster.Seed.Telemetry;

namespace Cluster.Seed.Progress;

/// <summary>Fans the reports of jobs out to subscribers, and tells a new subscriber the latest progress at once.</summary>
internal sealed class ProgressHubActor : ReceiveActor
{
    private readonly ProgressHubState _state = new();
    private readonly JobMetrics? _metrics;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    /// <param name="metrics">Told of every report that counts; null if no figures are collected.</param>
    public ProgressHubActor(JobMetrics? metrics)
    {
        _metrics = metrics;
        Receive<StepsProgressed>(OnReport);
        Receive<EpochProgressed>(OnReport);
        Receive<TaskProgressed>(OnReport);
        Receive<JobFinished>(OnReport);
        Receive<SubscribeProgress>(OnSubscribe);
        Receive<Terminated>(terminated => _state.OnTerminated(terminated.ActorRef));
    }

    public static Props CreateProps(JobMetrics? metrics = null) => Props.Create(() => new ProgressHubActor(metrics));

    private void OnReport(IJobMessage report)
    {
        _state.OnReport(report);
        _metrics?.OnReport(report);
        Context.System.EventStream.Publish(report);     // for a history of all jobs, if there is one
        foreach (IActorRef subscriber in _state.SubscribersOf(report.Job)) subscriber.Tell(report, Self);
    }

    private void OnSubscribe(SubscribeProgress subscribe)
    {
        if (!_state.OnSubscribe(subscribe.Job, subscribe.Subscriber))
        {
            _log.TooManySubscribers(subscribe.Job, ProgressHubState.SubscribersMax);
            return;
        }
        Context.Watch(subscribe.Subscriber);
        if (_state.LastOf(subscribe.Job) is { } last) subscribe.Subscriber.Tell(last, Self);
    }
}
