namespace Cluster.Actors.TestKit;

/// <summary>A scheduler whose time passes only when told to.</summary>
public sealed class TestScheduler : ActorScheduler
{
    private readonly ManualTimeProvider _time;

    public TestScheduler(ManualTimeProvider time)
        : base(time) => _time = time;

    /// <summary>Lets time pass; what is due happens on the calling thread, in the order of its time.</summary>
    public void Advance(TimeSpan offset) => _time.Advance(offset);

    public void AdvanceTo(DateTimeOffset when) => _time.Advance(when - _time.GetUtcNow());
}
