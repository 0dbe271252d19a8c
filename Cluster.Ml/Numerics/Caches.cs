using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Cluster.Ml.Numerics;

/// <summary>What is to be near when it is wanted.</summary>
internal static unsafe class Caches
{
    private const int LineBytes = 64;

    /// <summary>Asks for numbers that are wanted soon, and waits for none. A hint: it changes no number, and does nothing if there is no such instruction.</summary>
    public static void Ask<T>(ReadOnlySpan<T> numbers)
        where T : unmanaged
    {
        if (!Sse.IsSupported) return;
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(numbers);
        fixed (byte* first = bytes)
            for (byte* line = (byte*)((nuint)first & ~(nuint)(LineBytes - 1)), end = first + bytes.Length; line < end; line += LineBytes)
                Sse.Prefetch0(line);
    }
}
