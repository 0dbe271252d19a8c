using System.Text.Json.Serialization;
using Cluster.Ml.Jobs;

namespace Cluster.Ml.Data.Columns;

/// <summary>What one column of a table becomes; fitted on training rows alone.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it becomes.</param>
/// <param name="Categories">The texts that training rows hold, in ordinal order; empty if it is no column of categories.</param>
/// <param name="Fill">What stands for a missing value: a number, the place of a category, or the number of a day from 0001-01-01; null if none may be missing.</param>
/// <param name="HasIndicator">Whether a column of 0 and 1 that tells missing values follows.</param>
/// <remarks>
/// Equation  one-hot: eⱼ for category j;  ordinal: j;  date: year, month, day, weekday from 1 for Monday
/// Range     a category that no training row has is 0 in all one-hot columns, and −1 as an ordinal number
/// Source    the conventions of scikit-learn's OneHotEncoder, OrdinalEncoder and SimpleImputer; weekdays by ISO 8601
/// </remarks>
public sealed record EncodedColumn(string Name, ColumnKind Kind, IReadOnlyList<string> Categories, double? Fill, bool HasIndicator)
{
    /// <summary>The code of a category that no training row has.</summary>
    internal const int Unseen = -1;

    /// <summary>How many features it becomes.</summary>
    [JsonIgnore]
    public int Width => OwnWidth + (HasIndicator ? 1 : 0);

    /// <summary>What its features are called.</summary>
    [JsonIgnore]
    public IEnumerable<string> FeatureNames
    {
        get
        {
            IEnumerable<string> own = Kind switch
            {
                ColumnKind.OneHot => Categories.Select(category => $"{Name}={category}"),
                ColumnKind.Date => [$"{Name}.year", $"{Name}.month", $"{Name}.day", $"{Name}.weekday"],
                _ => [Name],
            };
            return HasIndicator ? own.Append($"{Name}.missing") : own;
        }
    }

    /// <summary>Which of its features are 0 or 1 by what they mean, and so are never scaled.</summary>
    internal IEnumerable<bool> AreBinary => Enumerable.Range(0, Width).Select(feature => Kind == ColumnKind.OneHot || feature == OwnWidth);

    /// <summary>Whether it says nothing that contradicts itself, as a damaged file might.</summary>
    [JsonIgnore]
    internal bool IsSound => Categories.Count <= CategoryField.CategoriesMax && Kind switch
    {
        ColumnKind.OneHot or ColumnKind.Ordinal => Categories.Count > 0 && (Fill is null || (Fill >= 0 && Fill < Categories.Count && Fill == Math.Floor(Fill.Value))),
        ColumnKind.Date => Fill is null || (Fill >= 0 && Fill <= DateOnly.MaxValue.DayNumber && Fill == Math.Floor(Fill.Value)),
        _ => Fill is null || double.IsFinite(Fill.Value),
    };

    private int OwnWidth => Kind switch { ColumnKind.OneHot => Categories.Count, ColumnKind.Date => 4, _ => 1 };

    /// <summary>Writes its features, [Width], of what a row holds; NaN is a missing value.</summary>
    internal void Write(double held, Span<double> to)
    {
        bool isMissing = double.IsNaN(held);
        double value = isMissing ? Fill ?? 0 : held;
        switch (Kind)
        {
            case ColumnKind.OneHot:
                to.Clear();
                if (value >= 0) to[(int)value] = 1;
                break;
            case ColumnKind.Date:
                DateOnly date = DateOnly.FromDayNumber((int)value);
                (to[0], to[1], to[2], to[3]) = (date.Year, date.Month, date.Day, date.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)date.DayOfWeek);
                break;
            default:
                to[0] = value;
                break;
        }
        if (HasIndicator) to[^1] = isMissing ? 1 : 0;
    }
}
