namespace Cluster.Benchmarks.Exchange;

/// <summary>What is measured, the same between nodes and between raw sockets.</summary>
internal enum TrialKind
{
    /// <summary>A vector one way, as a state is published; the other side says when it has all of it.</summary>
    Publish,

    /// <summary>A vector there and another back, as the state and the contribution of a step.</summary>
    Exchange,

    /// <summary>Small messages one way; the other side answers the last of them.</summary>
    Small,
}

/// <summary>One thing to measure.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Kind">What.</param>
/// <param name="Bytes">Of a vector; 0 for small messages.</param>
/// <param name="Messages">Small ones for one answer: 1 is a round trip.</param>
/// <param name="Repeats">How often it is measured in one go.</param>
internal sealed record Trial(string Name, TrialKind Kind, int Bytes, int Messages, int Repeats)
{
    /// <summary>Bytes of a small message between raw sockets: about those of a frame with a request for contributions.</summary>
    public const int SmallBytes = 100;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Trial> All { get; } =
    [
        new("1 MB one way, acknowledged", TrialKind.Publish, 1_000_000, 0, 60),
        new("10 MB one way, acknowledged", TrialKind.Publish, 10_000_000, 0, 12),
        new("1 MB there, 1 MB back", TrialKind.Exchange, 1_000_000, 0, 40),
        new("10 MB there, 10 MB back", TrialKind.Exchange, 10_000_000, 0, 8),
        new("small message, round trip", TrialKind.Small, 0, 1, 2000),
        new("small messages, 20,000 one way", TrialKind.Small, 0, 20_000, 5),
    ];
}
