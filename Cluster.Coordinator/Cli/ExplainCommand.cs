using System.CommandLine;
using System.Text.Json.Nodes;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Coordinator.Cli;

/// <summary>`explain KEY`: what a key of the job file means, what it takes, and what a job has that leaves it out.</summary>
internal static class ExplainCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string?> key = new("KEY")
        {
            Description = "Its path, such as training.batch, or the end of it; without it all keys are listed.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<bool> page = new("--page") { Description = "Prints the page of all keys, docs/keys.md." };
        Option<bool> json = new("--json") { Description = "Prints one JSON object as the last line of standard output." };
        Command command = new("explain", "Tells what a key of the job file means, takes and defaults to.") { key, page, json };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(page)) terminal.Data(KeyPage.Write());
            else Explain(terminal, parsed.GetValue(key), parsed.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }

    private static void Explain(Terminal terminal, string? key, bool json)
    {
        IReadOnlyList<KeyPlace> found = key is null ? JobKeys.All : JobKeys.Find(key);
        if (found.Count == 0) throw new CommandFailedException(ExitCode.Usage, $"explain: wanted a key of the job file, got '{key}'; {JobKeys.AdviceFor(key!)}.");
        if (json) terminal.Json(new JsonObject { ["keys"] = new JsonArray([.. found.Select(ToJson)]) });
        else if (key is null) foreach (KeyPlace place in found) terminal.Result($"{place.Path}  {place.Key.Meaning}");
        else foreach (KeyPlace place in found) Show(terminal, place);
    }

    private static void Show(Terminal terminal, KeyPlace place)
    {
        terminal.Result(place.Of is { } of ? $"{place.Path} ({of})" : place.Path);
        terminal.Result($"  {place.Key.Meaning}");
        terminal.Result($"  takes    {place.Takes}");
        terminal.Result($"  default  {place.Default}");
        foreach (NamedChoice choice in place.Key.Choices) terminal.Result($"  {choice.Name}: {choice.Meaning}");
        if (place.Key.Keys.Count > 0) terminal.Result($"  its keys: {string.Join(", ", place.Key.Keys.Select(inner => inner.Name))}");
    }

    private static JsonNode ToJson(KeyPlace place) => new JsonObject
    {
        ["key"] = place.Path,
        ["meaning"] = place.Key.Meaning,
        ["takes"] = place.Key.Range,
        ["unit"] = place.Key.Unit,
        ["default"] = place.Key.Default,
        ["otherwise"] = place.Key.Otherwise,
        ["required"] = place.Key.Required,
        ["source"] = place.Key.Source,
        ["of"] = place.Of,
    };
}
