using System.Runtime.Intrinsics;
using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Nn.Activations;
using Cluster.Ml.Numerics;
using Cluster.Ml.Numerics.Functions;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Nn.Losses;

/// <summary>Binary cross-entropy between a row and the logistic function of the outputs, summed over the row.</summary>
/// <remarks>
/// Equation  ℓ(z, x) = Σⱼ max(zⱼ, 0) − zⱼ·xⱼ + log(1 + e^(−|zⱼ|))
/// Shapes    outputs [n], row [n] of numbers in [0, 1]
/// Units     nats
/// Gradient  ∂ℓ/∂zⱼ = σ(zⱼ) − xⱼ
/// Range     finite for all finite z; the same bits at every vector width
/// Source    Kingma and Welling, "Auto-Encoding Variational Bayes", ICLR 2014, appendix C.1
/// </remarks>
internal sealed unsafe class BernoulliReconstruction : Loss
{
    public static readonly Likelihood Declared = new("bernoulli", "rows of numbers from 0 to 1", () => new BernoulliReconstruction(), Sigmoid.Declared);

    private const int PartNumbers = 1024;

    public override bool Classifies => false;

    public override double Row(ReadOnlySpan<float> outputs, in Target target, Span<float> gradient) =>
        Row(outputs, target.Row, gradient, LaneWidths.Widest);

    /// <summary>The loss of the row itself.</summary>
    public override bool WriteOnnx(OnnxModel model, string outputs)
    {
        OnnxGraph graph = model.Graph;
        string row = graph.Cast(model.Rows, OnnxType.Double), one = model.Vector([1]);
        string known = graph.Add("Sub", [graph.Add("Relu", [outputs]), graph.Add("Mul", [outputs, row])]);
        string rest = graph.Add("Log", [graph.Add("Add", [graph.Add("Exp", [graph.Add("Neg", [graph.Add("Abs", [outputs])])]), one])]);
        model.OutputNumber(graph.SumLast(graph.Add("Add", [known, rest])));
        model.OutputVector(OnnxModel.Reconstruction, model.Unscaled(graph.Add("Sigmoid", [outputs])), model.FeatureNames);
        return true;
    }

    public override double Predict(ReadOnlySpan<float> outputs, Span<double> scores) => outputs[0];

    internal static double Row(ReadOnlySpan<float> outputs, ReadOnlySpan<float> row, Span<float> gradient, LaneWidth width)
    {
        float* costs = stackalloc float[PartNumbers];
        double sum = 0;
        fixed (float* z = outputs, x = row, g = gradient)
            for (int first = 0; first < outputs.Length; first += PartNumbers)
            {
                int count = Math.Min(PartNumbers, outputs.Length - first);
                float* slope = g == null ? null : g + first;
                int done = width switch
                {
                    LaneWidth.Bits512 => Sweep<Lanes512<float>, Vector512<float>>(z + first, x + first, slope, costs, 0, count),
                    LaneWidth.Bits256 => Sweep<Lanes256<float>, Vector256<float>>(z + first, x + first, slope, costs, 0, count),
                    LaneWidth.Bits128 => Sweep<Lanes128<float>, Vector128<float>>(z + first, x + first, slope, costs, 0, count),
                    _ => 0,
                };
                Sweep<Lanes1<float>, float>(z + first, x + first, slope, costs, done, count);
                sum += Reductions.Sum(new ReadOnlySpan<float>(costs, count));
            }
        return sum;
    }

    private static int Sweep<TLanes, TVector>(float* z, float* x, float* gradient, float* costs, int start, int end)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged
    {
        TVector zero = TLanes.Broadcast(0f), one = TLanes.Broadcast(1f), sign = TLanes.Bits(0x8000_0000);
        int i = start;
        for (; i <= end - TLanes.Count; i += TLanes.Count)
        {
            TVector logit = TLanes.Load(z + i), wanted = TLanes.Load(x + i), negative = TLanes.LessThan(logit, zero);
            TVector t = ExponentialFloat.Apply<TLanes, TVector>(TLanes.Or(logit, sign)), whole = TLanes.Add(one, t);
            TVector above = TLanes.Select(negative, zero, logit);
            TVector cost = TLanes.Fma(TLanes.Xor(logit, sign), wanted, TLanes.Add(above, LogarithmFloat.Apply<TLanes, TVector>(whole)));
            TLanes.Store(costs + i, cost);
            if (gradient != null)
                TLanes.Store(gradient + i, TLanes.Subtract(TLanes.Divide(TLanes.Select(negative, t, one), whole), wanted));
        }
        return i;
    }
}
