using System.Data.Common;
using Cluster.Coordinator.Checkpoints;
using Microsoft.Data.Sqlite;

namespace Cluster.Coordinator.Jobs;

/// <summary>
/// What a coordinator's storage has refused since the work it serves last got further. Each part tries again by itself, with pauses of its
/// own; that all of it together leads nowhere is seen only here. Safe to use from every thread.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="place">The storage's name, for the message.</param>
/// <param name="deadline">How long storage may refuse, without any work getting further, before it counts as broken.</param>
internal sealed class StorageFailures(TimeProvider time, string place, TimeSpan deadline)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<string> _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long? _since, _last;

    /// <summary>What a person is to do once storage is mended.</summary>
    public string Advice { get; init; } = "then go on with --resume";

    /// <summary>Whether a granted lease shows that storage works again: true for a database that can be unreachable, false for a disk that can be full.</summary>
    public bool EndsWithLease { get; init; }

    /// <summary>What to tell a person while storage is broken; null while it is not.</summary>
    public string? Reason { get; private set; }

    /// <summary>Completes, with what to tell a person, when storage stays broken.</summary>
    public Task<string> Broken => _broken.Task;

    /// <summary>Storage refused. Failures long after one another have nothing to do with each other.</summary>
    public void Note(Exception cause)
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            if (_last is not { } last || time.GetElapsedTime(last, now) > 3 * deadline) _since = null;
            _last = now;
            _since ??= now;
            if (time.GetElapsedTime(_since.Value, now) < deadline) return;
            Reason = Describe(cause);
            _broken.TrySetResult(Reason);
        }
    }

    /// <summary>The work got further than it ever was.</summary>
    public void OnProgress()
    {
        lock (_gate)
        {
            _since = _last = null;
            Reason = null;
        }
    }

    /// <summary>A lease was granted.</summary>
    public void OnLease()
    {
        if (EndsWithLease) OnProgress();
    }

    private string Describe(Exception cause)
    {
        Exception root = FailureCauses.RootOf(cause);
        string seconds = $"for {deadline.TotalSeconds:F0} s";
        return StorageException.IsDiskFull(root) ? $"{place}: wanted to write to it {seconds}, got a full disk; free some room there, {Advice}."
            : root is SqliteException database ? $"{place}: wanted to use it {seconds}, got {StorageException.OfDatabase(database)}; mend that, {Advice}."
            : root is StorageException or DbException or IOException ? $"{place}: wanted to use it {seconds}, got: {root.Message.TrimEnd('.')}; mend that, {Advice}."
            : $"{place}: wanted to use it {seconds}, got {FailureCauses.Describe(root)}; mend that, {Advice}.";
    }
}
