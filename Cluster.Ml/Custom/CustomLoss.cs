namespace Cluster.Ml.Custom;

/// <summary>What a predicted number costs, as a program says it. Registered by <see cref="CustomParts.AddLoss"/>.</summary>
/// <remarks>
/// Shapes  one output y and one target t, both numbers
/// Range   a pure function of the two: no clock, no randomness, no state between calls
/// </remarks>
public abstract class CustomLoss
{
    /// <summary>The loss of a row, in units of its own; training minimises its mean.</summary>
    /// <param name="output">What the network says: y.</param>
    /// <param name="target">What it is to say: t.</param>
    public abstract double Of(double output, double target);

    /// <summary>∂loss/∂y.</summary>
    /// <param name="output">What the network says: y.</param>
    /// <param name="target">What it is to say: t.</param>
    public abstract double Gradient(double output, double target);
}
