using System.CommandLine;
using System.Globalization;

namespace Cluster.Coordinator.Cli;

/// <summary>Limits of a flag's number. A value that is no number at all is reported by the parser itself.</summary>
internal static class OptionRules
{
    /// <summary>Refuses a number outside its limits, saying what was wanted and what came.</summary>
    public static void Require<T>(this Option option, Func<T, bool> valid, string wanted)
        where T : IParsable<T> => option.Validators.Add(result =>
    {
        if (result.Tokens.Count == 0 || !T.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out T? value)) return;
        if (!valid(value)) result.AddError($"{option.Name}: wanted {wanted}, got {result.Tokens[0].Value}.");
    });
}
