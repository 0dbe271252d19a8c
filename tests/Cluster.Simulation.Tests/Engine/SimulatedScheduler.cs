using Akka.Configuration;
using Akka.Dispatch;
using Cluster.Simulation.Tests.World;

namespace Cluster.Simulation.Tests.Engine;

/// <summary>Virtual time. Found by its name in the configuration.</summary>
public sealed class SimulatedScheduler : SchedulerBase
{
    private readonly NodeLife _life;

    /// <summary>Made by the engine.</summary>
    public SimulatedScheduler(Config config, ILoggingAdapter log)
        : base(config, log) => _life = SimulatedWorld.Current.LifeOf(config);

    /// <inheritdoc/>
    public override TimeSpan MonotonicClock => World.Elapsed;

    /// <inheritdoc/>
    public override TimeSpan HighResMonotonicClock => World.Elapsed;

    /// <inheritdoc/>
    protected override DateTimeOffset TimeNow => World.Now;

    private SimulatedWorld World => _life.Node.World;

    /// <inheritdoc/>
    protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Once(delay, () => receiver.Tell(message, sender), cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Repeatedly(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) => Once(delay, action, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable) => Once(delay, action.Run, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable) =>
        Repeatedly(initialDelay, interval, action, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable cancelable) =>
        Repeatedly(initialDelay, interval, action.Run, cancelable);

    private void Once(TimeSpan delay, Action action, ICancelable? cancelable) => World.After(delay, _life, () =>
    {
        if (cancelable is not { IsCancellationRequested: true }) action();
    });

    private void Repeatedly(TimeSpan delay, TimeSpan interval, Action action, ICancelable? cancelable) => World.After(delay, _life, () =>
    {
        if (cancelable is { IsCancellationRequested: true }) return;
        action();
        Repeatedly(interval, interval, action, cancelable);
    });
}
