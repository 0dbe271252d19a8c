using System.Runtime.InteropServices;

namespace Cluster.Ml.Data;

/// <summary>Where a thread keeps the few rows that it looks at, when they are not in memory anyway.</summary>
public static class RowScratch
{
    /// <summary>How many rows a thread may look at side by side.</summary>
    public const int RowsAtOnce = 4;

    [ThreadStatic]
    private static byte[][]? t_rows;

    [ThreadStatic]
    private static int t_next;

    /// <summary>Room for a row; it is given out again after <see cref="RowsAtOnce"/> more calls of the thread.</summary>
    internal static Span<T> Next<T>(int columns)
        where T : unmanaged
    {
        byte[][] rows = t_rows ??= [[], [], [], []];
        t_next = (t_next + 1) % RowsAtOnce;
        int bytes = columns * Marshal.SizeOf<T>();
        if (rows[t_next].Length < bytes) rows[t_next] = new byte[bytes];
        return MemoryMarshal.Cast<byte, T>(rows[t_next].AsSpan(0, bytes));
    }
}
