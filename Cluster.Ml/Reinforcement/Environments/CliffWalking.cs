using Cluster.Ml.Randomness;

namespace Cluster.Ml.Reinforcement.Environments;

/// <summary>A grid world: from one corner to the other, along a cliff.</summary>
/// <remarks>
/// Range     4 rows from the top and 12 columns from the left; begins at (3, 0) and ends at (3, 11). Each action moves to the next cell, or stays at an edge, and
///           costs 1; one onto (3, 1) … (3, 10), the cliff, costs 100 and leads back to the beginning. The best return is −13. Cut off after 200
/// Source    Sutton and Barto (2018), example 6.6
/// Differs   from the book in that episodes are cut off
/// </remarks>
public sealed class CliffWalking : DecisionProcess
{
    private const int Rows = 4, Columns = 12, FallCost = 100;

    /// <inheritdoc/>
    public override string Name => "cliff-walking";

    /// <inheritdoc/>
    public override string Meaning => "a grid world: the shortest way along a cliff";

    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames { get; } = ["row", "column"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> ActionNames { get; } = ["up", "right", "down", "left"];

    /// <inheritdoc/>
    public override int StepsMax => 200;

    /// <inheritdoc/>
    public override int Cells => Rows * Columns;

    /// <inheritdoc/>
    public override int CellOf(ReadOnlySpan<double> state) => ((int)state[0] * Columns) + (int)state[1];

    /// <inheritdoc/>
    public override string? WhyNotState(ReadOnlySpan<double> state) =>
        IsPlace(state[0], Rows) && IsPlace(state[1], Columns) ? null : $"a row from 0 to {Rows - 1} and a column from 0 to {Columns - 1}";

    /// <inheritdoc/>
    public override void Start(ref RandomStream chance, Span<double> state)
    {
        state[0] = Rows - 1;
        state[1] = 0;
    }

    /// <inheritdoc/>
    public override Transition Step(Span<double> state, int action, ref RandomStream chance)
    {
        (int down, int right) = action switch { 0 => (-1, 0), 1 => (0, 1), 2 => (1, 0), _ => (0, -1) };
        state[0] = Math.Clamp(state[0] + down, 0, Rows - 1);
        state[1] = Math.Clamp(state[1] + right, 0, Columns - 1);
        bool atEdge = state[0] == Rows - 1 && state[1] > 0;
        if (!atEdge || state[1] == Columns - 1) return new Transition(-1, atEdge);
        Start(ref chance, state);
        return new Transition(-FallCost, false);
    }

    private static bool IsPlace(double value, int count) => value >= 0 && value < count && value == Math.Floor(value);
}
