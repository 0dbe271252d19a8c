namespace Cluster.Messages.Wire;

/// <summary>256 secret bits in a message: a record that holds them may be written to a log, so their text tells nothing.</summary>
public sealed class KeyBytes : IEquatable<KeyBytes>
{
    /// <summary>How many bytes.</summary>
    public const int Length = 32;

    private readonly byte[] _bytes;

    /// <param name="bytes">[32], copied.</param>
    /// <exception cref="ArgumentException">There are more, or fewer.</exception>
    public KeyBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length) throw new ArgumentException($"KeyBytes: wanted {Length} bytes, got {bytes.Length}.", nameof(bytes));
        _bytes = bytes.ToArray();
    }

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span => _bytes;

    /// <inheritdoc/>
    public bool Equals(KeyBytes? other) => other is not null && Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as KeyBytes);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(_bytes);

    /// <inheritdoc/>
    public override string ToString() => "(key)";
}
