using Cluster.Ml.Numerics.Functions;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Nn.Recurrent;

/// <summary>The cell of a simple recurrent network.</summary>
/// <remarks>
/// Equation  h = tanh z
/// Gradient  δz = δh ⊙ (1 − h²)
/// Source    Elman, "Finding Structure in Time", Cognitive Science 14 (1990)
/// </remarks>
internal sealed unsafe class TanhCell : SweptCell<TanhCell>, ICellSweeps
{
    public const string CellName = "rnn";

    public override string Name => CellName;

    public override int Gates => 1;

    public override string OnnxOperator => "RNN";

    public override IReadOnlyList<int> OnnxGates => [0];

    public override bool HasCellState => false;

    /// <remarks>The gates keep h.</remarks>
    public static int Forward<TLanes, TVector>(in CellStep step, int start)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged
    {
        int units = step.Units, end = start + ((units - start) / TLanes.Count * TLanes.Count);
        float* bias = step.Bias;
        for (int row = 0; row < step.Rows; row++)
        {
            float* z = step.Gates + (row * step.GatesRow), product = step.Product + ((nint)row * units);
            float* output = step.Output + (row * step.OutputRow), next = step.Next == null ? null : step.Next + (row * step.NextRow);
            for (int j = start; j < end; j += TLanes.Count)
            {
                TVector sum = TLanes.Add(TLanes.Add(TLanes.Load(z + j), TLanes.Load(product + j)), TLanes.Load(bias + j));
                TVector h = HyperbolicTangentFloat.Apply<TLanes, TVector>(sum);
                TLanes.Store(z + j, h);
                TLanes.Store(output + j, h);
                if (next != null) TLanes.Store(next + j, h);
            }
        }
        return end;
    }

    public static int Backward<TLanes, TVector>(in CellStep step, int start)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged
    {
        int units = step.Units, end = start + ((units - start) / TLanes.Count * TLanes.Count);
        TVector one = TLanes.Broadcast(1f);
        for (int row = 0; row < step.Rows; row++)
        {
            float* z = step.Gates + (row * step.GatesRow), above = step.OutputGradient + (row * step.OutputRow);
            float* returned = step.Returned == null ? null : step.Returned + ((nint)row * units);
            for (int j = start; j < end; j += TLanes.Count)
            {
                TVector h = TLanes.Load(z + j), dh = TLanes.Load(above + j);
                if (returned != null) dh = TLanes.Add(dh, TLanes.Load(returned + j));
                TLanes.Store(z + j, TLanes.Multiply(dh, TLanes.Subtract(one, TLanes.Multiply(h, h))));
            }
        }
        return end;
    }
}
