using System.Globalization;
using Cluster.Ml.Data;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Export.Onnx;

/// <summary>A graph with the model's own inputs and outputs: rows as the source has them go in, and what `predict` says of them comes out.</summary>
/// <remarks>
/// Shapes    in: features [rows, p] in double precision (images in single precision, which holds every byte), or each column [rows, 1] by its name;
///           out: prediction [rows], and as the kind has them probabilities [rows, classes], memberships [rows, k] or coordinates [rows, k]
/// Equation  as <see cref="Scaler"/>: (x − offset) / divisor in double precision, then rounded to the learner's element type
/// </remarks>
internal sealed class OnnxModel(Preprocessing preprocessing, NumberKind numbers, bool columns)
{
    /// <summary>Names of inputs and outputs.</summary>
    public const string Features = "features", Prediction = "prediction", Probabilities = "probabilities", Memberships = "memberships", Coordinates = "coordinates",
        Reconstruction = "reconstruction", Codes = "codes";

    /// <summary>All of the outputs' names.</summary>
    public static readonly IReadOnlyList<string> Outputs = [Prediction, Probabilities, Memberships, Coordinates, Reconstruction];

    private string? _rows;

    /// <summary>The operators.</summary>
    public OnnxGraph Graph { get; } = new();

    /// <summary>Names of the outputs' columns, by output.</summary>
    public SortedDictionary<string, IReadOnlyList<string>> Columns { get; } = new(StringComparer.Ordinal);

    /// <summary>Scaled rows, [rows, p], in the learner's element type.</summary>
    public string Rows => _rows ??= ReadRows();

    private int Width => preprocessing.FeatureNames.Count;

    /// <summary>A number of double precision a row, [rows].</summary>
    public void OutputNumber(string value) => Graph.Output(Prediction, value, OnnxType.Double);

    /// <summary>The number of a cluster, int64 [rows].</summary>
    public void OutputCluster(string index) => Graph.Output(Prediction, index, OnnxType.Int64);

    /// <summary>A class by its name: a whole number if all names are such ones, else a text.</summary>
    /// <param name="index">int64 [rows].</param>
    /// <param name="probabilities">In double precision, [rows, classes].</param>
    public void OutputClass(string index, string probabilities)
    {
        IReadOnlyList<string> classes = preprocessing.Classes;
        long[] wholes = [.. classes.Select(WholeOf).OfType<long>()];
        bool areWhole = wholes.Length == classes.Count;
        string names = Graph.Constant(areWhole ? OnnxTensor.Of(wholes, wholes.Length) : OnnxTensor.Of(classes));
        Graph.Output(Prediction, Graph.Add("Gather", [names, index]), areWhole ? OnnxType.Int64 : OnnxType.Text);
        OutputVector(Probabilities, probabilities, classes);
    }

    /// <summary>Numbers in double precision, [rows, names].</summary>
    public void OutputVector(string name, string value, IReadOnlyList<string> names)
    {
        Graph.Output(name, value, OnnxType.Double, names.Count);
        Columns[name] = names;
    }

    /// <summary>The first of the largest numbers of a row, int64 [rows].</summary>
    public string IndexOfMost(string value) => Graph.Add("ArgMax", [value], OnnxAttribute.Of("axis", 1), OnnxAttribute.Of("keepdims", 0));

    /// <summary>Of two classes: the second where z is above 0. Writes both probabilities.</summary>
    /// <param name="z">Log-odds in double precision, [rows, 1].</param>
    public void OutputLogOdds(string z) => OutputClass(
        Above(z), Graph.Add("Concat", [Graph.Add("Sigmoid", [Graph.Add("Neg", [z])]), Graph.Add("Sigmoid", [z])], OnnxAttribute.Of("axis", 1)));

    /// <summary>1 where a number is above 0, else 0; int64 [rows] of [rows, 1].</summary>
    public string Above(string z) => Graph.Reshape(Graph.Cast(Graph.Add("Greater", [z, Graph.Constant(OnnxTensor.Of([0.0]))]), OnnxType.Int64));

    /// <summary>m + log Σ exp(x − m) over the last axis, m the largest; [rows, 1] of [rows, n] in double precision.</summary>
    public string LogSumOfExponentials(string value)
    {
        string most = Graph.Add("ReduceMax", [value], OnnxAttribute.Of("axes", [-1]), OnnxAttribute.Of("keepdims", 1));
        string sum = Graph.SumLast(Graph.Add("Exp", [Graph.Add("Sub", [value, most])]), keep: true);
        return Graph.Add("Add", [most, Graph.Add("Log", [sum])]);
    }

    /// <summary>Numbers of scaled rows in units of the source's columns, in double precision, [rows, p].</summary>
    public string Unscaled(string rows)
    {
        (double[] offsets, double[] divisors) = Scaling();
        return Graph.Add("Add", [Graph.Add("Mul", [rows, Graph.Constant(OnnxTensor.Of(divisors, Width))]), Graph.Constant(OnnxTensor.Of(offsets, Width))]);
    }

    /// <summary>Numbers in a row, [values].</summary>
    public string Vector(ReadOnlySpan<double> values) => Graph.Constant(OnnxTensor.Of(values, values.Length));

    /// <summary>The rows of a source's columns, output by output.</summary>
    public IReadOnlyList<string> FeatureNames => preprocessing.FeatureNames;

    private string ReadRows()
    {
        OnnxType type = preprocessing.Image is not null ? OnnxType.Float : OnnxType.Double;
        string rows = columns
            ? Graph.Add("Concat", [.. preprocessing.FeatureNames.Select(name => Graph.Input(name, type, 1))], OnnxAttribute.Of("axis", 1))
            : Graph.Input(Features, type, Width);
        if (type == OnnxType.Float) rows = Graph.Cast(rows, OnnxType.Double);
        (double[] offsets, double[] divisors) = Scaling();
        if (preprocessing.Scaler.Offsets.Count > 0) rows = Graph.Add("Sub", [rows, Vector(offsets)]);
        if (preprocessing.Scaler.Divisors.Count > 0) rows = Graph.Add("Div", [rows, Vector(divisors)]);
        return numbers == NumberKind.Float32 ? Graph.Cast(rows, OnnxType.Float) : rows;
    }

    private (double[] Offsets, double[] Divisors) Scaling() => (
        [.. Enumerable.Range(0, Width).Select(preprocessing.Scaler.OffsetOf)], [.. Enumerable.Range(0, Width).Select(preprocessing.Scaler.DivisorOf)]);

    private static long? WholeOf(string name) =>
        NumberText.TryRead(name, out long whole) && whole.ToString(CultureInfo.InvariantCulture) == name ? whole : null;
}
