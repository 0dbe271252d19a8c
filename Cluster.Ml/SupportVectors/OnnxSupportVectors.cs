using Cluster.Ml.Export.Onnx;

namespace Cluster.Ml.SupportVectors;

/// <summary>A support vector machine as operators in double precision.</summary>
/// <remarks>
/// Equation  decisions = K(X, V)·C − ρ, C[j, pair] the coefficient that vector j has in that pair; votes and scores as <see cref="PairVotes"/>
/// Shapes    X [rows, d], V [m, d], C [m, pairs] → decisions [rows, pairs]
/// Differs   from SVMClassifier and SVMRegressor of ai.onnx.ml, whose vectors, coefficients and ρ are single precision: rows near a margin would change
///           their class, and their scores are Platt's probabilities or raw decisions, neither of which `predict` gives
/// </remarks>
internal sealed class OnnxSupportVectors(SupportVectorLayout layout, SupportVectorOptions options, OnnxModel model)
{
    private readonly OnnxGraph _graph = model.Graph;
    private readonly PackedVectors _vectors = new(layout);

    /// <summary>Writes the outputs.</summary>
    public void Write(Span<double> state)
    {
        _vectors.Pack(state);
        string decisions = Decisions(state);
        if (layout.Classes == 0) model.OutputNumber(_graph.Reshape(decisions));
        else WriteVotes(state, decisions);
    }

    /// <summary>[rows, pairs]. Without support vectors a row of zeros stands for them, as an operator takes no empty matrix.</summary>
    private string Decisions(Span<double> state)
    {
        int count = Math.Max(1, _vectors.Count), columns = layout.Features;
        double[] vectors = new double[columns * count], coefficients = new double[count * layout.Pairs], rho = new double[layout.Pairs];
        for (int j = 0; j < _vectors.Count; j++)
            for (int f = 0; f < columns; f++) vectors[(f * count) + j] = _vectors.Rows[(j * columns) + f];
        for (int pair = 0; pair < layout.Pairs; pair++)
        {
            rho[pair] = new PairFacts(layout.Pair(state, pair)).Rho;
            (int first, int second) = layout.ClassesOf(pair);
            Take(first, layout.Classes == 0 ? 0 : second - 1, pair, coefficients);
            if (layout.Classes > 0) Take(second, first, pair, coefficients);
        }
        string kernel = KernelOf(vectors, count, new SupportVectorHeader(state).Gamma);
        string sums = _graph.Add("MatMul", [kernel, _graph.Constant(OnnxTensor.Of(coefficients, count, layout.Pairs))]);
        return _graph.Add("Sub", [sums, model.Vector(rho)]);
    }

    private void Take(int group, int slot, int pair, double[] coefficients)
    {
        for (int j = _vectors.Starts[group]; j < _vectors.Starts[group + 1]; j++) coefficients[(j * layout.Pairs) + pair] = _vectors.Coefficients(slot)[j];
    }

    private string KernelOf(double[] vectors, int count, double gamma)
    {
        string products = _graph.Add("MatMul", [model.Rows, _graph.Constant(OnnxTensor.Of(vectors, layout.Features, count))]);
        return options.Kernel switch
        {
            SupportVectorOptions.Rbf => Rbf(products, vectors, count, gamma),
            SupportVectorOptions.Polynomial => _graph.Add("Pow", [Shifted(products, gamma), Number(options.Degree)]),
            SupportVectorOptions.Sigmoid => Tangent(Shifted(products, gamma)),
            _ => products,
        };
    }

    /// <summary>e^(−γ·max(0, ‖x‖² + ‖v‖² − 2·x·v)).</summary>
    private string Rbf(string products, double[] vectors, int count, double gamma)
    {
        double[] norms = new double[count];
        for (int i = 0; i < vectors.Length; i++) norms[i % count] += vectors[i] * vectors[i];
        string own = _graph.SumLast(_graph.Add("Mul", [model.Rows, model.Rows]), keep: true);
        string both = _graph.Add("Add", [own, model.Vector(norms)]);
        string squared = _graph.Add("Sub", [both, _graph.Add("Mul", [products, Number(2)])]);
        return _graph.Add("Exp", [_graph.Add("Mul", [_graph.Add("Max", [squared, Number(0)]), Number(-gamma)])]);
    }

    private string Shifted(string products, double gamma) => _graph.Add("Add", [_graph.Add("Mul", [products, Number(gamma)]), Number(options.Coefficient)]);

    /// <summary>tanh x = 2σ(2x) − 1, as here.</summary>
    private string Tangent(string value) =>
        _graph.Add("Sub", [_graph.Add("Mul", [_graph.Add("Sigmoid", [_graph.Add("Mul", [value, Number(2)])]), Number(2)]), Number(1)]);

    /// <summary>
    /// What a pair gives its first class goes through a matrix, and the rest to its second; a pair of which a class has no training rows gives the
    /// same whatever the row.
    /// </summary>
    private void WriteVotes(Span<double> state, string decisions)
    {
        int classes = layout.Classes;
        double[] differences = new double[layout.Pairs * classes], votes = new double[classes], scores = new double[classes];
        Span<double> starts = layout.Starts(state);
        for (int pair = 0; pair < layout.Pairs; pair++)
        {
            (int first, int second) = layout.ClassesOf(pair);
            bool hasFirst = starts[first] < starts[first + 1], hasSecond = starts[second] < starts[second + 1];
            if (hasFirst && hasSecond)
            {
                (differences[(pair * classes) + first], differences[(pair * classes) + second]) = (1, -1);
                votes[second]++;
                scores[second]++;
                continue;
            }
            double share = hasFirst ? 1 : hasSecond ? 0 : 0.5;
            (scores[first], scores[second]) = (scores[first] + share, scores[second] + (1 - share));
            if (hasFirst) votes[first]++;
            else if (hasSecond) votes[second]++;
        }
        string matrix = _graph.Constant(OnnxTensor.Of(differences, layout.Pairs, classes));
        string won = _graph.Cast(_graph.Add("Greater", [decisions, Number(0)]), OnnxType.Double);
        string counted = _graph.Add("Add", [_graph.Add("MatMul", [won, matrix]), model.Vector(votes)]);
        string summed = _graph.Add("Add", [_graph.Add("MatMul", [_graph.Add("Sigmoid", [decisions]), matrix]), model.Vector(scores)]);
        model.OutputClass(model.IndexOfMost(counted), _graph.Add("Mul", [summed, Number(2.0 / (classes * (classes - 1)))]));
    }

    private string Number(double value) => _graph.Constant(OnnxTensor.Of([value]));
}
