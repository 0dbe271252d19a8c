using Cluster.Ml.Jobs;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Tests.Nn;

/// <summary>A network in plain double precision, slow and obvious: what the fast one is compared with.</summary>
internal sealed class ReferenceNetwork(int features, int classes, LayerSpec[] hidden, bool logistic = false)
{
    private readonly LayerSpec[] _layers = [.. hidden, new LayerSpec.Dense(logistic || classes == 0 ? 1 : classes, "none")];

    /// <summary>The loss of one example. Dropped units follow from the seed, the step and the example's number.</summary>
    public double Loss(ReadOnlySpan<double> parameters, ReadOnlySpan<float> row, double target, int exampleId, long step, ulong seed = 42)
    {
        double[] x = new double[features];
        for (int i = 0; i < features; i++) x[i] = row[i];
        int offset = 0, unit = 0, units = DroppedUnits();
        foreach (LayerSpec layer in _layers)
        {
            if (layer is LayerSpec.Dense dense)
            {
                x = Dense(parameters[offset..], x, dense.Units, dense.Activation, ref offset);
                continue;
            }
            double rate = ((LayerSpec.Dropout)layer).Rate;
            float[] u = new float[x.Length];
            Philox.FillUniform(u, seed, RandomPurpose.Dropout, step, ((long)exampleId * units) + unit);
            for (int i = 0; i < x.Length; i++) x[i] = u[i] < (float)rate ? 0 : x[i] / (1 - rate);
            unit += x.Length;
        }
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

    private static double[] Dense(ReadOnlySpan<double> parameters, double[] x, int outputs, string activation, ref int offset)
    {
        double[] y = new double[outputs];
        for (int j = 0; j < outputs; j++)
        {
            double z = parameters[(x.Length * outputs) + j];
            for (int i = 0; i < x.Length; i++) z += x[i] * parameters[(i * outputs) + j];
            y[j] = activation switch
            {
                "relu" => Math.Max(z, 0),
                "leaky-relu" => z < 0 ? 0.01 * z : z,
                "tanh" => Math.Tanh(z),
                "sigmoid" => 1 / (1 + Math.Exp(-z)),
                _ => z,
            };
        }
        offset += (x.Length + 1) * outputs;
        return y;
    }

    private int DroppedUnits()
    {
        (int width, int units) = (features, 0);
        foreach (LayerSpec layer in _layers)
        {
            if (layer is LayerSpec.Dense dense) width = dense.Units;
            else units += width;
        }
        return units;
    }
}
