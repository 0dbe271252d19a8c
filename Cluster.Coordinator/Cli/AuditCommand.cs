using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli.Queries;
using Cluster.Ml.Security.Attacks.Inference;

namespace Cluster.Coordinator.Cli;

/// <summary>`privacy audit JOB.yaml`: a lower bound on what training leaks, beside the accountant's upper bound.</summary>
internal static class AuditCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> job = new("JOB.yaml") { Description = "A job that learns classes, private or not." };
        Option<int> canaries = Whole("--canaries", "Rows that get a wrong class, each trained on by a coin.", 400), guesses = Whole("--guesses", "Canaries that are guessed, fixed beforehand.", 100);
        Option<double> confidence = new("--confidence") { Description = "Of the lower bound.", DefaultValueFactory = _ => 0.95 };
        confidence.Require(value => value is > 0 and < 1, "between 0 and 1");
        Option<ulong> seed = new("--seed") { Description = "Decides canaries, coins and noise.", DefaultValueFactory = _ => 1 };
        seed.Require(_ => true, "from 0");
        Option<string[]> set = new("--set") { Description = "key.path=value, which overrides the file. Repeatable." };
        Option<bool> json = new("--json") { Description = "Prints one JSON object." };
        Command command = new("audit", "Trains once with canaries, asks the model which took part, and tells the least ε that explains the answers.")
        {
            job, canaries, guesses, confidence, seed, set, json,
        };
        DataFlags kept = new();
        kept.AddTo(command);
        command.SetAction(parsed =>
        {
            AuditResult result = PrivacyAudit.Run(
                QuerySource.ReadJob(parsed.GetRequiredValue(job), parsed.GetValue(set) ?? []).Spec, kept.Of(parsed) with { Warn = terminal.Say }, parsed.GetValue(canaries), parsed.GetValue(guesses),
                parsed.GetValue(confidence), parsed.GetValue(seed));
            if (parsed.GetValue(json)) terminal.Json(ToJson(result));
            else Show(terminal, result);
            return ExitCode.Success;
        });
        return command;
    }

    private static void Show(Terminal terminal, AuditResult result)
    {
        string upper = result.EpsilonUpper is { } epsilon ? epsilon.ToString("G6", CultureInfo.InvariantCulture) : "none: training is not private";
        terminal.Result($"guesses        {result.Correct} of {result.Guesses} right, {result.Canaries} canaries");
        terminal.Result(string.Create(CultureInfo.InvariantCulture, $"epsilon lower  {result.EpsilonLower:G6} with confidence {result.Confidence:G4}"));
        terminal.Result($"epsilon upper  {upper}");
        if (result.EpsilonUpper is { } most && result.EpsilonLower > most)
            terminal.Result("The model leaks more than the accountant allows: the promise is broken.");
    }

    private static JsonObject ToJson(AuditResult result) => new()
    {
        ["epsilon_lower"] = result.EpsilonLower,
        ["epsilon_upper"] = result.EpsilonUpper,
        ["confidence"] = result.Confidence,
        ["delta"] = result.Delta,
        ["canaries"] = result.Canaries,
        ["guesses"] = result.Guesses,
        ["correct"] = result.Correct,
    };

    private static Option<int> Whole(string name, string description, int usual)
    {
        Option<int> option = new(name) { Description = description, DefaultValueFactory = _ => usual };
        option.Require(value => value >= 2, "at least 2");
        return option;
    }
}
