namespace Cluster.Messages.DataPlane;

/// <summary>A vector that has been offered to another node and has not left yet.</summary>
/// <param name="key">Which.</param>
/// <param name="numbers">Its memory.</param>
/// <param name="released">Called once when the memory is not read any more.</param>
internal sealed class VectorSending(VectorKey key, ReadOnlyMemory<byte> numbers, Action? released)
{
    public VectorKey Key => key;

    public ReadOnlyMemory<byte> Numbers => numbers;

    public Action? Released => released;

    /// <summary>Whether it has been handed to the data plane; before, it waits for the node's route.</summary>
    public bool IsSent { get; set; }
}
