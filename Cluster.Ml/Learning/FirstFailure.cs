namespace Cluster.Ml.Learning;

/// <summary>The first of the errors that several threads report, in the order of their numbers and not of time.</summary>
internal sealed class FirstFailure
{
    private const int None = int.MaxValue;
    private int _least = None;

    /// <summary>The least number reported, or null. To be read when all threads are done.</summary>
    public int? Number => _least == None ? null : _least;

    /// <summary>Forgets what was reported.</summary>
    public void Clear() => _least = None;

    /// <summary>Reports an error; any thread.</summary>
    public void Report(int number)
    {
        for (int seen = Volatile.Read(ref _least); number < seen;)
        {
            int now = Interlocked.CompareExchange(ref _least, number, seen);
            if (now == seen) return;
            seen = now;
        }
    }
}
