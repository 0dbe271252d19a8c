using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Security.Attacks.Poisoning;

/// <summary>What is done to a training row.</summary>
public enum Poison
{
    /// <summary>Its class is changed.</summary>
    LabelFlip,

    /// <summary>A trigger is written into it, and its class is changed to the one that the trigger is to mean.</summary>
    Backdoor,
}

/// <summary>Training rows that an attacker has changed: the key data.attack, to try a defence.</summary>
/// <param name="Kind">What is done to them.</param>
/// <param name="Fraction">Which share of the rows that may be taken.</param>
/// <param name="From">The class whose rows are taken; null for all others than the new one.</param>
/// <param name="To">The new class; null for the next one of each row's.</param>
/// <param name="Size">Backdoor: pixels of the trigger's side, or columns.</param>
/// <param name="Value">Backdoor: what is written there; null for the greatest number of the training rows.</param>
/// <remarks>
/// Threat model  the attacker writes a share of the training rows, and knows neither the model nor the other rows
/// Determinism   which rows is drawn by (seed, row)
/// Source        Biggio, Nelson, Laskov, "Poisoning Attacks against SVMs", 2012; Gu, Dolan-Gavitt, Garg, "BadNets", 2017
/// </remarks>
public sealed record PoisonSpec(Poison Kind, double Fraction, string? From, string? To, int Size, double? Value)
{
    /// <summary>A value of the key, for a message.</summary>
    internal const string Example = "{ kind: label-flip, fraction: 0.2, from: 1, to: 7 }";

    internal static readonly KeySet<PoisonSpec> Declared = new KeySet<PoisonSpec>(new(Poison.LabelFlip, 0.1, null, null, 3, null))
        .Word(
            "kind", "What is done to training rows.", o => o.Kind, (o, value) => o with { Kind = value },
            [new("label-flip", Poison.LabelFlip), new("backdoor", Poison.Backdoor)])
        .Number(
            "fraction", "Which share of the rows that may be taken.", o => o.Fraction, (o, value) => o with { Fraction = value }, NumberRange.Factor with { Noun = "a share" })
        .Text("from", "The class whose rows are taken.", o => o.From, (o, value) => o with { From = value }, ClassMax, "all classes but the new one")
        .Text("to", "Their new class.", o => o.To, (o, value) => o with { To = value }, ClassMax, "the next class of each row's; of a backdoor, the first")
        .Only("a backdoor", o => o.Kind == Poison.Backdoor, "without a backdoor", "only a backdoor has a trigger; remove it", keys => keys
            .Whole("size", "Pixels of the trigger's side, or columns.", o => o.Size, (o, value) => o with { Size = value }, 1, JobDefaults.UnitsMax, unit: "pixels")
            .OptionalNumber(
                "value", "What the trigger writes, in the source's units.", o => o.Value, (o, value) => o with { Value = value }, NumberRange.Between(-1e9, 1e9),
                "the greatest number of the training rows"));

    private const int ClassMax = 1000;
}
