using Cluster.Ml.Data;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Learning;

/// <summary>A learner whose state holds numbers that are asked for by name: coefficients, centroids, explained variance.</summary>
public interface ILearnedNumbers
{
    /// <summary>Those numbers, in units of the source's columns if they have any.</summary>
    /// <param name="state">A trained state.</param>
    /// <param name="preprocessing">How the source's columns were scaled.</param>
    IReadOnlyList<LearnedNumbers> Learned(NumericBuffer state, Preprocessing preprocessing);
}

/// <summary>Numbers with a name and a shape.</summary>
/// <param name="Name">As results name them: lower case, with underscores.</param>
/// <param name="Shape">Sizes of the axes, the last innermost; none for one number.</param>
/// <param name="Values">Row by row.</param>
public sealed record LearnedNumbers(string Name, IReadOnlyList<int> Shape, IReadOnlyList<double> Values)
{
    /// <summary>One number.</summary>
    public static LearnedNumbers Scalar(string name, double value) => new(name, [], [value]);

    /// <summary>Numbers in a row.</summary>
    public static LearnedNumbers Vector(string name, IReadOnlyList<double> values) => new(name, [values.Count], values);

    /// <summary>Rows of numbers.</summary>
    public static LearnedNumbers Matrix(string name, int columns, IReadOnlyList<double> values) => new(name, [values.Count / columns, columns], values);
}
