using System.Numerics;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli;
using Cluster.Coordinator.Cli.Runs;
using Cluster.Coordinator.Jobs;
using Cluster.Ml.Data;

namespace Cluster.Coordinator.Reports;

/// <summary>What the folder of a finished run says of it.</summary>
/// <param name="Result">What training printed with --json.</param>
/// <param name="JobText">The job, every default filled in.</param>
/// <param name="Curve">Figures by epoch.</param>
/// <param name="Norms">Norms of gradients by layer and epoch; none if the learner tells none.</param>
/// <param name="Images">A sheet of what the model makes, as PNG; null if it makes none.</param>
/// <param name="Command">What reproduces the run.</param>
internal sealed record RunReport(
    JsonObject Result, string JobText, IReadOnlyList<CurveLine> Curve, IReadOnlyList<NormLine> Norms, byte[]? Images, string Command)
{
    private const long ImageBytesMax = 8 << 20;

    /// <summary>Reads a run.</summary>
    /// <exception cref="BadInputException">The folder holds no finished run.</exception>
    public static RunReport Read(string directory)
    {
        string result = Path.Combine(directory, RunFiles.ResultFileName);
        if (!File.Exists(result))
            throw new BadInputException(
                directory, null, null, $"the folder of a finished run, with {RunFiles.ResultFileName}", "none", "train a job first: its folder is runs/NAME/latest, or what --out says");
        string job = Path.Combine(directory, RunFiles.JobFileName);
        return new RunReport(
            ResultOf(result), File.ReadAllText(job), ReadCurve(Path.Combine(directory, LearningCurve.FileName)), ReadNorms(Path.Combine(directory, GradientCurve.FileName)),
            ReadImages(Path.Combine(directory, FileModelStore.ImagesFileName)), $"cluster train {ShellText.Quote(Path.GetFullPath(job))}");
    }

    /// <summary>All of it in one JSON object.</summary>
    /// <param name="diagnosis">How the model fits; null if nothing can be said.</param>
    public JsonObject ToJson(RunDiagnosis? diagnosis) => new()
    {
        ["result"] = Result.DeepClone(),
        ["diagnosis"] = diagnosis?.ToJson(),
        ["command"] = Command,
        ["job"] = JobText,
        ["curve"] = new JsonArray([.. Curve.GroupBy(line => line.Epoch).Select(epoch =>
        {
            JsonObject figures = new() { ["epoch"] = epoch.Key };
            foreach (CurveLine line in epoch) figures[line.Figure] = ResultJson.Number(line.Value);
            return (JsonNode)figures;
        })]),
        ["gradient_norms"] = new JsonArray([.. Norms.Select(line => (JsonNode)new JsonObject
        {
            ["epoch"] = line.Epoch,
            ["layer"] = line.Layer,
            ["norm"] = ResultJson.Number(line.Norm),
            ["rms"] = ResultJson.Number(line.RootMeanSquare),
        })]),
    };

    private static JsonObject ResultOf(string path) => RunFiles.ReadResult(Path.GetDirectoryName(path)!)
        ?? throw new BadInputException(path, null, null, "what training printed with --json", "something else", "train the job again; the file is not as training wrote it");

    private static byte[]? ReadImages(string path) => File.Exists(path) && new FileInfo(path).Length <= ImageBytesMax ? File.ReadAllBytes(path) : null;

    private static IReadOnlyList<CurveLine> ReadCurve(string path)
    {
        string[][] lines = ReadCsv(path);
        return [.. lines.Skip(1).SelectMany((cells, line) => lines[0].Skip(1).Select(
            (figure, i) => new CurveLine(Read<int>(path, line, cells, 0), figure, Figure(path, line, cells, i + 1))))];
    }

    private static IReadOnlyList<NormLine> ReadNorms(string path) =>
        [.. ReadCsv(path).Skip(1).Select((cells, line) => new NormLine(
            Read<int>(path, line, cells, 0), Norm: Figure(path, line, cells, 3), RootMeanSquare: Figure(path, line, cells, 4), Layer: cells[2]))];     // a line that is cut off lacks the norms, too

    private static string[][] ReadCsv(string path) =>
        File.Exists(path) ? [.. CsvLines.Read(path)] : [];

    /// <summary>An empty cell is a figure that an epoch does not have.</summary>
    private static double Figure(string path, int line, string[] cells, int cell) =>
        cell < cells.Length && cells[cell].Length == 0 ? double.NaN : Read<double>(path, line, cells, cell);

    private static T Read<T>(string path, int line, string[] cells, int cell)
        where T : INumberBase<T>
    {
        string text = cell < cells.Length ? cells[cell] : "";
        return NumberText.TryRead(text, out T value) ? value
            : throw new BadInputException(path, line + 2, null, $"a number in field {cell + 1}", $"'{text}'", "train the job again; the file is not as training wrote it");
    }
}

/// <summary>A figure of an epoch.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Figure">The split and the name, such as "validation accuracy".</param>
/// <param name="Value">NaN if there is none.</param>
internal sealed record CurveLine(int Epoch, string Figure, double Value);

/// <summary>The norm of a layer's gradient in an epoch.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Layer">The layer's name.</param>
/// <param name="Norm">Of the last step that trained it.</param>
/// <param name="RootMeanSquare">Over the epoch's steps.</param>
internal sealed record NormLine(int Epoch, string Layer, double Norm, double RootMeanSquare);
