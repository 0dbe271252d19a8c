using System.Buffers;
using System.Runtime.InteropServices;

namespace Cluster.Messages.Tests.DataPlane;

/// <summary>Memory that no array lies behind, as a mapped file's.</summary>
internal sealed unsafe class NativeBytes(int length) : MemoryManager<byte>
{
    private readonly byte* _bytes = (byte*)NativeMemory.AllocZeroed((nuint)length);

    public override Span<byte> GetSpan() => new(_bytes, length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(_bytes + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing) => NativeMemory.Free(_bytes);
}
