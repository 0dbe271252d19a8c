using System.Globalization;
using Cluster.Ml.Linear;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Data;

/// <summary>Refuses rows that scaling, or the step from double to float, makes infinite: nothing that is computed of them would be a number.</summary>
internal static class FiniteRows
{
    /// <summary>Above this the square of a number, or a sum of squares, may leave the range of double.</summary>
    private const double SquaredMax = 1e150;

    /// <summary>Refuses a scaler that was fitted to numbers whose squares or whose range no double holds.</summary>
    /// <exception cref="BadInputException">It is one.</exception>
    public static void RequireScaler(RawRows raw, Scaler scaler)
    {
        for (int c = 0; c < Math.Max(scaler.Offsets.Count, scaler.Divisors.Count); c++)
        {
            if (IsFinite(scaler.Offsets, c) && IsFinite(scaler.Divisors, c)) continue;
            string column = raw.Facts.FeatureNames[c];
            throw Error(raw, name => name == column, value => Math.Abs(value) > SquaredMax, $"numbers in column '{column}' whose squares and range stay within 1.8E+308",
                "numbers beyond that", "change the column's unit, or leave it out with data.ignore");
        }
    }

    /// <summary>Refuses numbers in memory that are not finite.</summary>
    /// <exception cref="BadInputException">One is not.</exception>
    public static void Require(RawRows raw, Scaler scaler, NumericBuffer scaled)
    {
        bool finite = scaled.Kind == NumberKind.Float32 ? Reductions.AllFinite(scaled.Floats) : DoubleVectors.AllFinite(scaled.Doubles);
        if (!finite) throw ErrorOf(raw, scaler, scaled.Kind);
    }

    /// <summary>Refuses rows that are scaled whenever one is looked at, and would then not be finite.</summary>
    /// <remarks>Cost  scales every row once; rows of bytes cannot leave the range</remarks>
    /// <exception cref="BadInputException">One would not.</exception>
    public static void Require(RawRows raw, Scaler scaler, RowScaling scaling, NumberKind numbers)
    {
        if (raw.Store.AreBytes) return;
        NumericBuffer row = new(numbers, raw.Columns);
        for (int i = 0; i < raw.Rows; i++)
        {
            if (numbers == NumberKind.Float32) scaling.Scale(i, row.Floats);
            else scaling.Scale(i, row.Doubles);
            Require(raw, scaler, row);
        }
    }

    /// <summary>Refuses targets that a learner in floats cannot hold.</summary>
    /// <exception cref="BadInputException">One is too large.</exception>
    public static void RequireTargets(RawRows raw)
    {
        for (int row = 0; row < raw.Rows; row++)
            if (float.IsInfinity((float)raw.Store.TargetOf(row)))
                throw Error(
                    raw, name => !raw.Facts.FeatureNames.Contains(name), value => float.IsInfinity((float)value), "a target of at most 3.4E+38", Text(raw.Store.TargetOf(row)),
                    "change the target's unit");
    }

    private static bool IsFinite(IReadOnlyList<double> numbers, int column) => column >= numbers.Count || double.IsFinite(numbers[column]);

    private static BadInputException ErrorOf(RawRows raw, Scaler scaler, NumberKind numbers)
    {
        for (int row = 0; row < raw.Rows; row++)
        {
            ReadOnlySpan<double> values = raw.Store.AreBytes ? default : raw.Store.ValuesOf(row);
            for (int c = 0; c < raw.Columns; c++)
            {
                double value = raw.Store.AreBytes ? raw.Store.BytesOf(row)[c] : values[c], scaled = scaler.Scale(value, c);
                if (IsHeld(scaled, numbers)) continue;
                string column = raw.Facts.FeatureNames[c], limit = numbers == NumberKind.Float32 ? "3.4E+38" : "1.8E+308";
                string got = value == scaled ? Text(value) : $"{Text(value)}, which scaled is {Text(scaled)}";
                return Error(
                    raw, name => name == column, other => other == value, $"a number in column '{column}' of at most {limit}{(value == scaled ? "" : " once it is scaled")}", got,
                    "correct it, change the column's unit or its scale (data.scale), or leave it out with data.ignore");
            }
        }
        return new BadInputException(raw.File, null, null, "finite numbers", "others", "change the columns' units");
    }

    private static bool IsHeld(double scaled, NumberKind numbers) => numbers == NumberKind.Float32 ? float.IsFinite((float)scaled) : double.IsFinite(scaled);

    private static BadInputException Error(RawRows raw, Func<string, bool> column, Func<double, bool> sought, string wanted, string got, string advice) =>
        CsvPlaces.FindNumber(raw.File, raw.Facts.Dialect, column, sought) is { } place
            ? new BadInputException(raw.File, place.Line, place.Column, wanted, got.Replace(Text(NumberOf(place.Text)), $"'{place.Text}'", StringComparison.Ordinal), advice)
            : new BadInputException(raw.File, null, null, wanted, got, advice);

    private static double NumberOf(string text) => NumberText.TryRead(text, out double value) ? value : 0;

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
