using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli;
using Cluster.Ml.Data;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.Serving;

/// <summary>Requests and answers of the Open Inference Protocol, version 2, in JSON.</summary>
/// <remarks>
/// Inputs   features [rows, columns], or each column by its name, [rows] or [rows, 1]; any numeric datatype, read in double precision
/// Outputs  prediction [rows]: BYTES of a class, INT64 of a cluster, else FP64; probabilities, memberships or coordinates FP64 [rows, k]
/// Source   "Open Inference Protocol", REST, version 2 (KServe)
/// </remarks>
internal static class InferenceProtocol
{
    private const string Features = "features", Prediction = "prediction";
    private static readonly string[] s_numeric = ["FP64", "FP32", "FP16", "INT64", "INT32", "INT16", "INT8", "UINT64", "UINT32", "UINT16", "UINT8"];

    /// <summary>What a model is given and gives.</summary>
    public static JsonObject Describe(ServedModel model, IEnumerable<int> versions) => new()
    {
        ["name"] = model.Name,
        ["versions"] = new JsonArray([.. versions.Select(version => (JsonNode)version.ToString(CultureInfo.InvariantCulture))]),
        ["platform"] = "cluster",
        ["inputs"] = new JsonArray(Tensor(Features, "FP64", model.Columns)),
        ["outputs"] = new JsonArray([.. Outputs(model).Select(output => (JsonNode)output)]),
        ["parameters"] = new JsonObject
        {
            ["kind"] = model.Saved.Spec.Model.Kind,
            ["model_sha256"] = model.Saved.Model.Sha256,
            ["columns"] = Texts(model.Preprocessing.FeatureNames),
            ["classes"] = Texts(model.Form.Classes),
        },
    };

