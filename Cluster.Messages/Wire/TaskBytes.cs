namespace Cluster.Messages.Wire;

/// <summary>What a task gave, as its kind wrote it. Equal when the bytes are equal.</summary>
/// <param name="Bytes">At most <see cref="Limits.TaskResultBytesMax"/> of them.</param>
public readonly record struct TaskBytes(ReadOnlyMemory<byte> Bytes)
{
    /// <inheritdoc/>
    public bool Equals(TaskBytes other) => Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(Bytes.Span);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => $"({Bytes.Length} bytes)";
}
