using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cluster.Messages.Node.Http;
using CsvHelper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cluster.Coordinator.Serving;

/// <summary>The routes of the server of models: the Open Inference Protocol below /v2, and plain predictions.</summary>
internal sealed class ServingEndpoints(ModelShelf shelf, ServingOptions options)
{
    /// <summary>The key under which a request's model stands in its items, for what is measured.</summary>
    public const string ModelItem = "model";

    private const string Json = "application/json", Csv = "text/csv";
    private const int DepthMax = 8;

    /// <summary>Adds them.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v2", context => WriteAsync(context, new JsonObject { ["name"] = "cluster", ["version"] = "2", ["extensions"] = new JsonArray() }));
        routes.MapGet("/v2/health/live", context => WriteAsync(context, new JsonObject { ["live"] = true }));
        routes.MapGet("/v2/health/ready", context => WriteAsync(
            context, new JsonObject { ["ready"] = shelf.IsReady }, shelf.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable));
        routes.MapGet("/v2/models", context => WriteAsync(context, new JsonObject { ["models"] = new JsonArray([.. shelf.Models.Keys.Select(name => (JsonNode)name)]) }));
        foreach (string model in new[] { "/v2/models/{model}", "/v2/models/{model}/versions/{version}" })
        {
            routes.MapGet(model, DescribeAsync);
            routes.MapGet(model + "/ready", context => WriteAsync(context, new JsonObject { ["name"] = Find(context).Model.Name, ["ready"] = true }));
            routes.MapPost(model + "/infer", InferAsync);
        }
        routes.MapPost("/predict", PredictAsync);
        routes.MapPost("/models/{model}/predict", PredictAsync);
        routes.MapPost("/models/{model}/versions/{version}/predict", PredictAsync);
    }

    private Task DescribeAsync(HttpContext context)
    {
        ModelBatcher found = Find(context);
        return WriteAsync(context, InferenceProtocol.Describe(found.Model, shelf.Models[found.Model.Name].Keys));
    }

    private async Task InferAsync(HttpContext context)
    {
        ModelBatcher batcher = Find(context);
        using JsonDocument body = await ReadJsonAsync(context);
        HashSet<string>? wanted = InferenceProtocol.Wanted(body.RootElement, batcher.Model);
        string? id = body.RootElement.TryGetProperty("id", out JsonElement own) && own.ValueKind == JsonValueKind.String ? own.GetString() : null;
        RowAnswers answers = await AskAsync(context, batcher, model => InferenceProtocol.Read(body.RootElement, model, options.RowsMax));
        await WriteAsync(context, InferenceProtocol.Answer(answers, id, wanted));
    }

    private async Task PredictAsync(HttpContext context)
    {
        ModelBatcher batcher = Find(context);
        RowAnswers answers;
        if (IsOf(context, Csv))
        {
            using MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            answers = await AskAsync(context, batcher, model => RowReader.OfCsv(body.ToArray(), model, options.RowsMax));
        }
        else
        {
            using JsonDocument body = await ReadJsonAsync(context);
            answers = await AskAsync(context, batcher, model => RowReader.OfJson(body.RootElement, model, options.RowsMax));
        }
        if (context.Request.Headers.Accept.ToString().StartsWith(Csv, StringComparison.OrdinalIgnoreCase)) await WriteCsvAsync(context, answers);
        else await WriteAsync(context, ToJson(answers));
    }

    private ModelBatcher Find(HttpContext context)
    {
        ModelBatcher found = shelf.Find(context.GetRouteValue("model") as string, context.GetRouteValue("version") as string);
        context.Items[ModelItem] = found.Model.Name;
        return found;
    }

    private async Task<RowAnswers> AskAsync(HttpContext context, ModelBatcher batcher, Func<ServedModel, ReadRows> read)
    {
        bool isNamed = context.GetRouteValue("version") is not null;
        RowAnswers answers = await shelf.PredictAsync(batcher, isNamed, read, context.RequestAborted).WaitAsync(context.RequestAborted);
        answers.RequireFinite(RowReader.Source);
        return answers;
    }

    private static async Task<JsonDocument> ReadJsonAsync(HttpContext context)
    {
        if (!IsOf(context, Json))
            throw new ProblemException(
                StatusCodes.Status415UnsupportedMediaType, $"Content-Type: wanted {Json} (or {Csv} for predict), got '{Ml.Data.VisibleText.InLine(context.Request.ContentType ?? "none")}'.");
        return await JsonDocument.ParseAsync(context.Request.Body, new JsonDocumentOptions { MaxDepth = DepthMax }, context.RequestAborted);
    }

    private static bool IsOf(HttpContext context, string type) =>
        (context.Request.ContentType ?? "").Split(';')[0].Trim().Equals(type, StringComparison.OrdinalIgnoreCase);

    private static JsonObject ToJson(RowAnswers answers)
    {
        JsonArray predictions = [];
        for (int row = 0; row < answers.Count; row++)
        {
            JsonObject said = [];
            answers.Model.Form.AddTo(said, answers.Predictions[row], answers.ScoresOf(row));
            predictions.Add(said);
        }
        return new JsonObject
        {
            ["model"] = answers.Model.Name,
            ["version"] = answers.Model.VersionText,
            ["model_sha256"] = answers.Model.Saved.Model.Sha256,
            ["predictions"] = predictions,
        };
    }

    private static async Task WriteCsvAsync(HttpContext context, RowAnswers answers)
    {
        using StringWriter text = new(CultureInfo.InvariantCulture);
        using (CsvWriter csv = CsvWriter.Create(text, new CsvWriterOptions(), leaveOpen: true))
        {
            csv.WriteRecord([.. answers.Model.Form.Columns]);
            for (int row = 0; row < answers.Count; row++) csv.WriteRecord([.. answers.Model.Form.Fields(answers.Predictions[row], answers.ScoresOf(row))]);
        }
        context.Response.ContentType = Csv;
        await context.Response.WriteAsync(text.ToString(), Encoding.UTF8, context.RequestAborted);
    }

    private static Task WriteAsync(HttpContext context, JsonObject answer, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = Json;
        return context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }
}
