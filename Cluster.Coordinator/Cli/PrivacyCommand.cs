using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Ml.Privacy;

namespace Cluster.Coordinator.Cli;

/// <summary>`privacy epsilon` and `privacy noise`: accounting without training.</summary>
internal static class PrivacyCommand
{
    public static Command Create(Terminal terminal) => new("privacy", "Privacy accounting without training.")
    {
        Epsilon(terminal),
        Noise(terminal),
        AuditCommand.Create(terminal),
    };

    private static Command Epsilon(Terminal terminal)
    {
        Option<double> rate = Rate(), noise = new("--noise") { Description = "Noise multiplier σ, at least 0.", Required = true }, delta = Delta();
        Option<long> steps = Steps();
        Option<bool> json = Json();
        noise.Require(value => value >= 0, "at least 0");
        Option<string> accountant = WhichAccountant();
        Command command = new("epsilon", "The ε that so many noisy steps spend.") { rate, noise, steps, delta, accountant, json };
        command.SetAction(parsed =>
        {
            AccountantKind kind = Accountants.Named(parsed.GetRequiredValue(accountant));
            PrivacySpent spent = kind.Epsilon(parsed.GetValue(rate), parsed.GetValue(noise), parsed.GetValue(steps), parsed.GetValue(delta));
            if (parsed.GetValue(json))
                terminal.Json(new JsonObject { ["epsilon"] = JsonNumber(spent.Epsilon), ["order"] = JsonNumber(spent.Order) });
            else
                terminal.Result(string.Create(CultureInfo.InvariantCulture, $"epsilon {spent.Epsilon:R} ({(double.IsNaN(spent.Order) ? kind.Name : $"order {spent.Order:R}")})"));
            return ExitCode.Success;
        });
        return command;
    }

    private static Command Noise(Terminal terminal)
    {
        Option<double> rate = Rate(), epsilon = new("--epsilon") { Description = "The ε to stay within.", Required = true }, delta = Delta();
        Option<long> steps = Steps();
        Option<bool> json = Json();
        epsilon.Require(value => value > 0, "above 0");
        Option<string> accountant = WhichAccountant();
        Command command = new("noise", "The smallest noise multiplier that stays within ε.") { rate, epsilon, steps, delta, accountant, json };
        command.SetAction(parsed =>
        {
            double sigma = Accountants.Noise(
                parsed.GetRequiredValue(accountant), parsed.GetValue(epsilon), parsed.GetValue(delta), parsed.GetValue(rate), parsed.GetValue(steps));
            if (parsed.GetValue(json)) terminal.Json(new JsonObject { ["noise"] = sigma });
            else terminal.Result(string.Create(CultureInfo.InvariantCulture, $"noise {sigma:R}"));
            return ExitCode.Success;
        });
        return command;
    }

    private static Option<double> Rate()
    {
        Option<double> rate = new("--rate") { Description = "Sampling rate q, 0 to 1.", Required = true };
        rate.Require(value => value is >= 0 and <= 1, "0 to 1");
        return rate;
    }

    private static Option<double> Delta()
    {
        Option<double> delta = new("--delta") { Description = "δ, between 0 and 1.", Required = true };
        delta.Require(value => value is > 0 and < 1, "between 0 and 1");
        return delta;
    }

    private static Option<long> Steps()
    {
        Option<long> steps = new("--steps") { Description = "Steps, at least 0.", Required = true };
        steps.Require(value => value >= 0, "at least 0");
        return steps;
    }

    private static Option<string> WhichAccountant()
    {
        Option<string> accountant = new("--accountant") { Description = $"Which accountant: {string.Join("; ", Accountants.All.Select(kind => $"{kind.Name}, {kind.Meaning}"))}.", DefaultValueFactory = _ => Accountants.Names[0] };
        accountant.AcceptOnlyFromAmong([.. Accountants.Names]);
        return accountant;
    }

    private static Option<bool> Json() => new("--json") { Description = "Prints one JSON object." };

    /// <summary>JSON has no infinity: no noise at all spends an unbounded ε, which is written as null.</summary>
    private static JsonValue? JsonNumber(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
