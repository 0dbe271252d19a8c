using System.Numerics;
using System.Runtime.CompilerServices;
using Cluster.Ml.Numerics.Lanes;

namespace Cluster.Ml.Numerics.Products;

/// <summary>Register tiles of six rows: 12 sums, two columns and one row value fit 16 registers.</summary>
/// <remarks>Spelled out row by row so that every sum has a register of its own; see <see cref="Tile{T}"/> for what is computed.</remarks>
internal static unsafe class Tile6
{
    /// <summary>Six rows, two vectors of columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Wide<TLanes, TVector, T>(in Tile<T> tile)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TVector c00 = TLanes.Broadcast(T.Zero), c01 = TLanes.Broadcast(T.Zero);
        TVector c10 = TLanes.Broadcast(T.Zero), c11 = TLanes.Broadcast(T.Zero);
        TVector c20 = TLanes.Broadcast(T.Zero), c21 = TLanes.Broadcast(T.Zero);
        TVector c30 = TLanes.Broadcast(T.Zero), c31 = TLanes.Broadcast(T.Zero);
        TVector c40 = TLanes.Broadcast(T.Zero), c41 = TLanes.Broadcast(T.Zero);
        TVector c50 = TLanes.Broadcast(T.Zero), c51 = TLanes.Broadcast(T.Zero);
        if (tile.Continues)
        {
            T* row = tile.C;
            c00 = TLanes.Load(row);
            c01 = TLanes.Load(row + TLanes.Count);
            row += tile.CRow;
            c10 = TLanes.Load(row);
            c11 = TLanes.Load(row + TLanes.Count);
            row += tile.CRow;
            c20 = TLanes.Load(row);
            c21 = TLanes.Load(row + TLanes.Count);
            row += tile.CRow;
            c30 = TLanes.Load(row);
            c31 = TLanes.Load(row + TLanes.Count);
            row += tile.CRow;
            c40 = TLanes.Load(row);
            c41 = TLanes.Load(row + TLanes.Count);
            row += tile.CRow;
            c50 = TLanes.Load(row);
            c51 = TLanes.Load(row + TLanes.Count);
        }

        T* b = tile.B;
        nint step = tile.AStep, bStep = tile.BStep, row1 = tile.ARow, row2 = 2 * row1;
        T* a0 = tile.A, a3 = a0 + (3 * row1);
        for (int k = tile.Depth; k > 0; k--)
        {
            TVector b0 = TLanes.Load(b), b1 = TLanes.Load(b + TLanes.Count);
            TVector x = TLanes.Broadcast(*a0);
            c00 = TLanes.Fma(x, b0, c00);
            c01 = TLanes.Fma(x, b1, c01);
            x = TLanes.Broadcast(a0[row1]);
            c10 = TLanes.Fma(x, b0, c10);
            c11 = TLanes.Fma(x, b1, c11);
            x = TLanes.Broadcast(a0[row2]);
            c20 = TLanes.Fma(x, b0, c20);
            c21 = TLanes.Fma(x, b1, c21);
            x = TLanes.Broadcast(*a3);
            c30 = TLanes.Fma(x, b0, c30);
            c31 = TLanes.Fma(x, b1, c31);
            x = TLanes.Broadcast(a3[row1]);
            c40 = TLanes.Fma(x, b0, c40);
            c41 = TLanes.Fma(x, b1, c41);
            x = TLanes.Broadcast(a3[row2]);
            c50 = TLanes.Fma(x, b0, c50);
            c51 = TLanes.Fma(x, b1, c51);
            b += bStep;
            a0 += step;
            a3 += step;
        }

        T* partial = tile.Partials;
        for (int merge = tile.Merges; merge > 0; merge--)
        {
            T* row = partial;
            c00 = TLanes.Add(TLanes.Load(row), c00);
            c01 = TLanes.Add(TLanes.Load(row + TLanes.Count), c01);
            row += tile.PartialRow;
            c10 = TLanes.Add(TLanes.Load(row), c10);
            c11 = TLanes.Add(TLanes.Load(row + TLanes.Count), c11);
            row += tile.PartialRow;
            c20 = TLanes.Add(TLanes.Load(row), c20);
            c21 = TLanes.Add(TLanes.Load(row + TLanes.Count), c21);
            row += tile.PartialRow;
            c30 = TLanes.Add(TLanes.Load(row), c30);
            c31 = TLanes.Add(TLanes.Load(row + TLanes.Count), c31);
            row += tile.PartialRow;
            c40 = TLanes.Add(TLanes.Load(row), c40);
            c41 = TLanes.Add(TLanes.Load(row + TLanes.Count), c41);
            row += tile.PartialRow;
            c50 = TLanes.Add(TLanes.Load(row), c50);
            c51 = TLanes.Add(TLanes.Load(row + TLanes.Count), c51);
            partial += tile.PartialStep;
        }

