using Cluster.Ml.Jobs;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Tests.Nn;

/// <summary>A network in plain double precision, slow and obvious: what the fast one is compared with.</summary>
internal sealed class ReferenceNetwork(int features, int classes, LayerSpec[] hidden, bool logistic = false)
{
    private readonly LayerSpec[] _layers = [.. hidden, new DenseOptions(logistic || classes == 0 ? 1 : classes, "none")];

    /// <summary>The loss of one example. Dropped units follow from the seed, the step and the example's number.</summary>
    public double Loss(ReadOnlySpan<double> parameters, ReadOnlySpan<float> row, double target, int exampleId, long step, ulong seed = 42)
    {
        double[] x = new double[features];
        for (int i = 0; i < features; i++) x[i] = row[i];
        Walk walk = new(parameters.ToArray(), exampleId, step, seed, DroppedUnits(_layers, x));
        x = walk.Through(_layers, x);
        if (classes == 0) return (x[0] - target) * (x[0] - target);
        if (logistic) return Math.Log(1 + Math.Exp(target == 1 ? -x[0] : x[0]));
        double max = x.Max();
        return max + Math.Log(x.Sum(z => Math.Exp(z - max))) - x[(int)target];
    }

    /// <summary>Σ over examples of the gradient, by central differences.</summary>
    public double[] Gradient(ReadOnlySpan<float> parameters, Func<double[], double> sumOfLosses)
    {
        double[] w = new double[parameters.Length], gradient = new double[parameters.Length];
        for (int i = 0; i < w.Length; i++) w[i] = parameters[i];
        const double h = 1e-5;
        for (int i = 0; i < w.Length; i++)
        {
            double at = w[i];
            w[i] = at + h;
            double up = sumOfLosses(w);
            w[i] = at - h;
            gradient[i] = (up - sumOfLosses(w)) / (2 * h);
            w[i] = at;
        }
        return gradient;
    }

    // Counted by a walk with parameters of zero: units depend on widths alone.
    private static int DroppedUnits(IReadOnlyList<LayerSpec> layers, double[] input)
    {
        Walk count = new(new double[1 << 16], 0, 0, 42, 1 << 16);
        count.Through(layers, input);
        return count.Units;
    }

    /// <summary>One example on its way through the layers.</summary>
    private sealed class Walk(double[] parameters, int exampleId, long step, ulong seed, int unitsInAll)
    {
        private readonly Dictionary<string, (double[] Output, int Offset)> _named = [];
        private int _offset;

        public int Units { get; private set; }

        public double[] Through(IReadOnlyList<LayerSpec> layers, double[] x)
        {
            foreach (LayerSpec layer in layers)
            {
                double[] input = layer.From is { } from ? _named[from].Output : x;
                int offset = _offset;
                x = layer switch
                {
                    DenseOptions dense => Dense(dense, input, ref offset),
                    DropoutOptions dropout => Drop(dropout.Rate, input),
                    JoinOptions join => Join(join, input),
                    _ => throw new InvalidOperationException($"{layer}"),
                };
                if (layer.Name is { } name) _named[name] = (x, offset);
            }
            return x;
        }

        private double[] Dense(DenseOptions dense, double[] x, ref int offset)
        {
            if (dense.Share is { } name)
                offset = _named[name].Offset;
            else
                _offset += (x.Length + 1) * dense.Units;
            double[] y = new double[dense.Units];
            for (int j = 0; j < y.Length; j++)
            {
                double z = parameters[offset + (x.Length * y.Length) + j];
                for (int i = 0; i < x.Length; i++) z += x[i] * parameters[offset + (i * y.Length) + j];
                y[j] = dense.Activation switch
                {
                    "relu" => Math.Max(z, 0),
                    "leaky-relu" => z < 0 ? 0.01 * z : z,
                    "tanh" => Math.Tanh(z),
                    "sigmoid" => 1 / (1 + Math.Exp(-z)),
                    _ => z,
                };
            }
            return y;
        }

        private double[] Drop(double rate, double[] x)
        {
            float[] u = new float[x.Length];
            Philox.FillUniform(u, seed, RandomPurpose.Dropout, step, ((long)exampleId * unitsInAll) + Units);
            Units += x.Length;
            return [.. x.Select((value, i) => u[i] < (float)rate ? 0 : value / (1 - rate))];
        }

        private double[] Join(JoinOptions join, double[] x)
        {
            double[][] parts = [.. join.Branches.Select(branch => Through(branch.Layers, branch.Source is { } name ? _named[name].Output : x))];
            return join is SumOptions ? [.. parts[0].Select((_, i) => parts.Sum(part => part[i]))] : [.. parts.SelectMany(part => part)];
        }
    }
}
