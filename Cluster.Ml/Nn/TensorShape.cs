namespace Cluster.Ml.Nn;

/// <summary>The sizes of what one row holds between two layers: [features], [time, features] or [height, width, channels].</summary>
/// <remarks>
/// Shapes  by rows: the last size varies fastest, so channels of one pixel and features of one moment lie side by side
/// Range   1 to 3 sizes, each at least 1; at most 2³¹ − 1 numbers
/// </remarks>
internal sealed class TensorShape : IEquatable<TensorShape>
{
    private const int RankMax = 3;
    private readonly int[] _sizes;

    private TensorShape(int[] sizes)
    {
        if (sizes.Length is < 1 or > RankMax || sizes.Any(size => size < 1))
            throw new ArgumentException($"TensorShape: wanted 1 to {RankMax} sizes of at least 1, got [{string.Join(", ", sizes)}].", nameof(sizes));
        _sizes = sizes;
        Count = sizes.Aggregate(1, (product, size) => checked(product * size));
    }

    /// <summary>How many sizes.</summary>
    public int Rank => _sizes.Length;

    /// <summary>How many numbers: the product of the sizes.</summary>
    public int Count { get; }

    /// <summary>The last size: channels, or features.</summary>
    public int Last => _sizes[^1];

    /// <summary>One of the sizes.</summary>
    public int this[int axis] => _sizes[axis];

    /// <summary>A shape of these sizes.</summary>
    /// <exception cref="ArgumentException">There are none or more than three, or one is below 1.</exception>
    public static TensorShape Of(params int[] sizes) => new([.. sizes]);

    /// <summary>The same shape with another last size.</summary>
    public TensorShape WithLast(int size) => new([.. _sizes[..^1], size]);

    /// <inheritdoc/>
    public bool Equals(TensorShape? other) => other is not null && _sizes.AsSpan().SequenceEqual(other._sizes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TensorShape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (int size in _sizes) hash.Add(size);
        return hash.ToHashCode();
    }

    /// <summary>Such as "28 × 28 × 1".</summary>
    public override string ToString() => string.Join(" × ", _sizes);
}
