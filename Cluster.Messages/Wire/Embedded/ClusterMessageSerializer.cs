using System.Buffers;

namespace Cluster.Messages.Wire;

/// <remarks>This engine's network hands its buffers over, so that a payload is copied once, from the sender's memory into the frame.</remarks>
public sealed partial class ClusterMessageSerializer : IBufferSerializer
{
    /// <inheritdoc/>
    public void Write(object message, IBufferWriter<byte> output) => _format.Write(message, output);

    /// <inheritdoc/>
    /// <exception cref="MalformedMessageException">The manifest is unknown, or the bytes are no such message.</exception>
    public object Read(ReadOnlyMemory<byte> bytes, string manifest) => _format.Read(bytes, manifest);
}
