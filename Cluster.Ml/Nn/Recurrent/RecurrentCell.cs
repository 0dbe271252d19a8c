namespace Cluster.Ml.Nn.Recurrent;

/// <summary>What one moment of a recurrent layer does, once its matrix products are formed: the part that has no sums over units.</summary>
/// <remarks>
/// Equation  z = x·W + h₋·U + b;  (h, c) = cell(z, c₋)
/// Range     unit j of a row depends on the gates j of that row alone
/// </remarks>
internal abstract class RecurrentCell
{
    /// <summary>What the job file calls it.</summary>
    public abstract string Name { get; }

    /// <summary>Numbers of z a unit.</summary>
    public abstract int Gates { get; }

    /// <summary>Whether there is a cell state c beside the output h.</summary>
    public abstract bool HasCellState { get; }

    /// <summary>The operator of ONNX that does the same over all moments.</summary>
    public abstract string OnnxOperator { get; }

    /// <summary>The order of the gates in that operator, by their places here.</summary>
    public abstract IReadOnlyList<int> OnnxGates { get; }

    /// <summary>From z to the gates, in place, and to h and c.</summary>
    public abstract void Forward(in CellStep step);

    /// <summary>From the gradients by h and c to those by z, in place of the gates, and by c₋.</summary>
    public abstract void Backward(in CellStep step);
}

/// <summary>One moment of some rows: the place of each number of a recurrent layer. Every "Row" is the distance from one row to the next.</summary>
internal unsafe struct CellStep
{
    /// <summary>Rows, and units of the layer.</summary>
    public int Rows, Units;

    /// <summary>[rows, gates × units]: x·W; then the gates; then the gradient by z.</summary>
    public float* Gates;

    /// <summary>From row to row of the gates.</summary>
    public nint GatesRow;

    /// <summary>[rows, gates × units] without gaps: h₋·U.</summary>
    public float* Product;

    /// <summary>[gates × units].</summary>
    public float* Bias;

    /// <summary>[rows, units]: c₋ and c; null if there is no cell state.</summary>
    public float* CellBefore, CellState;

    /// <summary>From row to row of either cell state.</summary>
    public nint CellRow;

    /// <summary>[rows, units]: h.</summary>
    public float* Output;

    /// <summary>From row to row of the output and of its gradient.</summary>
    public nint OutputRow;

    /// <summary>[rows, units]: h once more, for the next moment's product; null after the last moment.</summary>
    public float* Next;

    /// <summary>From row to row of it.</summary>
    public nint NextRow;

    /// <summary>[rows, units]: the gradient by h that comes from above.</summary>
    public float* OutputGradient;

    /// <summary>[rows, units] without gaps: the gradient by h that comes from the next moment; null at the last.</summary>
    public float* Returned;

    /// <summary>[rows, units] without gaps: the gradient by c that comes from the next moment, replaced by that for the moment before.</summary>
    public float* CellGradient;
}
