using System.Runtime.Intrinsics;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Nn.Recurrent;

/// <summary>A cell whose two passes are written once for every width of vectors.</summary>
/// <typeparam name="TSelf">The cell itself.</typeparam>
/// <remarks>Range  the widest vectors take the units as far as they go, single lanes the rest; a unit's bits are the same in either</remarks>
internal abstract class SweptCell<TSelf> : RecurrentCell
    where TSelf : SweptCell<TSelf>, ICellSweeps
{
    public sealed override void Forward(in CellStep step)
    {
        int done = LaneWidths.Widest switch
        {
            LaneWidth.Bits512 => TSelf.Forward<Lanes512<float>, Vector512<float>>(step, 0),
            LaneWidth.Bits256 => TSelf.Forward<Lanes256<float>, Vector256<float>>(step, 0),
            LaneWidth.Bits128 => TSelf.Forward<Lanes128<float>, Vector128<float>>(step, 0),
            _ => 0,
        };
        TSelf.Forward<Lanes1<float>, float>(step, done);
    }

    public sealed override void Backward(in CellStep step)
    {
        int done = LaneWidths.Widest switch
        {
            LaneWidth.Bits512 => TSelf.Backward<Lanes512<float>, Vector512<float>>(step, 0),
            LaneWidth.Bits256 => TSelf.Backward<Lanes256<float>, Vector256<float>>(step, 0),
            LaneWidth.Bits128 => TSelf.Backward<Lanes128<float>, Vector128<float>>(step, 0),
            _ => 0,
        };
        TSelf.Backward<Lanes1<float>, float>(step, done);
    }
}

/// <summary>Both passes of a cell, over vectors of any width.</summary>
internal interface ICellSweeps
{
    /// <summary>All rows, the units from start as far as whole vectors go.</summary>
    /// <returns>The first unit that was left.</returns>
    static abstract int Forward<TLanes, TVector>(in CellStep step, int start)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged;

    /// <summary>All rows, the units from start as far as whole vectors go.</summary>
    /// <returns>The first unit that was left.</returns>
    static abstract int Backward<TLanes, TVector>(in CellStep step, int start)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged;
}
