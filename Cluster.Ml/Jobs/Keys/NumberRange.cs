using System.Globalization;

namespace Cluster.Ml.Jobs.Keys;

/// <summary>The finite numbers that a key takes.</summary>
/// <param name="Noun">What the number is: 'a number', 'a share of the text'.</param>
/// <param name="Least">−∞ for no bound.</param>
/// <param name="LeastExcluded">Whether only what is above it fits.</param>
/// <param name="Most">+∞ for no bound.</param>
/// <param name="MostExcluded">Whether only what is below it fits.</param>
public sealed record NumberRange(string Noun, double Least, bool LeastExcluded, double Most, bool MostExcluded)
{
    /// <summary>Any number above 0.</summary>
    public static readonly NumberRange Positive = new("a number", 0, true, double.PositiveInfinity, false);

    /// <summary>0, or any number above it.</summary>
    public static readonly NumberRange NotNegative = new("a number", 0, false, double.PositiveInfinity, false);

    /// <summary>[0, 1): what a running mean keeps of itself, or a share that must leave something.</summary>
    public static readonly NumberRange Decay = new("a number", 0, false, 1, true);

    /// <summary>(0, 1]: what something is multiplied by time and again.</summary>
    public static readonly NumberRange Factor = new("a number", 0, true, 1, false);

    /// <summary>[least, most].</summary>
    public static NumberRange Between(double least, double most, string noun = "a number") => new(noun, least, false, most, false);

    /// <summary>Whether a number is one of them.</summary>
    public bool Fits(double value) => (LeastExcluded ? value > Least : value >= Least) && (MostExcluded ? value < Most : value <= Most);

    /// <summary>In words: 'a number from 0, below 1'.</summary>
    public override string ToString()
    {
        string least = $"{(LeastExcluded ? "above" : "from")} {Text(Least)}";
        if (double.IsPositiveInfinity(Most)) return $"{Noun} {least}";
        if (LeastExcluded && MostExcluded) return $"{Noun} between {Text(Least)} and {Text(Most)}, both excluded";
        return $"{Noun} {least}{(MostExcluded ? ", below" : LeastExcluded ? ", at most" : " to")} {Text(Most)}";
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
