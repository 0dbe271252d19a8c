using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Jobs;

/// <summary>Fractions of the three splits; they add up to 1.</summary>
/// <param name="Train">Training.</param>
/// <param name="Validation">Validation; may be 0.</param>
/// <param name="Test">Test; may be 0. If the source has separate test rows (IDX t10k files), those are the test split and this must be 0 or absent.</param>
/// <param name="Stratify">Keep the class proportions in every split.</param>
public sealed record SplitSpec(double Train, double Validation, double Test, bool Stratify)
{
    /// <summary>A value of the key, for a message.</summary>
    internal const string Example = "{ train: 0.7, validation: 0.15, test: 0.15 }";

    /// <summary>Of a table whose job says nothing.</summary>
    internal static readonly SplitSpec OfTables = new(0.7, 0.15, 0.15, false);

    /// <summary>Of other sources, whose test rows come apart.</summary>
    internal static readonly SplitSpec OfOthers = new(0.9, 0.1, 0, false);

    /// <summary>The keys of data.split.</summary>
    internal static readonly KeySet<SplitSpec> Declared = new KeySet<SplitSpec>(Unsaid(false))
        .Number(
            "train", "The share that is learned from.", o => double.IsNaN(o.Train) ? Math.Round(1 - o.Validation - o.Test, 12) : o.Train,
            (o, value) => o with { Train = value }, NumberRange.Factor with { Noun = Fraction })
        .Otherwise("what the other two leave")
        .Number(
            "validation", "The share by which the best epoch is chosen.", o => o.Validation, (o, value) => o with { Validation = value },
            NumberRange.Between(0, 1, Fraction)).Early()
        .Number("test", "The share that is tested on at the end.", o => o.Test, (o, value) => o with { Test = value }, NumberRange.Between(0, 1, Fraction)).Early()
        .Flag("stratify", "Whether every split keeps the proportions of the classes.", o => o.Stratify, (o, value) => o with { Stratify = value })
        .Otherwise("true where classes are learned")
        .Check(CheckSum);

    private const string Fraction = "a fraction";
    private const double SumTolerance = 1e-9;

    /// <summary>Before anything is read: the share to train on is what the others leave.</summary>
    internal static SplitSpec Unsaid(bool stratify) => new(double.NaN, 0, 0, stratify);

    private static void CheckSum(JobMap map, SplitSpec split)
    {
        double sum = split.Train + split.Validation + split.Test;
        if (split.Train > 0 && Math.Abs(sum - 1) <= SumTolerance) return;
        map.Errors.Add(
            PlaceOfSum(map), "data.split.train (above 0), validation and test to add up to 1",
            FormattableString.Invariant($"{Math.Round(sum, 12)} with train {split.Train}"), "change one of the three");
    }

    /// <summary>The flag that last changed a fraction, or the place of all three.</summary>
    private static JobPlace PlaceOfSum(JobMap map)
    {
        JobPlace place = map.Place;
        foreach (string key in new[] { "train", "validation", "test" })
            if (map.PlaceOf(key) is { Line: null } flag) place = flag;
        return place;
    }
}
