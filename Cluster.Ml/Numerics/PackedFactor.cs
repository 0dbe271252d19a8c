using System.Runtime.Intrinsics;
using Cluster.Ml.Numerics.Gemm;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Numerics;

/// <summary>A right factor that is packed once for many products, such as the weights of a recurrence over all its moments.</summary>
/// <remarks>
/// Equation  C = A·B, every element one chain as in <see cref="MatrixProduct"/>, to the bit
/// Shapes    A [m, k], B [k, n], C [m, n]
/// Range     holds until its workspace packs another factor
/// Cost      a product reads B as it was packed; only A is packed anew
/// </remarks>
internal readonly unsafe ref struct PackedFactor
{
    /// <summary>Numbers of a chain that are summed at a time, so that a panel of B stays in the nearest cache.</summary>
    private const int DepthBlock = 256;

    private readonly float* _panels;
    private readonly int _depth;
    private readonly int _columns;
    private readonly GemmWorkspace _workspace;
    private readonly LaneWidth _width;

    private PackedFactor(float* panels, int depth, int columns, GemmWorkspace workspace, LaneWidth width)
    {
        _panels = panels;
        _depth = depth;
        _columns = columns;
        _workspace = workspace;
        _width = width;
    }

    /// <summary>Packs a factor.</summary>
    /// <param name="b">[k, n].</param>
    /// <param name="workspace">Where it is kept; its pinned buffer lives as long as it does.</param>
    public static PackedFactor Pack(MatrixView<float> b, GemmWorkspace workspace) => Pack(b, workspace, LaneWidths.Widest);

    internal static PackedFactor Pack(MatrixView<float> b, GemmWorkspace workspace, LaneWidth width)
    {
        int panelColumns = PanelColumns(width), panels = (b.Columns + panelColumns - 1) / panelColumns;
        float* packed = workspace.Factor<float>((long)panels * panelColumns * b.Rows);
        fixed (float* source = b.Numbers)
            for (int panel = 0; panel < panels; panel++)
                Packing.Panel(
                    source + ((nint)panel * panelColumns * b.ColumnStride), b.RowStride, b.ColumnStride, b.Rows,
                    Math.Min(panelColumns, b.Columns - (panel * panelColumns)), packed + ((nint)panel * panelColumns * b.Rows), panelColumns);
        return new PackedFactor(packed, b.Rows, b.Columns, workspace, width);
    }

    /// <summary>C = A·B.</summary>
    /// <param name="a">[m, k].</param>
    /// <param name="c">[m × n], overwritten; must not overlap a.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public void Multiply(MatrixView<float> a, Span<float> c)
    {
        if (a.Columns != _depth || c.Length < (long)a.Rows * _columns)
            throw new ArgumentException($"PackedFactor: wanted A [m, {_depth}], C [m × {_columns}], got [{a.Rows}, {a.Columns}], [{c.Length}].", nameof(c));
        fixed (float* source = a.Numbers, target = c)
            switch (_width)
            {
                case LaneWidth.Bits512: Multiply<Lanes512<float>, Vector512<float>>(a, source, target); break;
                case LaneWidth.Bits256: Multiply<Lanes256<float>, Vector256<float>>(a, source, target); break;
                case LaneWidth.Bits128: Multiply<Lanes128<float>, Vector128<float>>(a, source, target); break;
                default: Multiply<Lanes1<float>, float>(a, source, target); break;
            }
    }

    private void Multiply<TLanes, TVector>(MatrixView<float> a, float* source, float* target)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged
    {
        int panelColumns = MicroKernelRunner<TLanes, TVector, float>.Columns;
        float* left = PackLeft<TLanes, TVector>(a, source), edge = _workspace.TilesOf<float>();
        float** pointers = stackalloc float*[2 * MicroKernel<float>.RowsMax];
        MicroKernel<float> tile = MicroKernel<float>.Of(pointers, 0);
        tile.BStep = panelColumns;
        for (int column = 0; column < _columns; column += panelColumns)
            for (int start = 0; start < _depth; start += DepthBlock)
            {
                tile.Inner = Math.Min(DepthBlock, _depth - start);
                tile.Continues = start > 0;
                tile.B = _panels + ((nint)column * _depth) + ((nint)start * panelColumns);
                for (int row = 0; row < a.Rows;)
                {
                    int count = MicroKernelRunner<TLanes, TVector, float>.Next(a.Rows - row);
                    tile.AStep = count;
                    tile.PointRows(left + ((nint)row * _depth) + ((nint)start * count), 1, target + ((nint)row * _columns) + column, _columns, count);
                    MicroKernelRunner<TLanes, TVector, float>.Run(tile, count, Math.Min(panelColumns, _columns - column), edge);
                    row += count;
                }
            }
    }

    /// <summary>Rows that lie a multiple of 4 KiB apart would push each other out of the first cache.</summary>
    private float* PackLeft<TLanes, TVector>(MatrixView<float> a, float* source)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged
    {
        float* left = _workspace.Left<float>((long)a.Rows * _depth);
        for (int row = 0; row < a.Rows;)
        {
            int count = MicroKernelRunner<TLanes, TVector, float>.Next(a.Rows - row);
            Packing.Rows(source + ((nint)row * a.RowStride), a.RowStride, a.ColumnStride, count, _depth, left + ((nint)row * _depth));
            row += count;
        }
        return left;
    }

    private static int PanelColumns(LaneWidth width) => width switch
    {
        LaneWidth.Bits512 => MicroKernelRunner<Lanes512<float>, Vector512<float>, float>.Columns,
        LaneWidth.Bits256 => MicroKernelRunner<Lanes256<float>, Vector256<float>, float>.Columns,
        LaneWidth.Bits128 => MicroKernelRunner<Lanes128<float>, Vector128<float>, float>.Columns,
        _ => MicroKernelRunner<Lanes1<float>, float, float>.Columns,
    };
}
