using System.CommandLine;
using System.CommandLine.Parsing;
using System.Numerics;

namespace Cluster.Coordinator.Cli;

/// <summary>How flags read numbers: by the product's one rule, within the flag's limits.</summary>
/// <remarks>The default parser of flags reads "1,1" as 11, and its errors name a .NET type.</remarks>
internal static class OptionRules
{
    /// <summary>Refuses text that is no number and a number outside its limits, saying what was wanted and what came.</summary>
    public static void Require<T>(this Option<T> option, Func<T, bool> valid, string wanted)
        where T : struct, INumber<T> => option.CustomParser = result => Read(option, result, valid, wanted);

    /// <summary>The same of a flag that may be absent.</summary>
    public static void Require<T>(this Option<T?> option, Func<T, bool> valid, string wanted)
        where T : struct, INumber<T> => option.CustomParser = result => Read(option, result, valid, wanted);

    private static T Read<T>(Option option, ArgumentResult result, Func<T, bool> valid, string wanted)
        where T : struct, INumber<T>
    {
        string text = result.Tokens[0].Value;
        if (NumberText.TryRead(text, out T value) && valid(value)) return value;
        result.AddError($"{option.Name}: wanted a {(typeof(T) == typeof(double) ? "number" : "whole number")}, {wanted}, got '{text}'.");
        return default;
    }
}
