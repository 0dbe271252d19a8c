namespace Cluster.Ml.Export.Onnx;

/// <summary>A setting of an operator.</summary>
/// <remarks>Source  onnx.proto, message AttributeProto: the field of the value, and the number of its type</remarks>
internal sealed class OnnxAttribute
{
    private const int NameField = 1, FloatField = 2, WholeField = 3, TextField = 4, TensorField = 5, WholesField = 8, TextsField = 9, TypeField = 20;
    private const int FloatType = 1, WholeType = 2, TextType = 3, TensorType = 4, WholesType = 7, TextsType = 8;

    private OnnxAttribute(string name, int type, Action<ProtobufWriter> write)
    {
        Message = new ProtobufWriter();
        Message.Text(NameField, name);
        write(Message);
        Message.Whole(TypeField, type);
    }

    /// <summary>As a graph holds it.</summary>
    public ProtobufWriter Message { get; }

    public static OnnxAttribute Of(string name, long value) => new(name, WholeType, message => message.Whole(WholeField, value));

    public static OnnxAttribute Of(string name, float value) => new(name, FloatType, message => message.Float(FloatField, value));

    public static OnnxAttribute Of(string name, string value) => new(name, TextType, message => message.Text(TextField, value));

    public static OnnxAttribute Of(string name, OnnxTensor value) => new(name, TensorType, message => message.Message(TensorField, value.ToMessage(name)));

    public static OnnxAttribute Of(string name, IEnumerable<long> values) => new(name, WholesType, message =>
    {
        foreach (long value in values) message.Whole(WholesField, value);
    });

    public static OnnxAttribute Of(string name, IEnumerable<string> values) => new(name, TextsType, message =>
    {
        foreach (string value in values) message.Text(TextsField, value);
    });
}
