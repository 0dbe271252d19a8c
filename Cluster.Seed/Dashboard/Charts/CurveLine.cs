namespace Cluster.Seed.Dashboard.Charts;

/// <summary>A line of a chart.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Points">In the order of x.</param>
/// <param name="Text">What the legend says beside the name.</param>
public sealed record CurveLine(string Name, ImmutableArray<CurvePoint> Points, string Text);