    /// <summary>Reads the rows of a request.</summary>
    public static ReadRows Read(JsonElement body, ServedModel model, int rowsMax)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("inputs", out JsonElement inputs) || inputs.ValueKind != JsonValueKind.Array)
            throw RowReader.Bad("body: wanted the key 'inputs' with an array of tensors, got none.");
        NamedInput[] tensors = [.. inputs.EnumerateArray().Select((input, place) => ReadInput(input, $"inputs[{place}]"))];
        if (tensors.Length == 0) throw RowReader.Bad("inputs: wanted at least one tensor, got none.");
        int count = tensors[0].Rows;
        RowReader.RequireCount(count, rowsMax);
        double[] values = tensors is [{ Name: Features } only] && model.ColumnOf(Features) < 0 ? Whole(only, model) : ByColumns(tensors, count, model);
        return new ReadRows(RequestRows.Scale(RowReader.Source, values, model.Preprocessing, model.Numbers), count);
    }

    /// <summary>The names of the outputs that a request wants; null for all.</summary>
    public static HashSet<string>? Wanted(JsonElement body, ServedModel model)
    {
        if (!body.TryGetProperty("outputs", out JsonElement outputs)) return null;
        if (outputs.ValueKind != JsonValueKind.Array) throw RowReader.Bad($"outputs: wanted an array, got {RowReader.Kind(outputs)}.");
        string[] known = [.. Outputs(model).Select(output => output["name"]!.GetValue<string>())];
        HashSet<string> wanted = new(StringComparer.Ordinal);
        foreach (JsonElement output in outputs.EnumerateArray())
        {
            string name = Text(output, "name", "outputs");
            if (!known.Contains(name)) throw RowReader.Unprocessable($"outputs: wanted {string.Join(" or ", known)}, got '{VisibleText.InLine(name)}'.");
            wanted.Add(name);
        }
        return wanted.Count == 0 ? null : wanted;
    }

    /// <summary>The answer to a request.</summary>
    /// <param name="answers">What the model says.</param>
    /// <param name="id">The request's own; null if it has none.</param>
    /// <param name="wanted">Of <see cref="Wanted"/>.</param>
    public static JsonObject Answer(RowAnswers answers, string? id, HashSet<string>? wanted)
    {
        ServedModel model = answers.Model;
        JsonArray outputs = [];
        foreach (JsonObject output in Outputs(model))
        {
            string name = output["name"]!.GetValue<string>();
            if (wanted is not null && !wanted.Contains(name)) continue;
            output["shape"] = name == Prediction ? new JsonArray(answers.Count) : new JsonArray(answers.Count, model.Form.Width);
            output["data"] = name == Prediction ? Predicted(answers) : new JsonArray([.. answers.Scores.Select(score => (JsonNode?)ResultJson.Number(score))]);
            outputs.Add(output);
        }
        JsonObject answer = new() { ["model_name"] = model.Name, ["model_version"] = model.VersionText, ["outputs"] = outputs };
        if (id is not null) answer["id"] = id;
        return answer;
    }

    private static JsonArray Predicted(RowAnswers answers) => new([.. answers.Predictions.Select(prediction => (JsonNode?)(
        answers.Model.Form.Classifies ? JsonValue.Create(answers.Model.Form.TextOf(prediction))
        : IsCluster(answers.Model) ? JsonValue.Create((long)prediction)
        : ResultJson.Number(prediction)))]);

    private static IEnumerable<JsonObject> Outputs(ServedModel model)
    {
        RowForm form = model.Form;
        yield return Tensor(Prediction, form.Classifies ? "BYTES" : IsCluster(model) ? "INT64" : "FP64");
        if (form.Width > 0) yield return Tensor(form.GivesVectors ? "coordinates" : form.Classifies ? "probabilities" : "memberships", "FP64", form.Width);
    }

    private static bool IsCluster(ServedModel model) =>
        LearnerRegistry.Of(model.Saved.Spec.Model.Kind).OutputOf(model.Saved.Spec.Model.Options) == OutputForm.Cluster;

    private static JsonObject Tensor(string name, string type, params int[] columns) => new()
    {
        ["name"] = name,
        ["datatype"] = type,
        ["shape"] = new JsonArray([-1, .. columns.Select(size => (JsonNode)size)]),
    };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private static NamedInput ReadInput(JsonElement input, string place)
    {
        string name = Text(input, "name", place), type = Text(input, "datatype", place);
        if (!s_numeric.Contains(type)) throw RowReader.Unprocessable($"{place}.datatype: wanted one of {string.Join(", ", s_numeric)}, got '{VisibleText.InLine(type)}'.");
        if (!input.TryGetProperty("shape", out JsonElement sizes) || sizes.ValueKind != JsonValueKind.Array || sizes.GetArrayLength() is < 1 or > 2
            || !sizes.EnumerateArray().All(size => size.ValueKind == JsonValueKind.Number && size.TryGetInt32(out int whole) && whole >= 0))
            throw RowReader.Bad($"{place}.shape: wanted [rows] or [rows, columns], got another.");
        int[] shape = [.. sizes.EnumerateArray().Select(size => size.GetInt32())];
        long wanted = shape.Aggregate(1L, (product, size) => product * size);
        if (!input.TryGetProperty("data", out JsonElement data) || data.ValueKind != JsonValueKind.Array) throw RowReader.Bad($"{place}.data: wanted an array of numbers, got none.");
        List<double> values = [];
        Flatten(data, values, wanted, $"{place}.data");
        if (values.Count != wanted) throw RowReader.Unprocessable($"{place}.data: wanted {wanted} numbers for the shape [{string.Join(", ", shape)}], got {values.Count}.");
        return new NamedInput(name, shape[0], shape.Length == 2 ? shape[1] : 1, values, place);
    }

    /// <summary>Data may be flat, or arrays within arrays, by rows.</summary>
    private static void Flatten(JsonElement data, List<double> values, long most, string place)
    {
        foreach (JsonElement value in data.EnumerateArray())
        {
            if (value.ValueKind == JsonValueKind.Array) Flatten(value, values, most, place);
            else if (values.Count >= most) throw RowReader.Unprocessable($"{place}: wanted {most} numbers for its shape, got more.");
            else if (RowReader.TryNumber(value, out double number)) values.Add(number);
            else throw RowReader.NoNumber(value, $"{place}[{values.Count}]");
        }
    }

    private static double[] Whole(NamedInput input, ServedModel model)
    {
        if (input.Columns != model.Columns) throw RowReader.Unprocessable($"{input.Place}.shape: wanted [{input.Rows}, {model.Columns}], got [{input.Rows}, {input.Columns}].");
        return [.. input.Values];
    }

    private static double[] ByColumns(NamedInput[] inputs, int count, ServedModel model)
    {
        double[] values = new double[count * model.Columns];
        bool[] seen = new bool[model.Columns];
        foreach (NamedInput input in inputs)
        {
            int column = model.ColumnOf(input.Name);
            if (column < 0)
                throw RowReader.Unprocessable($"{input.Place}.name: wanted '{Features}' alone or a column of the model, got '{VisibleText.InLine(input.Name)}'; {Nearest.Advice(input.Name, [.. model.Preprocessing.FeatureNames.Take(12)])}.");
            if (input.Rows != count || input.Columns != 1) throw RowReader.Unprocessable($"{input.Place}.shape: wanted [{count}] or [{count}, 1], got [{input.Rows}, {input.Columns}].");
            for (int row = 0; row < count; row++) values[(row * model.Columns) + column] = input.Values[row];
            seen[column] = true;
        }
        if (Array.IndexOf(seen, false) is >= 0 and var missing) throw RowReader.Unprocessable($"inputs: wanted the column '{model.Preprocessing.FeatureNames[missing]}', got none.");
        return values;
    }

    private static string Text(JsonElement element, string key, string place) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw RowReader.Bad($"{place}: wanted the key '{key}' with a text, got none.");

    private sealed record NamedInput(string Name, int Rows, int Columns, List<double> Values, string Place);
}
