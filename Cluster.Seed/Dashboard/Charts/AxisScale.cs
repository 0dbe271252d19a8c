using System.Globalization;

namespace Cluster.Seed.Dashboard.Charts;

/// <summary>Where the values of an axis lie, with ticks at round numbers.</summary>
/// <remarks>Range  a span of no width, or of rounding alone, is widened, so that a level curve is drawn in the middle</remarks>
internal readonly record struct AxisScale
{
    private const int StepsWanted = 5, TicksMax = 12;

    /// <summary>Half of the narrowest span, as a share of the largest value: below it a step is lost in rounding.</summary>
    private const double NarrowShare = 1e-14;

    private AxisScale(double low, double high, double step) => (Low, High, Step) = (low, high, step);

    /// <summary>The value at the beginning.</summary>
    public double Low { get; }

    /// <summary>The value at the end.</summary>
    public double High { get; }

    /// <summary>From one tick to the next.</summary>
    public double Step { get; }

    /// <summary>The round numbers within.</summary>
    public IEnumerable<double> Ticks
    {
        get
        {
            double first = Math.Ceiling((Low / Step) - 1e-9);
            for (int i = 0; i < TicksMax; i++)
            {
                double tick = (first + i) * Step;
                if (tick - (Step * 1e-9) > High) yield break;
                yield return tick == 0 ? 0 : tick;      // no −0
            }
        }
    }

    /// <summary>An axis that holds all values.</summary>
    /// <param name="values">Finite; none gives 0 to 1.</param>
    /// <param name="whole">Whether only whole numbers are of interest.</param>
    public static AxisScale Of(IEnumerable<double> values, bool whole = false)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (double value in values) (low, high) = (Math.Min(low, value), Math.Max(high, value));
        if (low > high) (low, high) = (0, 1);
        if ((high / 2) - (low / 2) <= NarrowShare * Math.Max(Math.Abs(low), Math.Abs(high)))
        {
            double margin = Math.Max(Math.Abs(low) * 0.1, whole ? 1 : 1e-6);
            (low, high) = (low - margin, high + margin);
        }
        double rough = (high / StepsWanted) - (low / StepsWanted);       // of halves: the difference of huge values would overflow
        double step = RoundStep(rough);
        return new AxisScale(low, high, whole ? Math.Max(1, step) : step);
    }

    /// <summary>Where a value lies, 0 at the beginning and 1 at the end.</summary>
    public double PlaceOf(double value) => ((value / 2) - (Low / 2)) / ((High / 2) - (Low / 2));

    /// <summary>A tick's text.</summary>
    public static string TextOf(double tick)
    {
        double size = Math.Abs(tick);
        return size is >= 1e6 or (> 0 and < 1e-4)
            ? tick.ToString("0.###e0", CultureInfo.InvariantCulture)
            : tick.ToString("#,0.######", CultureInfo.InvariantCulture);
    }

    private static double RoundStep(double rough)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough))), lead = rough / power;
        return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
    }
}
