using System.Numerics;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Numerics.Gemm;

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

    /// <summary>Panels of the right factor that are packed at a time if all rows read them at once, if they are deep: a quarter of a usual second cache.</summary>
    private const int PanelsAtATime = 4;

    /// <summary>Bytes of the packed part of the right factor: it streams from the last cache.</summary>
    private const int RightBytes = 2 * 1024 * 1024;

    /// <summary>So deep at most are sums whose results take longer to write than a second look at the right factor takes.</summary>
    private const int ShallowDepth = 192;

    /// <summary>With fewer rows than this, copying the right factor would cost more than it saves.</summary>
    private const int PackedRowsMin = 40;

    /// <summary>The same if the right factor's rows lie so close together that the first cache takes them as they are.</summary>
    private const int PackedRowsMinOfNarrow = 400, NarrowRowBytes = 2048;

    /// <summary>The left factor of a tree is packed if at least so many panels read it.</summary>
    private const int PackedPanelsMin = 2;

    private static int TileColumns => MicroKernelRunner<TLanes, TVector, T>.Columns;

    private static int TileRows => MicroKernelRunner<TLanes, TVector, T>.Rows;

    /// <summary>C = A·B, or C = C + A·B with every chain going on from C.</summary>
    public static void Multiply(in GemmOperands<T> f, bool continues, GemmWorkspace workspace)
    {
        int columnBlock = Math.Max(TileColumns, RightBytes / sizeof(T) / DepthOfBlock(f) / TileColumns * TileColumns);
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

    /// <summary>A shallow product has wider and higher blocks.</summary>
    private static int DepthOfBlock(in GemmOperands<T> f) => Math.Clamp(f.Depth, 1, DepthBlock);

    private static void Block(in GemmOperands<T> f, int column, int columns, int depthDone, int depth, bool continues, GemmWorkspace workspace)
    {
        if (f.Rows == 1 && f.BColumn == 1)
        {
            int wide = RowMicroKernel<TLanes, TVector, T>.Columns, end = column + columns;
            for (; column <= end - wide; column += wide)
                RowMicroKernel<TLanes, TVector, T>.Run(
                    f.A + (depthDone * f.AColumn), f.AColumn, f.B + (depthDone * f.BRow) + column, f.BRow, depth, f.C + column, continues);
            columns = end - column;
        }
        bool packsLeft = PacksLeft(f);
        int rowBlock = packsLeft ? Math.Max(TileRows, LeftBytes / sizeof(T) / DepthOfBlock(f) / TileRows * TileRows) : f.Rows;
        T* left = f.A + (depthDone * f.AColumn);
        T** pointers = stackalloc T*[2 * MicroKernel<T>.RowsMax];
        MicroKernel<T> tile = MicroKernel<T>.Of(pointers, depth);
        tile.Continues = continues;
        if (f.Rows > rowBlock)
        {
            Panels right = Pack(f, column, columns, depthDone, depth, workspace);
            for (int row = 0; row < f.Rows; row += rowBlock)
            {
                int rows = Math.Min(rowBlock, f.Rows - row);
                T* packed = PackLeft(left + (row * f.ARow), f.ARow, f.AColumn, rows, depth, workspace);
                Rows(f, ref tile, packed, true, right, row, rows, column, columns, workspace);
            }
            return;
        }
        // Every panel is read once: a few at a time are packed just before, and stay in the second cache.
        if (packsLeft) left = PackLeft(left, f.ARow, f.AColumn, f.Rows, depth, workspace);
        int group = PacksRight(f) ? PanelsAtATime * (DepthBlock / DepthOfBlock(f)) * TileColumns : columns;
        for (int done = 0; done < columns; done += group)
        {
            int some = Math.Min(group, columns - done);
            Panels right = Pack(f, column + done, some, depthDone, depth, workspace);
            Rows(f, ref tile, left, packsLeft, right, 0, f.Rows, column + done, some, workspace);
        }
    }

    /// <summary>A block of the right factor: the first panels in place, those behind them packed.</summary>
    private struct Panels
    {
        public T* Direct, Packed;
        public int DirectCount;
    }

    private static Panels Pack(in GemmOperands<T> f, int column, int columns, int depthDone, int depth, GemmWorkspace workspace)
    {
        int panels = (columns + TileColumns - 1) / TileColumns, direct = PacksRight(f) ? 0 : columns / TileColumns;
        T* packed = workspace.Right<T>((long)(panels - direct) * TileColumns * depth);
        PackPanels(f, column, columns, depthDone, depth, packed, direct);
        return new Panels { Direct = f.B + (depthDone * f.BRow) + column, Packed = packed, DirectCount = direct };
    }

    /// <summary>Some rows times all panels of a block.</summary>
    private static void Rows(
        in GemmOperands<T> f, ref MicroKernel<T> tile, T* left, bool packed, in Panels right, int row, int rows, int column, int columns, GemmWorkspace workspace)
    {
        // Shallow sums are soon over, and what takes time is writing them: then a row of the result is written as far as the panels go.
        int step = tile.Inner <= ShallowDepth ? TileRows : rows;
        for (int done = 0; done < rows; done += step)
        {
            T* a = packed ? left + ((nint)done * tile.Inner) : left + (done * f.ARow);
            for (int panel = 0; panel * TileColumns < columns; panel++)
            {
                bool isDirect = panel < right.DirectCount;
                tile.B = isDirect ? right.Direct + (panel * TileColumns) : right.Packed + ((nint)(panel - right.DirectCount) * TileColumns * tile.Inner);
                tile.BStep = isDirect ? f.BRow : TileColumns;
                T* c = f.C + ((nint)(row + done) * f.Columns) + column + (panel * TileColumns);
                PanelRows(f, ref tile, a, packed, c, Math.Min(step, rows - done), Math.Min(TileColumns, columns - (panel * TileColumns)), workspace);
            }
        }
    }

    private static bool PacksRight(in GemmOperands<T> f) =>
        f.BColumn != 1 || f.Rows >= (f.BRow * sizeof(T) <= NarrowRowBytes ? PackedRowsMinOfNarrow : PackedRowsMin);

    // Rows that lie a multiple of 4 KiB apart fall into the same sets of the first cache and push each other out.
    private static bool PacksLeft(in GemmOperands<T> f) =>
        f.AColumn == 1 && f.Columns > 4 * TileColumns && f.ARow * sizeof(T) % 2048 == 0 && f.Rows > TileRows;

    private static T* PackLeft(T* a, nint rowStride, nint columnStride, int rows, int depth, GemmWorkspace workspace)
    {
        T* left = workspace.Left<T>((long)rows * depth);
        for (int done = 0; done < rows;)
        {
            int count = MicroKernelRunner<TLanes, TVector, T>.Next(rows - done);
            Packing.Rows(a + (done * rowStride), rowStride, columnStride, count, depth, left + ((nint)done * depth));
            done += count;
        }
        return left;
    }

    /// <summary>Copies the panels behind the direct ones, a row of all of them at a time, so that the source is read as it lies.</summary>
    private static void PackPanels(in GemmOperands<T> f, int column, int columns, int depthDone, int depth, T* right, int direct)
    {
        int first = direct * TileColumns, whole = f.BColumn == 1 ? (columns - first) / TileColumns : 0;
        T* source = f.B + (depthDone * f.BRow) + ((column + first) * f.BColumn);
        Packing.Panels(source, f.BRow, depth, whole, right, TileColumns);
        for (int done = whole * TileColumns; done < columns - first; done += TileColumns)
            Packing.Panel(source + (done * f.BColumn), f.BRow, f.BColumn, depth, Math.Min(TileColumns, columns - first - done), right + ((nint)done * depth), TileColumns);
    }

    /// <summary>All row tiles of one panel of columns.</summary>
    private static void PanelRows(in GemmOperands<T> f, ref MicroKernel<T> tile, T* left, bool packed, T* c, int rows, int columns, GemmWorkspace workspace)
    {
        for (int row = 0; row < rows;)
        {
            int count = MicroKernelRunner<TLanes, TVector, T>.Next(rows - row);
            tile.AStep = packed ? count : f.AColumn;
            T* a = packed ? left + ((nint)row * tile.Inner) : left + (row * f.ARow);
            tile.PointRows(a, packed ? 1 : f.ARow, c + ((nint)row * f.Columns), f.Columns, count);
            MicroKernelRunner<TLanes, TVector, T>.Run(tile, count, columns, workspace.TilesOf<T>());
            row += count;
        }
    }

    /// <summary>C = the tree over segments of A·B; segment s sums k from its start to its end.</summary>
    /// <param name="f">The factors.</param>
    /// <param name="ends">[segments], a power of two: the end of each segment, the last one the depth.</param>
    /// <param name="workspace">Room.</param>
    public static void MultiplyTree(in GemmOperands<T> f, ReadOnlySpan<int> ends, GemmWorkspace workspace)
    {
        T* right = workspace.Right<T>((long)TileColumns * f.Depth);
        T** pointers = stackalloc T*[2 * MicroKernel<T>.RowsMax];
        MicroKernel<T> tile = MicroKernel<T>.Of(pointers, 0);
        tile.BStep = TileColumns;
        bool packsLeft = f.Columns >= PackedPanelsMin * TileColumns && f.Rows > 1;
        T* left = packsLeft ? PackLeft(f.A, f.ARow, f.AColumn, f.Rows, f.Depth, workspace) : f.A;
        for (int column = 0; column < f.Columns; column += TileColumns)
        {
            int columns = Math.Min(TileColumns, f.Columns - column);
            Packing.Panel(f.B + (column * f.BColumn), f.BRow, f.BColumn, f.Depth, columns, right, TileColumns);
            for (int row = 0; row < f.Rows;)
            {
                int count = MicroKernelRunner<TLanes, TVector, T>.Next(f.Rows - row);
                tile.B = right;
                tile.AStep = packsLeft ? count : f.AColumn;
                T* a = packsLeft ? left + ((nint)row * f.Depth) : left + (row * f.ARow), c = f.C + ((nint)row * f.Columns) + column;
                nint aRow = packsLeft ? 1 : f.ARow;
                int done = columns == TileColumns && aRow == 1 ? TreeRows(f, a, tile.AStep, right, c, count, ends) : 0;
                if (done < count)
                    TreeTile(f, tile, a + (done * aRow), aRow, c + ((nint)done * f.Columns), count - done, columns, ends, workspace);
                row += count;
            }
        }
    }

    /// <summary>Computes rows by threes if the registers hold the whole tree, and says how many it did.</summary>
    private static int TreeRows(in GemmOperands<T> f, T* a, nint aStep, T* b, T* c, int rows, ReadOnlySpan<int> ends)
    {
        if (!MicroKernelRunner<TLanes, TVector, T>.HasManyRegisters || ends.Length > TreeMicroKernel3.SegmentsMax) return 0;
        int row = 0;
        for (; row <= rows - TreeMicroKernel3.Rows; row += TreeMicroKernel3.Rows)
            TreeMicroKernel3.Run<WideRow<TLanes, TVector, T>, T>(a + row, aStep, b, TileColumns, ends, c + ((nint)row * f.Columns), f.Columns);
        return row;
    }

    /// <summary>Computes the segments of one tile in order and merges equal neighbours as soon as there are two, like a counter.</summary>
    private static void TreeTile(
        in GemmOperands<T> f, MicroKernel<T> tile, T* a, nint aRow, T* c, int rows, int columns, ReadOnlySpan<int> ends, GemmWorkspace workspace)
    {
        int tileSize = MicroKernel<T>.RowsMax * TileColumns, start = 0;
        T* edge = workspace.TilesOf<T>(), partials = edge + tileSize;
        tile.Partials = partials;
        tile.PartialStep = tileSize;
        tile.PartialRow = TileColumns;
        for (int segment = 0; segment < ends.Length; segment++)
        {
            tile.Inner = ends[segment] - start;
            tile.Merges = BitOperations.TrailingZeroCount(~segment);
            bool last = segment == ends.Length - 1;
            tile.PointRows(
                a + (start * tile.AStep), aRow, last ? c : partials + ((nint)tile.Merges * tileSize), last ? f.Columns : TileColumns, rows);
            MicroKernelRunner<TLanes, TVector, T>.Run(tile, rows, last ? columns : columns <= TLanes.Count ? TLanes.Count : TileColumns, edge);
            tile.B += (nint)tile.Inner * TileColumns;
            start = ends[segment];
        }
    }
}
