using System.Numerics;
using System.Runtime.CompilerServices;
using Cluster.Ml.Numerics.Lanes;

namespace Cluster.Ml.Numerics.Products;

/// <summary>Register tiles of one row, for what larger tiles leave over.</summary>
/// <remarks>Spelled out row by row so that every sum has a register of its own; see <see cref="Tile{T}"/> for what is computed.</remarks>
internal static unsafe class Tile1
{
    /// <summary>One row, two vectors of columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Wide<TLanes, TVector, T>(in Tile<T> tile)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TVector c00 = TLanes.Broadcast(T.Zero), c01 = TLanes.Broadcast(T.Zero);
        if (tile.Continues)
        {
            T* row = tile.C;
            c00 = TLanes.Load(row);
            c01 = TLanes.Load(row + TLanes.Count);
        }

        T* b = tile.B;
        nint step = tile.AStep, bStep = tile.BStep;
        T* a0 = tile.A;
        for (int k = tile.Depth; k > 0; k--)
        {
            TVector b0 = TLanes.Load(b), b1 = TLanes.Load(b + TLanes.Count);
            TVector x = TLanes.Broadcast(*a0);
            c00 = TLanes.Fma(x, b0, c00);
            c01 = TLanes.Fma(x, b1, c01);
            b += bStep;
            a0 += step;
        }

        T* partial = tile.Partials;
        for (int merge = tile.Merges; merge > 0; merge--)
        {
            T* row = partial;
            c00 = TLanes.Add(TLanes.Load(row), c00);
            c01 = TLanes.Add(TLanes.Load(row + TLanes.Count), c01);
            partial += tile.PartialStep;
        }

        T* target = tile.C;
        TLanes.Store(target, c00);
        TLanes.Store(target + TLanes.Count, c01);
    }

    /// <summary>One row, one vector of columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Narrow<TLanes, TVector, T>(in Tile<T> tile)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TVector c0 = TLanes.Broadcast(T.Zero);
        if (tile.Continues)
        {
            T* row = tile.C;
            c0 = TLanes.Load(row);
        }

        T* b = tile.B;
        nint step = tile.AStep, bStep = tile.BStep;
        T* a0 = tile.A;
        for (int k = tile.Depth; k > 0; k--)
        {
            TVector b0 = TLanes.Load(b);
            TVector x = TLanes.Broadcast(*a0);
            c0 = TLanes.Fma(x, b0, c0);
            b += bStep;
            a0 += step;
        }

        T* partial = tile.Partials;
        for (int merge = tile.Merges; merge > 0; merge--)
        {
            T* row = partial;
            c0 = TLanes.Add(TLanes.Load(row), c0);
            partial += tile.PartialStep;
        }

        T* target = tile.C;
        TLanes.Store(target, c0);
    }
}
