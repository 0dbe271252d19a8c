using Cluster.Ml.Data;
using Cluster.Ml.Numerics;
using Cluster.Ml.Reinforcement.Environments;

namespace Cluster.Ml.Reinforcement;

/// <summary>Reads the states that rows hold.</summary>
internal static class MeasuredRows
{
    /// <summary>The state of a row in double precision.</summary>
    /// <param name="environment">Whose state it is.</param>
    /// <param name="rows">Rows of any table.</param>
    /// <param name="index">Which of them.</param>
    /// <param name="numbers">The learner's kind of numbers.</param>
    /// <param name="state">[StateNames], overwritten.</param>
    /// <exception cref="BadInputException">It is no state of the environment.</exception>
    public static void Read(DecisionProcess environment, RowRange rows, int index, NumberKind numbers, Span<double> state)
    {
        int row = rows.Order.Span[index];
        if (numbers == NumberKind.Float64) rows.Table.DoublesOf(row).CopyTo(state);
        else for (int i = 0; i < state.Length; i++) state[i] = rows.Table.FloatsOf(row)[i];
        if (environment.WhyNotState(state) is { } wanted)
            throw new BadInputException(
                $"row {row + 1}", null, null, $"a state of {environment.Name}, {wanted}", string.Join(", ", state.ToArray().Select(number => number.ToString("R", System.Globalization.CultureInfo.InvariantCulture))),
                "correct the row");
    }
}
