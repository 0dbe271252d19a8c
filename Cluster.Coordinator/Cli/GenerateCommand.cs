using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Text;
using Cluster.Ml.Export;
using Cluster.Ml.Text.LanguageModel;

namespace Cluster.Coordinator.Cli;

/// <summary>`generate MODEL`: lets a language model go on with a text, and a model of images make some.</summary>
internal static class GenerateCommand
{
    private const int LengthMax = 1_000_000;
    private const int UnknownShown = 10;

    public static Command Create(Terminal terminal)
    {
        Argument<string> model = EvaluateCommand.ModelArgument();
        Option<string> prompt = new("--prompt") { Description = "The text to go on with.", DefaultValueFactory = _ => "" };
        Option<int> length = new("--length") { Description = $"How many tokens to add, 1 to {LengthMax}.", DefaultValueFactory = _ => 200 };
        length.Require(value => value is >= 1 and <= LengthMax, $"1 to {LengthMax}");
        Option<double> temperature = new("--temperature")
        {
            Description = "0 takes the likeliest token each time, 1 draws as the model believes, more is wilder.",
            DefaultValueFactory = _ => 0.8,
        };
        temperature.Require(value => value is >= 0 and <= 100, "0 to 100");
        Option<ulong> seed = new("--seed") { Description = "Another seed, another text.", DefaultValueFactory = _ => 42 };
        seed.Require(_ => true, $"0 to {ulong.MaxValue}");
        GeneratedImages images = new();
        Option<bool> json = new("--json") { Description = "Prints one JSON object as the last line of standard output." };
        Command command = new("generate", "Generates text with a language model, or images with one that makes them (vae, gan and the like).") { model, prompt, length, temperature, seed, json };
        images.AddTo(command);
        command.SetAction(parsed => images.TryRun(terminal, parsed, parsed.GetRequiredValue(model), parsed.GetValue(seed), parsed.GetValue(json)) ?? Run(
            terminal, parsed.GetRequiredValue(model), parsed.GetRequiredValue(prompt), parsed.GetValue(length), parsed.GetValue(temperature),
            parsed.GetValue(seed), parsed.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, string path, string prompt, int length, double temperature, ulong seed, bool json)
    {
        SavedModel saved = ModelFile.Read(path);
        if (saved.CreateLearner() is not LanguageLearner learner || saved.Preprocessing.Text is not { } text)
            throw new BadInputException(path, null, null, "a model of kind language-model, or one that makes images", saved.Spec.Model.Kind, "use `predict` for other models");
        Vocabulary vocabulary = Vocabulary.Of(saved.Preprocessing.Classes);
        Warn(terminal, TokenText.FindUnknown(prompt, vocabulary, text.Unit));
        IEnumerable<int> tokens = new TextGenerator(learner, saved.Model.State)
            .Continue(TokenText.Encode(prompt, vocabulary, text.Unit), length, temperature, seed);
        string written = TokenText.Join(prompt, tokens, vocabulary, text.Unit);
        if (json) terminal.Json(new JsonObject { ["model_sha256"] = saved.Model.Sha256, ["seed"] = seed, ["text"] = written });
        else terminal.Data(written + Environment.NewLine);
        return ExitCode.Success;
    }

    private static void Warn(Terminal terminal, IReadOnlyList<string> unknown)
    {
        if (unknown.Count == 0) return;
        string shown = string.Join(", ", unknown.Take(UnknownShown).Select(Shown));
        terminal.Say($"--prompt: the text that the model learned from has no {shown}{(unknown.Count > UnknownShown ? $" and {unknown.Count - UnknownShown} others" : "")}; the model takes each for the same unknown token.");
    }

    private static string Shown(string token) => token.Any(char.IsControl)
        ? string.Join(' ', token.EnumerateRunes().Select(rune => string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}"))) : $"'{token}'";
}
