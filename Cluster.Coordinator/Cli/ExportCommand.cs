using System.CommandLine;
using System.Text.Json.Nodes;
using Cluster.Ml.Export;

namespace Cluster.Coordinator.Cli;

/// <summary>`export MODEL --format FORMAT [--out FILE]`: a model as a file that other programs read.</summary>
internal sealed class ExportCommand
{
    private readonly Argument<string> _model = EvaluateCommand.ModelArgument();

    private readonly Option<string> _format = new("--format")
    {
        Description = string.Join("; ", ExportFormat.All.Select(format => $"{format.Name}: {format.Meaning}")) + ".",
        Required = true,
    };

    private readonly Option<string?> _out = new("--out") { Description = "The file to write (default: the model's name with the format's ending)." };
    private readonly Option<bool> _columns = new("--columns") { Description = "onnx: each column is an input of its own, by its name, and not one input all of them." };
    private readonly Option<bool> _json = new("--json") { Description = "Prints one JSON object as the last line of standard output." };

    public static Command Create(Terminal terminal)
    {
        ExportCommand export = new();
        export._format.AcceptOnlyFromAmong([.. ExportFormat.Names]);
        Command command = new("export", "Writes a model as a file that other programs read.") { export._model, export._format, export._out, export._columns, export._json };
        command.SetAction(parsed => export.Run(terminal, parsed));
        return command;
    }

    private int Run(Terminal terminal, ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(_model);
        ExportFormat format = ExportFormat.Of(parsed.GetRequiredValue(_format));
        string output = Path.GetFullPath(parsed.GetValue(_out) ?? Path.ChangeExtension(path, format.Name));
        OutputFile.Require(output, _out.Name, path);
        SavedModel saved = ModelFile.Read(path);
        IReadOnlyList<ExportedPart> parts = format.Write(output, saved, new ExportOptions(parsed.GetValue(_columns)));
        if (parsed.GetValue(_json)) terminal.Json(ToJson(saved, output, parts));
        else Show(terminal, output, parts);
        return ExitCode.Success;
    }

    private static void Show(Terminal terminal, string output, IReadOnlyList<ExportedPart> parts)
    {
        const int shown = 24;
        int name = Math.Min(32, parts.Max(part => part.Name.Length)), type = parts.Max(part => part.Type.Length);
        foreach (ExportedPart part in parts.Take(shown))
            terminal.Result($"{part.Role,-6}  {part.Name.PadRight(name)}  {part.Type.PadRight(type)}  {part.Shape}".TrimEnd());
        if (parts.Count > shown) terminal.Result($"and {parts.Count - shown} more");
        terminal.Result($"written to {output}");
    }

    private static JsonObject ToJson(SavedModel saved, string output, IReadOnlyList<ExportedPart> parts) => new()
    {
        ["out"] = output,
        ["bytes"] = new FileInfo(output).Length,
        ["model_sha256"] = saved.Model.Sha256,
        ["parts"] = new JsonArray([.. parts.Select(part => (JsonNode)new JsonObject
        {
            ["role"] = part.Role,
            ["name"] = part.Name,
            ["type"] = part.Type,
            ["shape"] = part.Shape,
        })]),
    };
}
