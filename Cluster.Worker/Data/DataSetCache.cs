using Cluster.Ml.Data.Caching;

namespace Cluster.Worker.Data;

/// <summary>
/// The data of jobs, read once in a process however many shards, nodes and tries ask for it. Held weakly, but for the newest
/// until its job is closed: when the last shard of a job has let go, the garbage collector frees it.
/// </summary>
/// <remarks>Safe to use from every thread. Who asks while another loads waits for that load; a load that failed is not remembered.</remarks>
public sealed class DataSetCache
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string JobText, string BaseDirectory), Entry> _entries = [];

    // A coordinator of the same process reads the data before any shard does, and needs only its shape.
    private JobDataSet? _newest;

    /// <summary>The cache of this process.</summary>
    public static DataSetCache Shared { get; } = new();

    /// <summary>How many data sets are in use, or not yet collected.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _entries.Values.Count(entry => entry.Loaded.TryGetTarget(out _));
        }
    }

    /// <summary>The job's data, loaded now if this process does not hold it: from its source, or from the folder to which that was copied. Call it on a compute thread.</summary>
    internal JobDataSet Open(string jobText, string fileName, string baseDirectory, RowStorage? storage = null, string? folder = null)
    {
        Entry entry = Enter((jobText, baseDirectory));
        try
        {
            lock (entry)
            {
                if (entry.Loaded.TryGetTarget(out JobDataSet? loaded)) return loaded;
                loaded = JobDataSet.Load(jobText, fileName, baseDirectory, storage ?? RowStorage.Default, folder);
                entry.Loaded.SetTarget(loaded);
                Volatile.Write(ref _newest, loaded);
                return loaded;
            }
        }
        finally
        {
            lock (_lock) entry.Waiting--;
        }
    }

    /// <summary>A job is closed: its data is freed once no shard holds it.</summary>
    internal void LetGo(JobDataSet closed) => Interlocked.CompareExchange(ref _newest, null, closed);

    private Entry Enter((string JobText, string BaseDirectory) key)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out Entry? entry))
            {
                SweepCollected();
                _entries[key] = entry = new Entry();
            }
            entry.Waiting++;
            return entry;
        }
    }

    private void SweepCollected()
    {
        foreach ((var key, Entry entry) in _entries.ToArray())
            if (entry.Waiting == 0 && !entry.Loaded.TryGetTarget(out _)) _entries.Remove(key);
    }

    private sealed class Entry
    {
        public WeakReference<JobDataSet> Loaded { get; } = new(null!);

        /// <summary>How many threads load, or wait for the load.</summary>
        public int Waiting { get; set; }
    }
}
