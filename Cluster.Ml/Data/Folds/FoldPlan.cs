using System.Globalization;

namespace Cluster.Ml.Data.Folds;

/// <summary>How the rows of a job are dealt to folds.</summary>
/// <param name="Folds">How many folds, at least 2.</param>
/// <remarks>
/// Range  as text the number of folds, then what differs from the usual: "5", "5 repeats=3 group=site", "5 time-ordered"; the name of the
///        group's column is all that follows, so that it may hold any character
/// </remarks>
public sealed record FoldPlan(int Folds)
{
    private const string TimeOrdered = "time-ordered", RepeatsIs = "repeats=", GroupIs = " group=";
    private const int FoldsMin = 2, RepeatsMin = 1;

    /// <summary>How often the rows are dealt anew.</summary>
    public int Repeats { get; init; } = RepeatsMin;

    /// <summary>Whether a fold is measured by the rows before it alone, in the order of the source.</summary>
    public bool IsTimeOrdered { get; init; }

    /// <summary>The column whose equal values keep rows in one fold, and which is no feature; null for none.</summary>
    public string? Group { get; init; }

    /// <summary>How many models are trained.</summary>
    public long Count => (long)Folds * Repeats;

    /// <summary>In how many of the trainings a row takes part, at most.</summary>
    public int TrainingsOfARow => IsTimeOrdered ? Folds : (Folds - 1) * Repeats;

    /// <summary>Reads what <see cref="ToString"/> writes; null if it is none.</summary>
    public static FoldPlan? Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int named = text.IndexOf(GroupIs, StringComparison.Ordinal);
        string[] words = (named < 0 ? text : text[..named]).Split(' ');
        if (!NumberText.TryRead(words[0], out int folds) || folds < FoldsMin) return null;
        FoldPlan plan = new(folds) { Group = named < 0 ? null : text[(named + GroupIs.Length)..] };
        foreach (string word in words[1..])
        {
            if (word == TimeOrdered) plan = plan with { IsTimeOrdered = true };
            else if (word.StartsWith(RepeatsIs, StringComparison.Ordinal) && NumberText.TryRead(word.AsSpan(RepeatsIs.Length), out int repeats) && repeats >= RepeatsMin)
                plan = plan with { Repeats = repeats };
            else return null;
        }
        return plan;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        string text = Folds.ToString(CultureInfo.InvariantCulture);
        if (Repeats > RepeatsMin) text += $" {RepeatsIs}{Repeats.ToString(CultureInfo.InvariantCulture)}";
        if (IsTimeOrdered) text += $" {TimeOrdered}";
        return Group is null ? text : text + GroupIs + Group;
    }
}
