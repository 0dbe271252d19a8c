using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Ml.Data;
using Cluster.Ml.Export;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.Cli;

/// <summary>`inspect MODEL|JOB.yaml`: layers with output shapes and parameter counts, or what a learner has learned.</summary>
internal static class InspectCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> subject = new("MODEL|JOB.yaml") { Description = "A model file, or a job file that has not been run yet." };
        Option<bool> json = new("--json") { Description = "Prints one JSON object as the last line of standard output." };
        Option<bool> gradients = new("--gradients") { Description = "Of a job: the norm of the mean gradient of each layer before the first step." };
        Command command = new("inspect", "Describes a model or a job.") { subject, json, gradients };
        WordQueries queries = new();
        queries.AddTo(command);
        command.SetAction(parsed => Run(terminal, queries, parsed, parsed.GetRequiredValue(subject), parsed.GetValue(json), parsed.GetValue(gradients)));
        return command;
    }

    private static int Run(Terminal terminal, WordQueries queries, ParseResult parsed, string path, bool json, bool gradients)
    {
        bool isJob = Path.GetExtension(path) is ".yaml" or ".yml";
        if (gradients && !isJob) throw new BadInputException(path, null, null, "a job file with --gradients", "a model", "name the job's file, which says what the data are");
        SavedModel? saved = isJob ? null : ModelFile.Read(path);
        if (queries.AreAsked(parsed)) return queries.Answer(terminal, parsed, path, saved, json);
        JobSpec? spec = isJob ? JobFile.Read(path, []) : null;
        ModelSummary summary = saved is not null ? saved.CreateLearner().Summarize(saved.Model.State) : OfJob(spec!, gradients);
        if (json) terminal.Json(ToJson(summary, saved, spec));
        else Show(terminal, summary, saved);
        if (!json && spec is not null && !gradients) terminal.Result($"the job, every default filled in:\n{spec.Text.TrimEnd()}");
        return ExitCode.Success;
    }

    /// <summary>A job is described by the state that it would start from.</summary>
    private static ModelSummary OfJob(JobSpec spec, bool gradients)
    {
        if (!gradients && spec.Data.IsRead && !Path.Exists(spec.Data.Source)) return WithoutData(spec);
        PreparedData data = PreparedData.Load(spec, Learners.NumbersFor(spec));
        ILearner learner = Learners.CreateAlone(spec, data.Shape);
        NumericBuffer state = new(learner.Numbers, learner.StateLength), optimizerState = new(learner.Numbers, learner.OptimizerStateLength);
        learner.Initialize(state, optimizerState);
        if (!gradients) return learner.Summarize(state);
        return learner is NetworkLearner network
            ? OfGradients(spec, LayerGradients.Of(network, state, data))
            : throw new BadInputException(spec.Name, null, null, "a network of layers with --gradients", spec.Model.Kind, "leave --gradients out");
    }

    /// <summary>What the job file tells; shapes only if it states those of its data.</summary>
    private static ModelSummary WithoutData(JobSpec spec)
    {
        string absent = $"without the data: {spec.Data.Source} is not here";
        if (KnownShape.Of(spec) is not { } shape)
            return new ModelSummary(spec.Model.Kind, [], [], [$"{absent}, and the job does not tell its columns and classes; with it, `inspect` shows layers and shapes"]);
        ILearner learner = Learners.CreateAlone(spec with { Privacy = null }, shape);
        NumericBuffer state = new(learner.Numbers, learner.StateLength), optimizerState = new(learner.Numbers, learner.OptimizerStateLength);
        learner.Initialize(state, optimizerState);
        ModelSummary summary = learner.Summarize(state);
        return summary with { Notes = [.. summary.Notes, $"{absent}; shapes are those that the job tells"] };
    }

    private static ModelSummary OfGradients(JobSpec spec, IReadOnlyList<KeyValuePair<string, double>> norms) => new(
        $"{spec.Model.Kind}: gradient before the first step", ["layer", "norm"],
        [.. norms.Select(layer => (IReadOnlyList<string>)[layer.Key, layer.Value.ToString("G4", CultureInfo.InvariantCulture)])], []);

    private static void Show(Terminal terminal, ModelSummary summary, SavedModel? saved)
    {
        terminal.Result(summary.Title);
        List<IReadOnlyList<string>> lines = summary.Columns.Count > 0 ? [summary.Columns, .. summary.Rows] : [.. summary.Rows];
        int columns = lines.Count == 0 ? 0 : lines.Max(line => line.Count);
        int[] widths = [.. Enumerable.Range(0, columns).Select(column => lines.Max(line => column < line.Count ? line[column].Length : 0))];
        foreach (IReadOnlyList<string> line in lines)
            terminal.Result("  " + string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        foreach (string note in summary.Notes) terminal.Result(note);
        if (saved is null) return;
        terminal.Result($"trained by {saved.Spec.Name}: {Counted.Of(saved.Model.Epochs, "epoch")}, {Counted.Of(saved.Model.Steps, "step")}");
        terminal.Result($"model_sha256 {saved.Model.Sha256}");
    }

    private static JsonObject ToJson(ModelSummary summary, SavedModel? saved, JobSpec? spec)
    {
        JsonObject result = new()
        {
            ["title"] = summary.Title,
            ["columns"] = Texts(summary.Columns),
            ["rows"] = new JsonArray([.. summary.Rows.Select(Texts)]),
            ["notes"] = Texts(summary.Notes),
        };
        if (spec is not null) result["job"] = spec.Text;
        if (saved is null) return result;
        result["model_sha256"] = saved.Model.Sha256;
        if (saved.CreateLearner() is ILearnedNumbers learner)
            foreach (LearnedNumbers numbers in learner.Learned(saved.Model.State, saved.Preprocessing))
                result[numbers.Name] = Nested(numbers.Values, [.. numbers.Shape], 0);
        return result;
    }

    /// <summary>Numbers as arrays within arrays, one level an axis; from a place on.</summary>
    private static JsonNode Nested(IReadOnlyList<double> values, ReadOnlySpan<int> shape, int start)
    {
        if (shape.IsEmpty) return JsonValue.Create(values[start]);
        int stride = 1;
        foreach (int size in shape[1..]) stride *= size;
        JsonArray array = [];
        for (int i = 0; i < shape[0]; i++) array.Add(Nested(values, shape[1..], start + (i * stride)));
        return array;
    }

    private static JsonNode Texts(IEnumerable<string> texts) => new JsonArray([.. texts.Select(text => (JsonNode)JsonValue.Create(text))]);
}
