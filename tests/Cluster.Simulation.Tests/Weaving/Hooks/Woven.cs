using System.Diagnostics;
using System.Linq.Expressions;

namespace Cluster.Simulation.Hooks;

/// <summary>What the woven assemblies call in place of the members of the framework that a <see cref="HookAttribute"/> names.</summary>
/// <remarks>Without a world every one of them throws: a woven assembly is of no use but in a simulation.</remarks>
public static class Woven
{
    private static readonly DateTime s_epoch = new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>The simulation that runs in this process; null if none does.</summary>
    public static IVirtualWorld? World { get; set; }

    private static IVirtualWorld Needed => World ?? throw new InvalidOperationException("woven code: wanted a simulation around it, got none; run it in a simulation's process");

    /// <summary>The date.</summary>
    [Hook("System.DateTime System.DateTime::get_UtcNow()")]
    [Hook("System.DateTime System.DateTime::get_Now()")]
    public static DateTime UtcNow() => s_epoch.AddTicks(Needed.Ticks);

    /// <summary>The date.</summary>
    [Hook("System.DateTimeOffset System.DateTimeOffset::get_UtcNow()")]
    [Hook("System.DateTimeOffset System.DateTimeOffset::get_Now()")]
    public static DateTimeOffset UtcNowOffset() => new(UtcNow());

    /// <summary>Every stopwatch runs since the beginning of the world: what is measured are differences.</summary>
    [Hook("System.TimeSpan System.Diagnostics.Stopwatch::get_Elapsed()")]
    public static TimeSpan Elapsed(Stopwatch watch) => TimeSpan.FromTicks(Needed.Ticks);

    /// <summary>As <see cref="Elapsed"/>.</summary>
    [Hook("System.Int64 System.Diagnostics.Stopwatch::get_ElapsedMilliseconds()")]
    public static long ElapsedMilliseconds(Stopwatch watch) => Needed.Ticks / TimeSpan.TicksPerMillisecond;

    /// <summary>As <see cref="Elapsed"/>.</summary>
    [Hook("System.Int64 System.Diagnostics.Stopwatch::get_ElapsedTicks()")]
    public static long ElapsedTicks(Stopwatch watch) => Timestamp();

    /// <summary>The counter of stopwatches.</summary>
    [Hook("System.Int64 System.Diagnostics.Stopwatch::GetTimestamp()")]
    public static long Timestamp() => (long)(Needed.Ticks * (Stopwatch.Frequency / (double)TimeSpan.TicksPerSecond));

    /// <summary>A new identity.</summary>
    [Hook("System.Guid System.Guid::NewGuid()")]
    public static Guid NewGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        Needed.Random.NextBytes(bytes);
        return new Guid(bytes);
    }

    /// <summary>The world's generator: there is no other.</summary>
    [Hook("System.Void System.Random::.ctor()")]
    public static Random NewRandom() => Needed.Random;

    /// <summary>The world's generator in place of a thread's.</summary>
    /// <param name="ofThread">What a thread has; the world may be another by now.</param>
    public static Random ThreadRandom(Random ofThread) => Needed.Random;

    /// <summary>Cancels later.</summary>
    [Hook("System.Void System.Threading.CancellationTokenSource::CancelAfter(System.TimeSpan)")]
    public static void CancelAfter(CancellationTokenSource source, TimeSpan delay)
    {
        if (delay < TimeSpan.Zero) return;      // never
        Needed.After(delay, () =>
        {
            try
            {
                source.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // What was to be cancelled is over.
            }
        });
    }

    /// <summary>A task that is done later.</summary>
    [Hook("System.Threading.Tasks.Task System.Threading.Tasks.Task::Delay(System.TimeSpan)")]
    public static Task Delay(TimeSpan delay) => Delay(delay, CancellationToken.None);

    /// <summary>A task that is done later.</summary>
    [Hook("System.Threading.Tasks.Task System.Threading.Tasks.Task::Delay(System.Int32)")]
    public static Task Delay(int milliseconds) => Delay(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>A task that is done later, unless it is cancelled before.</summary>
    [Hook("System.Threading.Tasks.Task System.Threading.Tasks.Task::Delay(System.TimeSpan,System.Threading.CancellationToken)")]
    public static Task Delay(TimeSpan delay, CancellationToken cancelled)
    {
        TaskCompletionSource over = new();
        cancelled.Register(() => over.TrySetCanceled(cancelled));
        if (delay != Timeout.InfiniteTimeSpan) Needed.After(delay, () => over.TrySetResult());
        return over.Task;
    }

    /// <summary>A task that is done later, unless it is cancelled before.</summary>
    [Hook("System.Threading.Tasks.Task System.Threading.Tasks.Task::Delay(System.Int32,System.Threading.CancellationToken)")]
    public static Task Delay(int milliseconds, CancellationToken cancelled) => Delay(TimeSpan.FromMilliseconds(milliseconds), cancelled);

    /// <summary>The task, or after that time a failure.</summary>
    [Hook("System.Threading.Tasks.Task System.Threading.Tasks.Task::WaitAsync(System.TimeSpan)")]
    public static Task WaitAsync(Task task, TimeSpan limit)
    {
        if (task.IsCompleted) return task;
        TaskCompletionSource late = new();
        Needed.After(limit, () => late.TrySetException(new TimeoutException()));
        return Task.WhenAny(task, late.Task).Unwrap();
    }

    /// <summary>The task, or after that time a failure.</summary>
    [Hook("System.Threading.Tasks.Task`1<!0> System.Threading.Tasks.Task`1::WaitAsync(System.TimeSpan)")]
    public static Task<T> WaitAsync<T>(Task<T> task, TimeSpan limit)
    {
        if (task.IsCompleted) return task;
        TaskCompletionSource<T> late = new();
        Needed.After(limit, () => late.TrySetException(new TimeoutException()));
        return Task.WhenAny(task, late.Task).Unwrap();
    }

    /// <summary>An expression is run once or twice in a history: to interpret it costs less than to compile it.</summary>
    [Hook("System.Delegate System.Linq.Expressions.LambdaExpression::Compile()")]
    public static Delegate Compile(LambdaExpression expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return expression.Compile(preferInterpretation: true);
    }
}
