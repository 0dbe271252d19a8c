namespace Cluster.Ml.Data;

/// <summary>Refuses a target that is a quantity and no class: numbers with decimals, almost as many as there are rows.</summary>
/// <remarks>Range  two decimal classes, or a few among many rows (0.5, 1, 1.5), are classes; more than 20, or more than one for two rows, are not</remarks>
internal static class DecimalTarget
{
    private const int FewClasses = 2, ManyClasses = 20;

    /// <param name="raw">Rows of classes.</param>
    /// <param name="target">The column that names them.</param>
    /// <exception cref="BadInputException">They are no classes.</exception>
    public static void Refuse(RawRows raw, string? target)
    {
        int classes = raw.Classes.Count;
        if (classes <= FewClasses || (classes <= ManyClasses && 2L * classes <= raw.Rows)) return;
        string? first = null;
        foreach (string name in raw.Classes)
        {
            if (!NumberText.TryRead(name, out double value)) return;
            if (first is null && value != Math.Truncate(value)) first = name;
        }
        if (first is null) return;
        (int Line, int Column, string Text)? place = CsvPlaces.FindNumber(raw.File, raw.Facts.Dialect, name => name == target, value => value != Math.Truncate(value));
        throw new BadInputException(
            raw.File, place?.Line, place?.Column, $"classes in column '{target}'", $"{classes} different numbers with decimals, such as '{place?.Text ?? first}'",
            "to learn a number use model.kind linear-regression, or mlp with task: regression; where these are classes write them as words");
    }
}
