using System.Numerics;
using System.Runtime.CompilerServices;
using Cluster.Ml.Numerics.Lanes;

namespace Cluster.Ml.Numerics.Products;

/// <summary>Matrix products at one vector width: cuts them into blocks that fit the caches and tiles that fit the registers.</summary>
/// <remarks>
/// Range     whatever the width and the blocks, every element is one chain of fused multiply-adds in the order of k
/// Source    Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34 (2008)
/// </remarks>
internal static unsafe class BlockedProduct<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How much of the sum is done at a time: two vectors of columns that deep stay near the first cache.</summary>
    private const int DepthBlock = 512;

    /// <summary>Bytes of the packed part of the left factor: half of a usual second cache.</summary>
    private const int LeftBytes = 384 * 1024;

    /// <summary>Bytes of the packed part of the right factor: it streams from the last cache.</summary>
    private const int RightBytes = 2 * 1024 * 1024;

    /// <summary>With fewer rows than this, copying the right factor would cost more than it saves.</summary>
    private const int PackedRowsMin = 40;

    /// <summary>The same where the right factor's rows lie so close together that the first cache takes them as they are.</summary>
    private const int PackedRowsMinOfNarrow = 400, NarrowRowBytes = 2048;

    private static int TileColumns => 2 * TLanes.Count;

    private static int TileRows => sizeof(TVector) == 64 ? 12 : 6;

    /// <summary>C = A·B, or C = C + A·B with every chain going on from C.</summary>
    public static void Multiply(in Factors<T> f, bool continues, GemmWorkspace workspace)
    {
        int columnBlock = Math.Max(TileColumns, RightBytes / sizeof(T) / DepthBlock / TileColumns * TileColumns);
        for (int column = 0; column < f.Columns; column += columnBlock)
        {
            int columns = Math.Min(columnBlock, f.Columns - column);
            int blocks = Math.Max(1, (f.Depth + DepthBlock - 1) / DepthBlock), depthDone = 0;
            for (int block = blocks; block > 0; block--)
            {
                int depth = (f.Depth - depthDone) / block;
                Block(f, column, columns, depthDone, depth, continues || depthDone > 0, workspace);
                depthDone += depth;
            }
        }
    }

    private static void Block(in Factors<T> f, int column, int columns, int depthDone, int depth, bool continues, GemmWorkspace workspace)
    {
        int panels = (columns + TileColumns - 1) / TileColumns;
        int direct = PacksRight(f) ? 0 : columns / TileColumns;
        T* right = workspace.Right<T>((long)(panels - direct) * TileColumns * depth);
        PackPanels(f, column, columns, depthDone, depth, right, direct);

        bool packsLeft = PacksLeft(f);
        int rowBlock = packsLeft ? Math.Max(TileRows, LeftBytes / sizeof(T) / DepthBlock / TileRows * TileRows) : f.Rows;
        for (int row = 0; row < f.Rows; row += rowBlock)
        {
            int rows = Math.Min(rowBlock, f.Rows - row);
            Tile<T> tile = default;
            tile.A = f.A + (row * f.ARow) + (depthDone * f.AColumn);
            tile.ARow = f.ARow;
            tile.AStep = f.AColumn;
            tile.Depth = depth;
            tile.CRow = f.Columns;
            tile.Continues = continues;
            if (packsLeft) PackLeft(f, row, rows, depthDone, depth, workspace, ref tile);
            for (int panel = 0; panel < panels; panel++)
            {
                tile.B = panel < direct
                    ? f.B + (depthDone * f.BRow) + column + (panel * TileColumns)
                    : right + ((nint)(panel - direct) * TileColumns * depth);
                tile.BStep = panel < direct ? f.BRow : TileColumns;
                tile.C = f.C + ((nint)row * f.Columns) + column + (panel * TileColumns);
                Column(tile, rows, Math.Min(TileColumns, columns - (panel * TileColumns)), packsLeft ? depth : 0, workspace);
            }
        }
    }

    private static bool PacksRight(in Factors<T> f) =>
        f.BColumn != 1 || f.Rows >= (f.BRow * sizeof(T) <= NarrowRowBytes ? PackedRowsMinOfNarrow : PackedRowsMin);

    // Rows that lie a multiple of 4 KiB apart fall into the same sets of the first cache and push each other out.
    private static bool PacksLeft(in Factors<T> f) =>
        f.AColumn == 1 && f.Columns > 4 * TileColumns && f.ARow * sizeof(T) % 2048 == 0 && f.Rows > TileRows;

    private static void PackLeft(in Factors<T> f, int row, int rows, int depthDone, int depth, GemmWorkspace workspace, ref Tile<T> tile)
    {
        T* left = workspace.Left<T>((long)rows * depth);
        for (int done = 0; done < rows;)
        {
            int count = NextTile(rows - done);
            Packing.Rows(f.A + ((row + done) * f.ARow) + (depthDone * f.AColumn), f.ARow, f.AColumn, count, depth, left + ((nint)done * depth));
            done += count;
        }
        tile.A = left;
        tile.ARow = 1;
    }

    private static void PackPanels(in Factors<T> f, int column, int columns, int depthDone, int depth, T* right, int direct)
    {
        for (int done = direct * TileColumns; done < columns; done += TileColumns, right += (nint)TileColumns * depth)
        {
            T* source = f.B + (depthDone * f.BRow) + ((column + done) * f.BColumn);
            Packing.Panel(source, f.BRow, f.BColumn, depth, Math.Min(TileColumns, columns - done), right, TileColumns);
        }
    }

    /// <summary>All row tiles of one panel of columns. A packed left factor is found by its depth; 0 says it is not packed.</summary>
    private static void Column(Tile<T> tile, int rows, int columns, int packedDepth, GemmWorkspace workspace)
    {
        T* a = tile.A, c = tile.C;
        nint aRow = tile.ARow;
        for (int row = 0; row < rows;)
        {
            int count = NextTile(rows - row);
            if (packedDepth > 0)
            {
                tile.A = a + ((nint)row * packedDepth);
                tile.AStep = count;
            }
            else
            {
                tile.A = a + (row * aRow);
            }
            tile.C = c + (row * tile.CRow);
            if (columns == TileColumns || columns == TLanes.Count) Run(tile, count, columns > TLanes.Count);
            else RunEdge(tile, count, columns, workspace);
            row += count;
        }
    }

    /// <summary>A tile whose columns are fewer than its vectors hold works in memory of its own.</summary>
    private static void RunEdge(Tile<T> tile, int rows, int columns, GemmWorkspace workspace)
    {
        T* edge = workspace.TilesOf<T>(), c = tile.C;
        nint cRow = tile.CRow;
        if (tile.Continues)
            for (int row = 0; row < rows; row++)
                new ReadOnlySpan<T>(c + (row * cRow), columns).CopyTo(new Span<T>(edge + (row * TileColumns), columns));
        tile.C = edge;
        tile.CRow = TileColumns;
        Run(tile, rows, columns > TLanes.Count);
        for (int row = 0; row < rows; row++)
            new ReadOnlySpan<T>(edge + (row * TileColumns), columns).CopyTo(new Span<T>(c + (row * cRow), columns));
    }

    private static int NextTile(int rows) => rows >= TileRows ? TileRows : rows >= 4 ? 4 : 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run(in Tile<T> tile, int rows, bool wide)
    {
        switch (rows, wide)
        {
            case (12, true): Tile12.Wide<TLanes, TVector, T>(tile); break;
            case (12, false): Tile12.Narrow<TLanes, TVector, T>(tile); break;
            case (6, true): Tile6.Wide<TLanes, TVector, T>(tile); break;
            case (6, false): Tile6.Narrow<TLanes, TVector, T>(tile); break;
            case (4, true): Tile4.Wide<TLanes, TVector, T>(tile); break;
            case (4, false): Tile4.Narrow<TLanes, TVector, T>(tile); break;
            case (_, true): Tile1.Wide<TLanes, TVector, T>(tile); break;
            default: Tile1.Narrow<TLanes, TVector, T>(tile); break;
        }
    }

    /// <summary>C = the tree over segments of A·B, where segment s sums k from its start to its end.</summary>
    /// <param name="f">The factors.</param>
    /// <param name="ends">[segments], a power of two: where each segment ends, the last one at the depth.</param>
    /// <param name="workspace">Room.</param>
    public static void MultiplyTree(in Factors<T> f, ReadOnlySpan<int> ends, GemmWorkspace workspace)
    {
        T* right = workspace.Right<T>((long)TileColumns * f.Depth);
        for (int column = 0; column < f.Columns; column += TileColumns)
        {
            int columns = Math.Min(TileColumns, f.Columns - column);
            Packing.Panel(f.B + (column * f.BColumn), f.BRow, f.BColumn, f.Depth, columns, right, TileColumns);
            for (int row = 0; row < f.Rows;)
            {
                int count = NextTile(f.Rows - row);
                Tile<T> tile = default;
                tile.A = f.A + (row * f.ARow);
                tile.ARow = f.ARow;
                tile.AStep = f.AColumn;
                tile.B = right;
                tile.BStep = TileColumns;
                tile.C = f.C + ((nint)row * f.Columns) + column;
                tile.CRow = f.Columns;
                TreeTile(tile, count, columns, ends, workspace);
                row += count;
            }
        }
    }

    /// <summary>Computes the segments of one tile in order and merges equal neighbours as soon as there are two, like a counter.</summary>
    private static void TreeTile(Tile<T> tile, int rows, int columns, ReadOnlySpan<int> ends, GemmWorkspace workspace)
    {
        int tileSize = 12 * TileColumns;
        T* partials = workspace.TilesOf<T>() + tileSize;
        T* a = tile.A, b = tile.B, c = tile.C;
        nint cRow = tile.CRow;
        int start = 0;
        tile.Partials = partials;
        tile.PartialStep = tileSize;
        tile.PartialRow = TileColumns;
        for (int segment = 0; segment < ends.Length; segment++)
        {
            tile.A = a + (start * tile.AStep);
            tile.B = b + (start * tile.BStep);
            tile.Depth = ends[segment] - start;
            tile.Merges = BitOperations.TrailingZeroCount(~segment);
            start = ends[segment];
            if (segment == ends.Length - 1)
            {
                tile.C = c;
                tile.CRow = cRow;
                if (columns == TileColumns || columns == TLanes.Count) Run(tile, rows, columns > TLanes.Count);
                else RunEdge(tile, rows, columns, workspace);
            }
            else
            {
                tile.C = partials + ((nint)tile.Merges * tileSize);
                tile.CRow = TileColumns;
                Run(tile, rows, columns > TLanes.Count);
            }
        }
    }
}
