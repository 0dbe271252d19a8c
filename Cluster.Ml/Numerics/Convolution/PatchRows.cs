using System.Runtime.CompilerServices;

namespace Cluster.Ml.Numerics.Convolution;

/// <summary>Counts through the places of a window over several framed images, in the order of outputs.</summary>
internal struct PatchRows(WindowShape shape)
{
    private readonly int _columns = shape.OutputWidth, _rows = shape.OutputHeight;
    private readonly nint _step = shape.Stride * shape.Channels;
    private readonly nint _rowGap = (shape.Stride * shape.PaddedRow) - (shape.OutputWidth * shape.Stride * shape.Channels);
    private readonly nint _imageGap = shape.PaddedLength - (shape.OutputHeight * shape.Stride * shape.PaddedRow);
    private nint _next;
    private int _column, _row;

    /// <summary>Where the first number under the window lies; then goes on to the next place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nint Next()
    {
        nint origin = _next;
        _next += _step;
        if (++_column == _columns) EndRow();
        return origin;
    }

    private void EndRow()
    {
        _column = 0;
        _next += _rowGap;
        if (++_row < _rows) return;
        _row = 0;
        _next += _imageGap;
    }
}
