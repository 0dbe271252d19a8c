using System.Numerics;
using System.Runtime.CompilerServices;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Numerics.Gemm;

/// <summary>One row of a register tile: as many columns as one or two vectors hold.</summary>
internal unsafe interface IMicroKernelRow<TRow, T>
    where TRow : struct, IMicroKernelRow<TRow, T>
    where T : unmanaged
{
    static abstract TRow Zero { get; }

    static abstract TRow Load(T* source);

    static abstract void Store(T* target, TRow row);

    static abstract TRow Add(TRow a, TRow b);

    /// <summary>x·b + c in every column, rounded once.</summary>
    static abstract TRow Fma(T x, TRow b, TRow c);
}

/// <summary>One vector of columns.</summary>
internal readonly unsafe struct NarrowRow<TLanes, TVector, T>(TVector columns) : IMicroKernelRow<NarrowRow<TLanes, TVector, T>, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TVector _columns = columns;

    public static NarrowRow<TLanes, TVector, T> Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(TLanes.Broadcast(T.Zero));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NarrowRow<TLanes, TVector, T> Load(T* source) => new(TLanes.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* target, NarrowRow<TLanes, TVector, T> row) => TLanes.Store(target, row._columns);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NarrowRow<TLanes, TVector, T> Add(NarrowRow<TLanes, TVector, T> a, NarrowRow<TLanes, TVector, T> b) =>
        new(TLanes.Add(a._columns, b._columns));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NarrowRow<TLanes, TVector, T> Fma(T x, NarrowRow<TLanes, TVector, T> b, NarrowRow<TLanes, TVector, T> c) =>
        new(TLanes.Fma(TLanes.Broadcast(x), b._columns, c._columns));
}

/// <summary>Two vectors of columns, side by side.</summary>
internal readonly unsafe struct WideRow<TLanes, TVector, T>(TVector left, TVector right) : IMicroKernelRow<WideRow<TLanes, TVector, T>, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TVector _left = left;
    private readonly TVector _right = right;

    public static WideRow<TLanes, TVector, T> Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(TLanes.Broadcast(T.Zero), TLanes.Broadcast(T.Zero));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideRow<TLanes, TVector, T> Load(T* source) => new(TLanes.Load(source), TLanes.Load(source + TLanes.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* target, WideRow<TLanes, TVector, T> row)
    {
        TLanes.Store(target, row._left);
        TLanes.Store(target + TLanes.Count, row._right);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideRow<TLanes, TVector, T> Add(WideRow<TLanes, TVector, T> a, WideRow<TLanes, TVector, T> b) =>
        new(TLanes.Add(a._left, b._left), TLanes.Add(a._right, b._right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideRow<TLanes, TVector, T> Fma(T x, WideRow<TLanes, TVector, T> b, WideRow<TLanes, TVector, T> c)
    {
        TVector v = TLanes.Broadcast(x);
        return new(TLanes.Fma(v, b._left, c._left), TLanes.Fma(v, b._right, c._right));
    }
}
