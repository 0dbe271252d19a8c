using System.Diagnostics;
using Cluster.Messages.Node;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.ParameterServer;

/// <summary>
/// Runs the parts of a step on the calling thread and on as many of a pool's threads as make up the pool's number with it.
/// The caller never waits for a thread that has not come: it takes every part itself that nobody else has begun.
/// </summary>
/// <remarks>One call at a time. A helper that comes late finds nothing left, or helps with the call that is under way then.</remarks>
internal sealed class PoolPartRunner : IPartRunner
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly IComputePool _pool;
    private readonly Func<bool> _help;
    private readonly Lock _gate = new();
    private Action<int>? _run;
    private int _parts;
    private int _begun;
    private int _done;
    private int _coming;
    private Exception? _failure;

    /// <param name="pool">Whose threads help. Where it has one, the caller works alone.</param>
    public PoolPartRunner(IComputePool pool)
    {
        _pool = pool;
        _help = Help;
    }

    /// <inheritdoc/>
    /// <exception cref="AggregateException">A part failed.</exception>
    /// <exception cref="TimeoutException">A part that another thread had begun was not done within a minute.</exception>
    public void Run(int parts, Action<int> run)
    {
        int helpers = Math.Min(_pool.Threads, parts) - 1;
        if (helpers < 1)
        {
            PartsInTurn.Instance.Run(parts, run);
            return;
        }
        lock (_gate)
        {
            (_run, _parts, _begun, _failure) = (run, parts, 0, null);
            Volatile.Write(ref _done, 0);
        }
        Call(helpers);
        TakeParts();
        WaitForOthers();
    }

    /// <summary>Asks for so many helpers, less those who were asked before and have not come yet.</summary>
    private void Call(int helpers)
    {
        int missing = helpers - Volatile.Read(ref _coming);
        for (int helper = 0; helper < missing; helper++)
        {
            Interlocked.Increment(ref _coming);
            if (_pool.Run(_help).IsFaulted) Interlocked.Decrement(ref _coming);     // the queue is full: without its help
        }
    }

    private bool Help()
    {
        Interlocked.Decrement(ref _coming);
        TakeParts();
        return true;
    }

    private void TakeParts()
    {
        while (TryTake(out int part) is { } run)
        {
            try
            {
                run(part);
            }
#pragma warning disable CA1031 // Whatever a part throws is told to the caller, who waits for all parts first.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                lock (_gate) _failure ??= failure;
            }
            Interlocked.Increment(ref _done);
        }
    }

    /// <summary>The next part that nobody has begun, and what runs it; null if there is none.</summary>
    private Action<int>? TryTake(out int part)
    {
        lock (_gate)
        {
            part = _begun;
            if (part >= _parts) return null;
            _begun++;
            return _run;
        }
    }

    // Parts take microseconds: what others have begun is over before a sleeping thread would be awake.
    private void WaitForOthers()
    {
        SpinWait spin = default;
        for (long start = Stopwatch.GetTimestamp(); Volatile.Read(ref _done) < _parts; spin.SpinOnce(sleep1Threshold: -1))
            if (Stopwatch.GetElapsedTime(start) > Deadline)
                throw new TimeoutException($"PoolPartRunner: wanted {_parts} parts done within {Deadline}, got {_done}.");
        if (_failure is { } failure) throw new AggregateException(failure);
    }
}
