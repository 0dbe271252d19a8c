using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Cluster.Ml.Numerics.Gemm;

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
            for (int panel = 0; panel < panels; panel++) Copy(b + (panel * width), target + (panel * panelSize), width);
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
                Copy(b, target, columns);
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
            Copy(a, target, rows);
    }

    /// <summary>Copies a few numbers: for so few, calling a library would cost more than the copy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy<T>(T* source, T* target, int count)
        where T : unmanaged
    {
        int i = 0;
        for (; i <= count - Vector512<T>.Count; i += Vector512<T>.Count) Vector512.Load(source + i).Store(target + i);
        for (; i <= count - Vector128<T>.Count; i += Vector128<T>.Count) Vector128.Load(source + i).Store(target + i);
        for (; i < count; i++) target[i] = source[i];
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
                int k = first;
                if (sizeof(T) == sizeof(float))
                    for (; k <= end - 4; k += 4, t += 4 * width)
                        FourByFour((float*)(s0 + k), (float*)(s1 + k), (float*)(s2 + k), (float*)(s3 + k), (float*)t, width);
                for (; k < end; k++, t += width)
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourByFour(float* s0, float* s1, float* s2, float* s3, float* t, nint width)
    {
        Vector128<float> a = Vector128.Load(s0), b = Vector128.Load(s1), c = Vector128.Load(s2), d = Vector128.Load(s3);
        Vector128<float> ac = ZipLow(a, c), bd = ZipLow(b, d);           // a₀ c₀ a₁ c₁, b₀ d₀ b₁ d₁
        ZipLow(ac, bd).Store(t);
        ZipHigh(ac, bd).Store(t + width);
        (ac, bd) = (ZipHigh(a, c), ZipHigh(b, d));
        ZipLow(ac, bd).Store(t + (2 * width));
        ZipHigh(ac, bd).Store(t + (3 * width));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipLow(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0], a[1], b[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipHigh(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[2], b[2], a[3], b[3]);
}
