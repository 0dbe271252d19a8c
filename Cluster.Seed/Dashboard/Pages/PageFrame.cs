namespace Cluster.Seed.Dashboard.Pages;

/// <summary>What every page has.</summary>
/// <param name="Title">What it is about.</param>
/// <param name="Section">Which entry of the menu it belongs to.</param>
/// <param name="Key">The folder that pages lie below.</param>
/// <param name="FormKey">What each form holds.</param>
/// <param name="Now">When it was made.</param>
/// <param name="Seed">Which seed made it.</param>
public sealed record PageFrame(string Title, string Section, string Key, string FormKey, DateTimeOffset Now, string Seed)
{
    /// <summary>What went wrong with what was asked; null for nothing.</summary>
    public string? Error { get; init; }

    /// <summary>Why what is shown may be old; null if it is not.</summary>
    public string? Stale { get; init; }

    /// <summary>The address of a page.</summary>
    /// <param name="route">Of <see cref="DashboardRoutes"/>.</param>
    /// <param name="job">The job in it.</param>
    public string At(string route, string job = "") =>
        route.Replace("{key}", Key, StringComparison.Ordinal).Replace("{job}", Uri.EscapeDataString(job), StringComparison.Ordinal);
}
