namespace Cluster.Seed.Dashboard;

/// <summary>An answer that many pages want at once: it is asked for once a second at the most, and a page waits for it only shortly.</summary>
/// <remarks>Threads  any</remarks>
/// <param name="ask">Gets the answer; fails if there is none.</param>
/// <param name="time">By which an answer grows old.</param>
internal sealed class SharedAnswer<T>(Func<Task<T>> ask, TimeProvider time)
    where T : class
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1), Patience = TimeSpan.FromSeconds(2);
    private readonly Lock _gate = new();
    private Task<T>? _pending;
    private T? _last;
    private DateTimeOffset _at;

    /// <summary>The answer, or the last one and why there is no newer one.</summary>
    public async Task<Heard<T>> GetAsync()
    {
        Task<T> pending;
        lock (_gate)
        {
            if (_last is not null && time.GetUtcNow() - _at < Fresh) return new(_last, _at, null);
            pending = _pending is { IsCompleted: false } running ? running : _pending = AskAsync();
        }
        try
        {
            T answer = await pending.WaitAsync(Patience, time);
            return new(answer, time.GetUtcNow(), null);
        }
        catch (Exception silent) when (silent is TimeoutException or Messages.Node.Http.ProblemException)
        {
            lock (_gate) return new(_last, _at, silent is TimeoutException ? $"the coordinator: wanted an answer within {Patience.TotalSeconds:F0} s, got none yet" : silent.Message);
        }
    }

    private async Task<T> AskAsync()
    {
        T answer = await ask();
        lock (_gate) (_last, _at) = (answer, time.GetUtcNow());
        return answer;
    }
}

/// <summary>What was answered.</summary>
/// <param name="Answer">The newest answer; null if there was none yet.</param>
/// <param name="At">When it came.</param>
/// <param name="Problem">Why there is no newer one; null if it is new.</param>
internal sealed record Heard<T>(T? Answer, DateTimeOffset At, string? Problem)
    where T : class;
