namespace Cluster.Ml.Security.Attacks;

/// <summary>What a person asks of an attack; what is null is the attack's own default.</summary>
public sealed record AttackSettings
{
    /// <summary>How changes are measured.</summary>
    public Norm? Norm { get; init; }

    /// <summary>The largest change of a row, in the units of the source.</summary>
    public double? Epsilon { get; init; }

    /// <summary>Steps of an iterative attack, or of each of its searches.</summary>
    public int? Steps { get; init; }

    /// <summary>How far a step goes, in the units of the source; of attacks by an optimizer, its rate.</summary>
    public double? StepSize { get; init; }

    /// <summary>How often an attack begins anew at another random place.</summary>
    public int? Restarts { get; init; }

    /// <summary>The most queries a row of a black-box attack, or of all of an extraction.</summary>
    public int? Queries { get; init; }

    /// <summary>The margin by which an adversarial row must be misclassified.</summary>
    public double? Confidence { get; init; }

    /// <summary>The attack that is made on the substitute.</summary>
    public string? With { get; init; }

    /// <summary>Standard deviation of noise around a row, in the units of the source.</summary>
    public double? Noise { get; init; }

    /// <summary>Models that a membership attack trains.</summary>
    public int? Models { get; init; }

    /// <summary>What random numbers are keyed by.</summary>
    public ulong Seed { get; init; } = 1;

    internal double EpsilonOr(double otherwise) => Epsilon ?? otherwise;
}