        T* target = tile.C;
        TLanes.Store(target, c00);
        TLanes.Store(target + TLanes.Count, c01);
        target += tile.CRow;
        TLanes.Store(target, c10);
        TLanes.Store(target + TLanes.Count, c11);
        target += tile.CRow;
        TLanes.Store(target, c20);
        TLanes.Store(target + TLanes.Count, c21);
        target += tile.CRow;
        TLanes.Store(target, c30);
        TLanes.Store(target + TLanes.Count, c31);
        target += tile.CRow;
        TLanes.Store(target, c40);
        TLanes.Store(target + TLanes.Count, c41);
        target += tile.CRow;
        TLanes.Store(target, c50);
        TLanes.Store(target + TLanes.Count, c51);
    }

    /// <summary>Six rows, one vector of columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Narrow<TLanes, TVector, T>(in Tile<T> tile)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TVector c0 = TLanes.Broadcast(T.Zero);
        TVector c1 = TLanes.Broadcast(T.Zero);
        TVector c2 = TLanes.Broadcast(T.Zero);
        TVector c3 = TLanes.Broadcast(T.Zero);
        TVector c4 = TLanes.Broadcast(T.Zero);
        TVector c5 = TLanes.Broadcast(T.Zero);
        if (tile.Continues)
        {
            T* row = tile.C;
            c0 = TLanes.Load(row);
            row += tile.CRow;
            c1 = TLanes.Load(row);
            row += tile.CRow;
            c2 = TLanes.Load(row);
            row += tile.CRow;
            c3 = TLanes.Load(row);
            row += tile.CRow;
            c4 = TLanes.Load(row);
            row += tile.CRow;
            c5 = TLanes.Load(row);
        }

        T* b = tile.B;
        nint step = tile.AStep, bStep = tile.BStep, row1 = tile.ARow, row2 = 2 * row1;
        T* a0 = tile.A, a3 = a0 + (3 * row1);
        for (int k = tile.Depth; k > 0; k--)
        {
            TVector b0 = TLanes.Load(b);
            TVector x = TLanes.Broadcast(*a0);
            c0 = TLanes.Fma(x, b0, c0);
            x = TLanes.Broadcast(a0[row1]);
            c1 = TLanes.Fma(x, b0, c1);
            x = TLanes.Broadcast(a0[row2]);
            c2 = TLanes.Fma(x, b0, c2);
            x = TLanes.Broadcast(*a3);
            c3 = TLanes.Fma(x, b0, c3);
            x = TLanes.Broadcast(a3[row1]);
            c4 = TLanes.Fma(x, b0, c4);
            x = TLanes.Broadcast(a3[row2]);
            c5 = TLanes.Fma(x, b0, c5);
            b += bStep;
            a0 += step;
            a3 += step;
        }

        T* partial = tile.Partials;
        for (int merge = tile.Merges; merge > 0; merge--)
        {
            T* row = partial;
            c0 = TLanes.Add(TLanes.Load(row), c0);
            row += tile.PartialRow;
            c1 = TLanes.Add(TLanes.Load(row), c1);
            row += tile.PartialRow;
            c2 = TLanes.Add(TLanes.Load(row), c2);
            row += tile.PartialRow;
            c3 = TLanes.Add(TLanes.Load(row), c3);
            row += tile.PartialRow;
            c4 = TLanes.Add(TLanes.Load(row), c4);
            row += tile.PartialRow;
            c5 = TLanes.Add(TLanes.Load(row), c5);
            partial += tile.PartialStep;
        }

        T* target = tile.C;
        TLanes.Store(target, c0);
        target += tile.CRow;
        TLanes.Store(target, c1);
        target += tile.CRow;
        TLanes.Store(target, c2);
        target += tile.CRow;
        TLanes.Store(target, c3);
        target += tile.CRow;
        TLanes.Store(target, c4);
        target += tile.CRow;
        TLanes.Store(target, c5);
    }
}
