using System.Text.Json;
using Cluster.Ml.Data;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Export.Onnx;

/// <summary>A graph of operators, which ONNX Runtime and others compute: preprocessing, the model, and names of classes.</summary>
/// <remarks>
/// Layout    a ModelProto; its metadata holds the kind, the job, the model's SHA-256 and, as JSON, the names of columns and classes
/// Range     models of at most <see cref="StateBytesMax"/> bytes
/// Determinism  equal models give equal files
/// Source    Open Neural Network Exchange, onnx.proto and "Operator Schemas"
/// </remarks>
internal sealed class OnnxFormat : ExportFormat
{
    /// <summary>What fits a message of Protocol Buffers with room for the rest, as it is copied once into it.</summary>
    public const long StateBytesMax = 1L << 30;

    public override string Name => "onnx";

    public override string Meaning => "a graph of operators with the preprocessing in it, for ONNX Runtime and others";

    public override IReadOnlyList<ExportedPart> Write(string path, SavedModel saved, ExportOptions options)
    {
        OnnxModel model = ModelOf(path, saved, options);
        ReadOnlyMemory<byte> file = model.Graph.ToFile(saved.Spec.Learner.Name, Metadata(saved, model));
        AtomicFile.Write(path, stream => stream.Write(file.Span));
        return model.Graph.Parts;
    }

    private OnnxModel ModelOf(string path, SavedModel saved, ExportOptions options)
    {
        if (saved.Spec.Form.Refuses(Capability.Onnx) is { } refusal)
            throw new BadInputException(path, null, null, $"a model that can be written as {Name}", $"one {refusal.Because}", refusal.Advice);
        if (saved.Model.State.Bytes.Length > StateBytesMax)
            throw new BadInputException(path, null, null, $"a model of at most {StateBytesMax} bytes", $"{saved.Model.State.Bytes.Length}", "export npz or safetensors");
        if (options.Columns && saved.Preprocessing.FeatureNames.FirstOrDefault(OnnxModel.Outputs.Contains) is { } taken)
            throw new BadInputException(path, null, null, "columns with other names than outputs have", taken, "leave --columns out");
        ILearner learner = saved.CreateLearner();
        if (learner is not IOnnxSource source)
            throw new InvalidOperationException($"OnnxFormat: wanted an {nameof(IOnnxSource)} of {saved.Spec.Learner.Name}, whose form says that it is one.");
        OnnxModel model = new(saved.Preprocessing, learner.Numbers, options.Columns);
        source.WriteOnnx(model, saved.Model.State);
        return model;
    }

    private static IEnumerable<KeyValuePair<string, string>> Metadata(SavedModel saved, OnnxModel model)
    {
        yield return new("kind", saved.Spec.Learner.Name);
        yield return new("job", saved.Spec.Name);
        yield return new("model_sha256", saved.Model.Sha256);
        yield return new("feature_names", Json(saved.Preprocessing.FeatureNames));
        if (saved.Preprocessing.TargetName is { } target) yield return new("target_name", target);
        if (saved.Preprocessing.Classes.Count > 0) yield return new("classes", Json(saved.Preprocessing.Classes));
        foreach ((string output, IReadOnlyList<string> names) in model.Columns) yield return new($"{output}_names", Json(names));
    }

    private static string Json(IReadOnlyList<string> names) => JsonSerializer.Serialize([.. names], NamesJson.Default.StringArray);
}
