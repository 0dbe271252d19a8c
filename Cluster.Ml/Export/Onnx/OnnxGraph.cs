using System.Globalization;

namespace Cluster.Ml.Export.Onnx;

/// <summary>Operators one after another, from named inputs to named outputs.</summary>
/// <remarks>
/// Shapes  the first axis of every input and output is the rows, any number of them
/// Range   operator set 17, of ai.onnx.ml version 3; intermediate representation 8
/// Source  onnx.proto, messages ModelProto, GraphProto, NodeProto and ValueInfoProto
/// </remarks>
internal sealed class OnnxGraph
{
    /// <summary>What the axis of rows is called.</summary>
    public const string RowsAxis = "rows";

    private const string Trees = "ai.onnx.ml";
    private const int RepresentationVersion = 8, OperatorVersion = 17, TreeVersion = 3;

    private readonly ProtobufWriter _graph = new();
    private readonly List<ProtobufWriter> _constants = [], _inputs = [], _outputs = [];
    private readonly List<ExportedPart> _parts = [];
    private int _values;

    /// <summary>Inputs and outputs.</summary>
    public IReadOnlyList<ExportedPart> Parts => _parts;

    /// <summary>An input of some columns, or of one number a row.</summary>
    public string Input(string name, OnnxType type, params ReadOnlySpan<long> columns)
    {
        _inputs.Add(Value(name, type, columns));
        _parts.Add(Part("input", name, type, columns));
        return name;
    }

    /// <summary>An output of some columns, or of one number a row, that has the value of another name.</summary>
    public void Output(string name, string value, OnnxType type, params ReadOnlySpan<long> columns)
    {
        Node("Identity", "", [value], [name], []);
        _outputs.Add(Value(name, type, columns));
        _parts.Add(Part("output", name, type, columns));
    }

    /// <summary>Numbers or texts that the graph holds.</summary>
    public string Constant(OnnxTensor tensor)
    {
        string name = Next("constant");
        _constants.Add(tensor.ToMessage(name));
        return name;
    }

    /// <summary>Whole numbers in a row: axes, a shape.</summary>
    public string Wholes(params long[] values) => Constant(OnnxTensor.Of(values, values.Length));

    /// <summary>An operator with one output.</summary>
    public string Add(string operation, IReadOnlyList<string> inputs, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        string output = Next(operation.ToLowerInvariant());
        Node(operation, "", inputs, [output], attributes);
        return output;
    }

    /// <summary>An operator of which one of several outputs is wanted.</summary>
    public string AddOne(string operation, int output, IReadOnlyList<string> inputs, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        string name = Next(operation.ToLowerInvariant());
        Node(operation, "", inputs, [.. Enumerable.Repeat("", output), name], attributes);
        return name;
    }

    /// <summary>An operator of ai.onnx.ml.</summary>
    public string AddTrees(string operation, IReadOnlyList<string> inputs, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        string output = Next("trees");
        Node(operation, Trees, inputs, [output], attributes);
        return output;
    }

    /// <summary>The same numbers in another type.</summary>
    public string Cast(string value, OnnxType type) => Add("Cast", [value], OnnxAttribute.Of("to", (long)type));

    /// <summary>The same numbers in another shape behind the rows.</summary>
    public string Reshape(string value, params ReadOnlySpan<long> columns) => Add("Reshape", [value, Wholes([-1, .. columns])]);

    /// <summary>Σ over the last axis.</summary>
    public string SumLast(string value, bool keep = false) => Add("ReduceSum", [value, Wholes(-1)], OnnxAttribute.Of("keepdims", keep ? 1 : 0));

    /// <summary>As a file holds it.</summary>
    /// <param name="name">What the graph is called.</param>
    /// <param name="metadata">What is said of the model beside it.</param>
    public ReadOnlyMemory<byte> ToFile(string name, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        const int graphName = 2, constant = 5, input = 11, output = 12;
        _graph.Text(graphName, name);
        foreach (ProtobufWriter tensor in _constants) _graph.Message(constant, tensor);
        foreach (ProtobufWriter value in _inputs) _graph.Message(input, value);
        foreach (ProtobufWriter value in _outputs) _graph.Message(output, value);

        const int representation = 1, producer = 2, graph = 7, operators = 8, property = 14;
        ProtobufWriter model = new();
        model.Whole(representation, RepresentationVersion);
        model.Text(producer, "Cluster");
        model.Message(graph, _graph);
        model.Message(operators, Operators("", OperatorVersion));
        model.Message(operators, Operators(Trees, TreeVersion));
        foreach ((string key, string value) in metadata)
        {
            ProtobufWriter pair = new();
            pair.Text(1, key);
            pair.Text(2, value);
            model.Message(property, pair);
        }
        return model.Written;
    }

    private void Node(string operation, string domain, IReadOnlyList<string> inputs, IReadOnlyList<string> outputs, ReadOnlySpan<OnnxAttribute> attributes)
    {
        const int node = 1, input = 1, output = 2, name = 3, type = 4, attribute = 5, domainName = 7;
        ProtobufWriter message = new();
        foreach (string value in inputs) message.Text(input, value);
        foreach (string value in outputs) message.Text(output, value);
        message.Text(name, Next("node"));
        message.Text(type, operation);
        foreach (OnnxAttribute setting in attributes) message.Message(attribute, setting.Message);
        message.Text(domainName, domain);
        _graph.Message(node, message);
    }

    private string Next(string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}_{_values++}");

    private static ExportedPart Part(string role, string name, OnnxType type, ReadOnlySpan<long> columns) =>
        new(role, name, type == OnnxType.Text ? "string" : type.ToString().ToLowerInvariant(), string.Join(" x ", [RowsAxis, .. columns.ToArray().Select(size => $"{size}")]));

    private static ProtobufWriter Operators(string domain, int version)
    {
        ProtobufWriter message = new();
        message.Text(1, domain);
        message.Whole(2, version);
        return message;
    }

    private static ProtobufWriter Value(string name, OnnxType type, ReadOnlySpan<long> columns)
    {
        ProtobufWriter rows = new(), shape = new(), tensor = new(), typed = new(), value = new();
        rows.Text(2, RowsAxis);
        shape.Message(1, rows);
        foreach (long size in columns)
        {
            ProtobufWriter axis = new();
            axis.Whole(1, size);
            shape.Message(1, axis);
        }
        tensor.Whole(1, (long)type);
        tensor.Message(2, shape);
        typed.Message(1, tensor);
        value.Text(1, name);
        value.Message(2, typed);
        return value;
    }
}
