using System.Runtime.CompilerServices;

namespace Cluster.Ml.Numerics.Products;

/// <summary>Copies parts of a factor into the order in which register tiles read them.</summary>
internal static unsafe class Packing
{
    /// <summary>
    /// Copies <paramref name="panels"/> panels of <paramref name="width"/> columns that lie side by side, each as
    /// <see cref="Panel"/> does.
    /// </summary>
    public static void Panels<T>(T* b, nint rowStride, int depth, int panels, T* target, int width)
        where T : unmanaged
    {
        nint panelSize = (nint)depth * width;
        for (int k = 0; k < depth; k++, b += rowStride, target += width)
            for (int panel = 0; panel < panels; panel++)
                Unsafe.CopyBlock(target + (panel * panelSize), b + (panel * width), (uint)(width * sizeof(T)));
    }

    /// <summary>
    /// Copies <paramref name="columns"/> columns of b, from k = 0 to <paramref name="depth"/>, as rows of
    /// <paramref name="width"/> numbers; what is missing of the width becomes 0.
    /// </summary>
    public static void Panel<T>(T* b, nint rowStride, nint columnStride, int depth, int columns, T* target, int width)
        where T : unmanaged
    {
        if (columnStride == 1)
        {
            for (int k = 0; k < depth; k++, b += rowStride, target += width)
            {
                new ReadOnlySpan<T>(b, columns).CopyTo(new Span<T>(target, columns));
                if (columns < width) new Span<T>(target + columns, width - columns).Clear();
            }
            return;
        }
        if (columns < width) new Span<T>(target, depth * width).Clear();
        Transpose(b, columnStride, depth, columns, target, width);
    }

    /// <summary>Copies <paramref name="rows"/> rows of a so that the column k of all of them lies together.</summary>
    public static void Rows<T>(T* a, nint rowStride, nint columnStride, int rows, int depth, T* target)
        where T : unmanaged
    {
        if (columnStride == 1)
        {
            Transpose(a, rowStride, depth, rows, target, rows);
            return;
        }
        for (int k = 0; k < depth; k++, a += columnStride, target += rows)
            new ReadOnlySpan<T>(a, rows).CopyTo(new Span<T>(target, rows));
    }

    /// <summary>target[k, j] = source[j, k] in blocks small enough that reads and writes stay in the nearest cache.</summary>
    private static void Transpose<T>(T* source, nint sourceStride, int depth, int lines, T* target, int width)
        where T : unmanaged
    {
        const int block = 16;
        for (int first = 0; first < depth; first += block)
        {
            int end = Math.Min(depth, first + block);
            int j = 0;
            for (; j <= lines - 4; j += 4)
            {
                T* s0 = source + (j * sourceStride), s1 = s0 + sourceStride, s2 = s1 + sourceStride, s3 = s2 + sourceStride;
                T* t = target + ((nint)first * width) + j;
                for (int k = first; k < end; k++, t += width)
                {
                    t[0] = s0[k];
                    t[1] = s1[k];
                    t[2] = s2[k];
                    t[3] = s3[k];
                }
            }
            for (; j < lines; j++)
            {
                T* s = source + (j * sourceStride);
                for (int k = first; k < end; k++) target[((nint)k * width) + j] = s[k];
            }
        }
    }
}
