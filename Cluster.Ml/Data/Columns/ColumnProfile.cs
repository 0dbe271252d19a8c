using Cluster.Ml.Jobs;

namespace Cluster.Ml.Data.Columns;

/// <summary>What all fields of a column have been, one after another: what `describe` tells, and by what a column of texts is found.</summary>
/// <remarks>
/// Equation  mean and deviation by Welford's recurrence, in the order of the rows
/// Range     different values are counted up to <see cref="DistinctMax"/>
/// Cost      one pass; memory for the different values
/// Source    Welford, "Note on a Method for Calculating Corrected Sums of Squares and Products", Technometrics 4 (1962)
/// </remarks>
public sealed class ColumnProfile
{
    /// <summary>Different values beyond so many are not told apart.</summary>
    public const int DistinctMax = CategoryField.CategoriesMax;

    /// <summary>A column of numbers and texts with more different numbers than these is one of numbers, in which a text is a mistake.</summary>
    internal const int MixedNumbersMax = 20;

    /// <summary>So many rows, each with another text, are told apart by it.</summary>
    internal const int IdRowsMin = 20;

    private readonly Dictionary<string, long> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<double, long> _values = [];
    private double _squares;

    internal ColumnProfile(string name) => Name = name;

    /// <summary>The column's name; empty for one without.</summary>
    public string Name { get; }

    /// <summary>Whether it holds lists or structures, of which nothing is told.</summary>
    public bool IsNested { get; internal set; }

    /// <summary>Fields that are numbers.</summary>
    public long Numbers { get; private set; }

    /// <summary>Fields that are texts, dates among them.</summary>
    public long Texts { get; private set; }

    /// <summary>Texts that are dates.</summary>
    public long Dates { get; private set; }

    /// <summary>Texts that would be numbers if a comma stood before decimals.</summary>
    public long CommaNumbers { get; private set; }

    /// <summary>Fields that say that their value is missing.</summary>
    public long Missing { get; private set; }

    /// <summary>The smallest number; NaN if there is none.</summary>
    public double Least { get; private set; } = double.NaN;

    /// <summary>The largest number; NaN if there is none.</summary>
    public double Most { get; private set; } = double.NaN;

    /// <summary>The mean of the numbers.</summary>
    public double Mean { get; private set; }

    /// <summary>The standard deviation of the numbers, of all and not of a sample.</summary>
    public double Deviation => Numbers == 0 ? double.NaN : Math.Sqrt(_squares / Numbers);

    /// <summary>The first and the last date; null if there is none.</summary>
    public (DateOnly First, DateOnly Last)? DateRange { get; private set; }

    /// <summary>Whether all numbers are whole.</summary>
    public bool AreWhole { get; private set; } = true;

    /// <summary>How many different values there are, at most <see cref="DistinctMax"/> of numbers and as many of texts.</summary>
    public int Distinct => _texts.Count + _values.Count;

    /// <summary>Whether there may be more different values than were told apart.</summary>
    public bool HasMore => _texts.Count == DistinctMax || _values.Count == DistinctMax;

    /// <summary>What the column becomes if nobody says so.</summary>
    public ColumnKind Kind => Texts == 0 || (Numbers > 0 && _values.Count > MixedNumbersMax) ? ColumnKind.Number
        : Dates == Texts && Numbers == 0 ? ColumnKind.Date : ColumnKind.OneHot;

    /// <summary>Whether every row has another text, and so the column says nothing of any other row.</summary>
    public bool IsId => Kind == ColumnKind.OneHot && Texts >= IdRowsMin && (HasMore || (Numbers == 0 && _texts.Count == Texts));

    /// <summary>Whether it numbers the rows: whole numbers one after another, each once.</summary>
    public bool NumbersRows => Kind == ColumnKind.Number && Texts == 0 && Missing == 0 && AreWhole && Numbers >= IdRowsMin && Most - Least == Numbers - 1 && (HasMore || _values.Count == Numbers);

    /// <summary>Whether all values are one, or missing.</summary>
    public bool IsConstant => Distinct <= 1;

    /// <summary>The most frequent text; null if there is none.</summary>
    public string? FrequentText => _texts.Count == 0 ? null : _texts.OrderByDescending(text => text.Value).ThenBy(text => text.Key, StringComparer.Ordinal).First().Key;

    /// <summary>Its values as they are written, each with its count, the most frequent first, equal ones in ordinal order; numbers as their shortest digits.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Values => [.. _texts
        .Concat(_values.Select(value => KeyValuePair.Create(Shortest(value.Key), value.Value)))
        .OrderByDescending(value => value.Value).ThenBy(value => value.Key, StringComparer.Ordinal)];

    /// <summary>Takes the next field.</summary>
    internal void Add(TableRecords records, CsvField field)
    {
        if (records.TryNumber(field, out double number)) AddNumber(number);
        else AddText(records.Text(field).Trim());
    }

    private void AddNumber(double number)
    {
        Numbers++;
        double difference = number - Mean;
        Mean += difference / Numbers;
        _squares += difference * (number - Mean);
        Least = Numbers == 1 ? number : Math.Min(Least, number);
        Most = Numbers == 1 ? number : Math.Max(Most, number);
        AreWhole &= number == Math.Floor(number);
        Count(_values, number);
    }

    private void AddText(string text)
    {
        if (MissingValue.Is(text))
        {
            Missing++;
            return;
        }
        Texts++;
        if (text.Count(letter => letter == ',') == 1 && NumberText.IsWritten(text.Replace(',', '.'))) CommaNumbers++;
        if (Dates == Texts - 1 && DateField.TryRead(text, out DateOnly date))
        {
            Dates++;
            DateRange = DateRange is { } range ? (date < range.First ? date : range.First, date > range.Last ? date : range.Last) : (date, date);
        }
        Count(_texts, text);
    }

    private static void Count<T>(Dictionary<T, long> counts, T value)
        where T : notnull
    {
        if (counts.TryGetValue(value, out long count)) counts[value] = count + 1;
        else if (counts.Count < DistinctMax) counts.Add(value, 1);
    }

    private static string Shortest(double value) => Jobs.Keys.KeyKinds.Text(value);
}
