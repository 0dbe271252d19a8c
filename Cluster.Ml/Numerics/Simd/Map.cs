using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cluster.Ml.Numerics.Simd;

/// <summary>A function of one number, written once for every width.</summary>
internal interface IMap<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    static abstract TVector Apply<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : unmanaged;
}

/// <summary>Applies a function to every number of a span.</summary>
internal static unsafe class Map
{
    /// <summary>y[i] = f(x[i]); the spans may be the same, but must not overlap otherwise.</summary>
    public static void Run<TMap, T>(ReadOnlySpan<T> x, Span<T> y)
        where TMap : struct, IMap<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run<TMap, T>(x, y, LaneWidths.Widest);

    /// <summary>The same at a given width.</summary>
    public static void Run<TMap, T>(ReadOnlySpan<T> x, Span<T> y, LaneWidth width)
        where TMap : struct, IMap<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (y.Length < x.Length)
            throw new ArgumentException($"Map: wanted room for {x.Length} numbers, got {y.Length}.", nameof(y));
        fixed (T* source = x, target = y)
        {
            int done = width switch
            {
                LaneWidth.Bits512 => Sweep<TMap, Lanes512<T>, Vector512<T>, T>(source, target, 0, x.Length),
                LaneWidth.Bits256 => Sweep<TMap, Lanes256<T>, Vector256<T>, T>(source, target, 0, x.Length),
                LaneWidth.Bits128 => Sweep<TMap, Lanes128<T>, Vector128<T>, T>(source, target, 0, x.Length),
                _ => 0,
            };
            Sweep<TMap, Lanes1<T>, T, T>(source, target, done, x.Length);
        }
    }

    /// <summary>The same of one number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T One<TMap, T>(T x)
        where TMap : struct, IMap<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => TMap.Apply<Lanes1<T>, T>(x);

    private static int Sweep<TMap, TLanes, TVector, T>(T* x, T* y, int start, int end)
        where TMap : struct, IMap<T>
        where TLanes : struct, ILanes<TVector, T>
        where TVector : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int i = start;
        for (; i <= end - TLanes.Count; i += TLanes.Count)
            TLanes.Store(y + i, TMap.Apply<TLanes, TVector>(TLanes.Load(x + i)));
        return i;
    }
}
