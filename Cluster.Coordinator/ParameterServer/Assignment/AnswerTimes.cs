namespace Cluster.Coordinator.ParameterServer.Assignment;

/// <summary>How long the newest answers of workers took.</summary>
internal sealed class AnswerTimes
{
    /// <summary>How many are remembered.</summary>
    public const int Remembered = 64;

    /// <summary>Fewer say nothing: the first steps of a job are slow everywhere.</summary>
    public const int Least = 8;

    private readonly TimeSpan[] _times = new TimeSpan[Remembered];
    private readonly TimeSpan[] _sorted = new TimeSpan[Remembered];
    private long _count;

    /// <summary>The lower median, or null while there are fewer than <see cref="Least"/>.</summary>
    public TimeSpan? Median
    {
        get
        {
            if (_count < Least) return null;
            int known = (int)Math.Min(_count, Remembered);
            _times.AsSpan(0, known).CopyTo(_sorted);
            _sorted.AsSpan(0, known).Sort();
            return _sorted[(known - 1) / 2];
        }
    }

    /// <summary>One more.</summary>
    public void Add(TimeSpan time) => _times[_count++ % Remembered] = time;
}
