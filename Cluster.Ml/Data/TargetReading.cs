namespace Cluster.Ml.Data;

/// <summary>Whether and how the targets of a source are read.</summary>
/// <param name="Kind">What they are; None if they are not looked at.</param>
/// <param name="Known">The classes that a model knows, by which labels are numbered; null if the source's own classes are.</param>
/// <param name="LeavesOthersOut">Whether a row of a class that the model does not know gets <see cref="LeftOut"/> instead of being refused.</param>
internal sealed record TargetReading(TargetKind Kind, ClassNames? Known = null, bool LeavesOthersOut = false)
{
    /// <summary>The target of a row that is not to be looked at.</summary>
    public const double LeftOut = -1;

    /// <summary>Targets are not looked at.</summary>
    public static readonly TargetReading None = new(TargetKind.None);

    /// <summary>What decides which targets are read, for the identity of the rows.</summary>
    public IEnumerable<string> Manner => [$"{Kind}", $"{LeavesOthersOut}", $"{Known?.Names.Count ?? -1}", .. Known?.Names ?? []];

    /// <summary>The target that a label of a known class stands for.</summary>
    /// <returns>Null if there is no such class.</returns>
    public double? Of(string label) => Known!.IndexOf(label) is >= 0 and var index ? index : LeavesOthersOut ? LeftOut : null;

    /// <summary>The target of each byte that a file of images may hold as a label; null for a class that is not known.</summary>
    /// <param name="name">What the file calls a label.</param>
    public double?[] OfBytes(Func<int, string> name) =>
        [.. Enumerable.Range(0, byte.MaxValue + 1).Select(label => Kind == TargetKind.Class && Known is not null ? Of(name(label)) : label)];

    /// <summary>The error of an image whose class is not known.</summary>
    public BadInputException Unknown(string file, string label, long row) => new(
        file, null, null, "classes that the model knows", $"'{label}' in image {row + 1}", Nearest.Advice(label, Known!.Names));
}
