using Cluster.Ml.Numerics.Functions;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Nn.Recurrent;

/// <summary>The cell of a long short-term memory with input, forget and output gates.</summary>
/// <remarks>
/// Equation  i = σ(zᵢ), f = σ(z_f), g = tanh(z_g), o = σ(zₒ);  c = f ⊙ c₋ + i ⊙ g;  h = o ⊙ tanh c
/// Shapes    z [4·units] in the order i, f, g, o, which is PyTorch's
/// Gradient  δc = δc₊ + δh ⊙ o ⊙ (1 − tanh² c);  δzᵢ = δc ⊙ g ⊙ i(1 − i);  δz_f = δc ⊙ c₋ ⊙ f(1 − f);
///           δz_g = δc ⊙ i ⊙ (1 − g²);  δzₒ = δh ⊙ tanh c ⊙ o(1 − o);  δc₋ = δc ⊙ f
/// Source    Hochreiter and Schmidhuber, Neural Computation 9 (1997); the forget gate of Gers, Schmidhuber, Cummins (2000)
/// Differs   from the 1997 cell in the forget gate, and in that gradients pass through all gates
/// </remarks>
internal sealed unsafe class LstmCell : SweptCell<LstmCell>, ICellSweeps
{
    public const string CellName = "lstm";

    public override string Name => CellName;

    public override int Gates => 4;

    public override string OnnxOperator => "LSTM";

    // i, o, f, c of ONNX; the cell's g is called c there.
    public override IReadOnlyList<int> OnnxGates => [0, 3, 1, 2];

    public override bool HasCellState => true;

    public static int Forward<TLanes, TVector>(in CellStep step, int start)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged
    {
        int units = step.Units, end = start + ((units - start) / TLanes.Count * TLanes.Count);
        float* bias = step.Bias;
        for (int row = 0; row < step.Rows; row++)
        {
            float* z = step.Gates + (row * step.GatesRow), product = step.Product + ((nint)row * 4 * units);
            float* before = step.CellBefore + (row * step.CellRow), cellState = step.CellState + (row * step.CellRow);
            float* output = step.Output + (row * step.OutputRow), next = step.Next == null ? null : step.Next + (row * step.NextRow);
            for (int j = start; j < end; j += TLanes.Count)
            {
                TVector i = LogisticSigmoidFloat.Apply<TLanes, TVector>(Sum<TLanes, TVector>(z, product, bias, j));
                TVector f = LogisticSigmoidFloat.Apply<TLanes, TVector>(Sum<TLanes, TVector>(z, product, bias, j + units));
                TVector g = HyperbolicTangentFloat.Apply<TLanes, TVector>(Sum<TLanes, TVector>(z, product, bias, j + (2 * units)));
                TVector o = LogisticSigmoidFloat.Apply<TLanes, TVector>(Sum<TLanes, TVector>(z, product, bias, j + (3 * units)));
                TVector c = TLanes.Fma(i, g, TLanes.Multiply(f, TLanes.Load(before + j)));
                TVector h = TLanes.Multiply(o, HyperbolicTangentFloat.Apply<TLanes, TVector>(c));
                TLanes.Store(z + j, i);
                TLanes.Store(z + j + units, f);
                TLanes.Store(z + j + (2 * units), g);
                TLanes.Store(z + j + (3 * units), o);
                TLanes.Store(cellState + j, c);
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
            float* before = step.CellBefore + (row * step.CellRow), cellState = step.CellState + (row * step.CellRow);
            float* returned = step.Returned == null ? null : step.Returned + ((nint)row * units), later = step.CellGradient + ((nint)row * units);
            for (int j = start; j < end; j += TLanes.Count)
            {
                TVector i = TLanes.Load(z + j), f = TLanes.Load(z + j + units);
                TVector g = TLanes.Load(z + j + (2 * units)), o = TLanes.Load(z + j + (3 * units));
                TVector squashed = HyperbolicTangentFloat.Apply<TLanes, TVector>(TLanes.Load(cellState + j));
                TVector dh = TLanes.Load(above + j);
                if (returned != null) dh = TLanes.Add(dh, TLanes.Load(returned + j));
                TVector slope = TLanes.Subtract(one, TLanes.Multiply(squashed, squashed));
                TVector dc = TLanes.Fma(TLanes.Multiply(dh, o), slope, TLanes.Load(later + j));
                TLanes.Store(later + j, TLanes.Multiply(dc, f));
                TLanes.Store(z + j, TLanes.Multiply(TLanes.Multiply(dc, g), Slope<TLanes, TVector>(i, one)));
                TLanes.Store(z + j + units, TLanes.Multiply(TLanes.Multiply(dc, TLanes.Load(before + j)), Slope<TLanes, TVector>(f, one)));
                TLanes.Store(z + j + (2 * units), TLanes.Multiply(TLanes.Multiply(dc, i), TLanes.Subtract(one, TLanes.Multiply(g, g))));
                TLanes.Store(z + j + (3 * units), TLanes.Multiply(TLanes.Multiply(dh, squashed), Slope<TLanes, TVector>(o, one)));
            }
        }
        return end;
    }

    private static TVector Sum<TLanes, TVector>(float* z, float* product, float* bias, int at)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged =>
        TLanes.Add(TLanes.Add(TLanes.Load(z + at), TLanes.Load(product + at)), TLanes.Load(bias + at));

    /// <summary>σ′ from σ.</summary>
    private static TVector Slope<TLanes, TVector>(TVector gate, TVector one)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged => TLanes.Multiply(gate, TLanes.Subtract(one, gate));
}
