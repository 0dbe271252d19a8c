namespace Cluster.Ml.Data;

/// <summary>Every n-th of some numbers: what belongs to one data shard of n, without a copy.</summary>
/// <remarks>Equation  this[position] = numbers[first + position·step], or first + position·step itself if there are no numbers</remarks>
public readonly struct ShardNumbers
{
    private readonly int[]? _numbers;
    private readonly int _first;
    private readonly int _step;

    internal ShardNumbers(int[]? numbers, int first, int step, int length) => (_numbers, _first, _step, Length) = (numbers, first, step, length);

    /// <summary>How many there are.</summary>
    public int Length { get; }

    /// <summary>The number at a position.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The position is outside [0, Length).</exception>
    public int this[int position]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)position, (uint)Length, nameof(position));
            int place = _first + (position * _step);
            return _numbers is null ? place : _numbers[place];
        }
    }

    /// <summary>A copy of all.</summary>
    public int[] ToArray()
    {
        var all = new int[Length];
        CopyTo(0, all);
        return all;
    }

    /// <summary>Copies some of them, in order.</summary>
    /// <param name="start">The position of the first.</param>
    /// <param name="destination">How many.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public void CopyTo(int start, Span<int> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(destination.Length, Length - start, nameof(destination));
        for (int i = 0, place = _first + (start * _step); i < destination.Length; i++, place += _step)
            destination[i] = _numbers is null ? place : _numbers[place];
    }
}
