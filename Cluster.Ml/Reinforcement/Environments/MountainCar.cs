using Cluster.Ml.Randomness;

namespace Cluster.Ml.Reinforcement.Environments;

/// <summary>A car in a valley, too weak to drive straight up: it must first swing back.</summary>
/// <remarks>
/// Equation  v ← min(max(v + 0.001·(a − 1) − 0.0025·cos 3x, −0.07), 0.07);  x ← min(max(x + v, −1.2), 0.5);  v ← 0 at x = −1.2
/// Range     begins at rest with x uniform in [−0.6, −0.4]; ends at x = 0.5; every action costs 1; cut off after 200. Its cells are 40 × 40 squares
///           of place and speed
/// Source    Moore, "Efficient Memory-based Learning for Robot Control", Cambridge (1990); Sutton and Barto (2018), example 10.1
/// Differs   from the book in that episodes are cut off, after the 200 actions that the field knows as MountainCar-v0
/// </remarks>
public sealed class MountainCar : DecisionProcess
{
    private const double PlaceLeast = -1.2, PlaceMost = 0.5, SpeedMost = 0.07, Power = 0.001, Slope = 0.0025;
    private const int CellsASide = 40;

    /// <inheritdoc/>
    public override string Name => "mountain-car";

    /// <inheritdoc/>
    public override string Meaning => "a weak car in a valley swings until it reaches the top";

    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames { get; } = ["place", "speed"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> ActionNames { get; } = ["back", "coast", "forward"];

    /// <inheritdoc/>
    public override int StepsMax => 200;

    /// <inheritdoc/>
    public override int Cells => CellsASide * CellsASide;

    /// <inheritdoc/>
    public override int CellOf(ReadOnlySpan<double> state) =>
        (Band(state[0], PlaceLeast, PlaceMost) * CellsASide) + Band(state[1], -SpeedMost, SpeedMost);

    /// <inheritdoc/>
    public override void Start(ref RandomStream chance, Span<double> state)
    {
        state[0] = Between(-0.6, -0.4, ref chance);
        state[1] = 0;
    }

    /// <inheritdoc/>
    public override Transition Step(Span<double> state, int action, ref RandomStream chance)
    {
        double speed = Math.Clamp(state[1] + (Power * (action - 1)) - (Slope * PolarMath.SinCos(3 * state[0]).Cos), -SpeedMost, SpeedMost);
        double place = Math.Clamp(state[0] + speed, PlaceLeast, PlaceMost);
        state[0] = place;
        state[1] = place == PlaceLeast ? 0 : speed;
        return new Transition(-1, place == PlaceMost);
    }

    private static int Band(double value, double least, double most) => Math.Clamp((int)((value - least) / (most - least) * CellsASide), 0, CellsASide - 1);
}
