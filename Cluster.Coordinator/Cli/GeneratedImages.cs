using System.CommandLine;
using System.Text.Json.Nodes;
using Cluster.Ml.Export;

namespace Cluster.Coordinator.Cli;

/// <summary>`generate MODEL --out FILE --count N` of a model that makes images: a sheet of them, as PNG.</summary>
internal sealed class GeneratedImages
{
    private const int CountDefault = 100, CountMax = 10_000, AcrossMax = 10;

    private readonly Option<string> _out = new("--out") { Description = "Of images: the PNG file to write.", DefaultValueFactory = _ => "samples.png" };
    private readonly Option<int> _count = new("--count") { Description = $"Of images: how many, 1 to {CountMax}.", DefaultValueFactory = _ => CountDefault };

    public void AddTo(Command command)
    {
        _count.Require(value => value is >= 1 and <= CountMax, $"1 to {CountMax}");
        command.Add(_out);
        command.Add(_count);
    }

    /// <summary>Makes images; null if the model makes none.</summary>
    public int? TryRun(Terminal terminal, ParseResult parsed, string path, ulong seed, bool json)
    {
        SavedModel saved = ModelFile.Read(path);
        string file = Path.GetFullPath(parsed.GetRequiredValue(_out));
        int count = parsed.GetValue(_count), across = Math.Min(count, AcrossMax), down = (count + across - 1) / across;
        if (saved.CreateLearner() is not IImageSource source || source.DrawSheet(saved.Model.State, across, down, count, seed) is not { } sheet) return null;
        OutputFile.Require(file, _out.Name, path);
        PngFile.Write(file, sheet);
        if (json) terminal.Json(new JsonObject { ["model_sha256"] = saved.Model.Sha256, ["seed"] = seed, ["images"] = file, ["count"] = count });
        else terminal.Result($"images   {file}");
        return ExitCode.Success;
    }
}
