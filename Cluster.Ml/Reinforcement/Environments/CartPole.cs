using Cluster.Ml.Randomness;

namespace Cluster.Ml.Reinforcement.Environments;

/// <summary>A pole on a cart, which is pushed left or right so that the pole does not fall.</summary>
/// <remarks>
/// Equation  u = (F + m·l·ω²·sin θ) / M;  α = (g·sin θ − u·cos θ) / (l·(4/3 − m·cos²θ / M));  a = u − m·l·α·cos θ / M;
///           (x, v, θ, ω) ← (x, v, θ, ω) + τ·(v, a, ω, α), all at once (Euler)
/// Units     metres, seconds, radians; F = ±10 N, g = 9.8, pole m = 0.1 kg of half-length l = 0.5 m, M = 1.1 kg with the cart, τ = 0.02 s
/// Range     begins with each number uniform in [−0.05, 0.05]; ends beyond 2.4 m or 12°; every action is rewarded with 1; cut off after 500,
///           so that 500 is the most a return can be
/// Source    Barto, Sutton and Anderson, "Neuronlike Adaptive Elements That Can Solve Difficult Learning Control Problems", IEEE Transactions on
///           Systems, Man, and Cybernetics 13 (1983), § III and appendix
/// Differs   from the paper in having no friction, and in the limits and rewards, which are those that the field knows as CartPole-v1
/// </remarks>
public sealed class CartPole : DecisionProcess
{
    private const double Gravity = 9.8, PoleMass = 0.1, TotalMass = 1.1, HalfLength = 0.5, Force = 10, Seconds = 0.02;
    private const double PlaceMost = 2.4, AngleMost = 12 * Math.PI / 180, StartMost = 0.05;

    /// <inheritdoc/>
    public override string Name => "cart-pole";

    /// <inheritdoc/>
    public override string Meaning => "a cart is pushed left or right so that the pole on it does not fall";

    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames { get; } = ["place", "speed", "angle", "angular_speed"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> ActionNames { get; } = ["left", "right"];

    /// <inheritdoc/>
    public override int StepsMax => 500;

    /// <inheritdoc/>
    public override void Start(ref RandomStream chance, Span<double> state)
    {
        foreach (ref double number in state) number = Between(-StartMost, StartMost, ref chance);
    }

    /// <inheritdoc/>
    public override Transition Step(Span<double> state, int action, ref RandomStream chance)
    {
        double speed = state[1], turning = state[3];
        (double sin, double cos) = PolarMath.SinCos(state[2]);
        double push = ((action == 1 ? Force : -Force) + (PoleMass * HalfLength * turning * turning * sin)) / TotalMass;
        double angular = ((Gravity * sin) - (cos * push)) / (HalfLength * ((4.0 / 3.0) - (PoleMass * cos * cos / TotalMass)));
        double linear = push - (PoleMass * HalfLength * angular * cos / TotalMass);
        state[0] += Seconds * speed;
        state[1] += Seconds * linear;
        state[2] += Seconds * turning;
        state[3] += Seconds * angular;
        return new Transition(1, Math.Abs(state[0]) > PlaceMost || Math.Abs(state[2]) > AngleMost);
    }
}
