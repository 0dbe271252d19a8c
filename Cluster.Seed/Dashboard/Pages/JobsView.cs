using Cluster.Messages;

namespace Cluster.Seed.Dashboard.Pages;

/// <summary>The list of jobs as it was asked for.</summary>
/// <param name="Rows">The rows of the page.</param>
/// <param name="Found">How many jobs match in all.</param>
/// <param name="All">How many jobs there are.</param>
/// <param name="Status">The status that is wanted; null for any.</param>
/// <param name="Search">What their names hold; empty for anything.</param>
/// <param name="Page">Which page, from 1.</param>
/// <param name="Pages">How many pages there are.</param>
/// <param name="Counts">How many jobs there are of each status.</param>
public sealed record JobsView(
    ImmutableArray<JobRow> Rows, int Found, int All, JobStatus? Status, string Search, int Page, int Pages, ImmutableArray<(JobStatus Status, int Count)> Counts)
{
    /// <summary>Rows of a page.</summary>
    public const int RowsMax = 50;

    /// <summary>The lines of one page, newest first, and the position of the page.</summary>
    public static (ImmutableArray<JobLine> Lines, JobsView View) Of(JobList list, JobStatus? status, string search, int page)
    {
        JobLine[] found = [.. list.Jobs.Reverse().Where(line =>
            (status is null || line.Status == status) && line.Job.Value.Contains(search, StringComparison.OrdinalIgnoreCase))];
        int pages = Math.Max(1, (found.Length + RowsMax - 1) / RowsMax), shown = Math.Clamp(page, 1, pages);
        return ([.. found.Skip((shown - 1) * RowsMax).Take(RowsMax)], new JobsView(
            [], found.Length, list.Jobs.Length, status, search, shown, pages,
            [.. list.Jobs.GroupBy(line => line.Status).OrderBy(group => group.Key).Select(group => (group.Key, group.Count()))]));
    }

    /// <summary>The question that leads to another page of the same list.</summary>
    public string Query(int page) =>
        $"?search={Uri.EscapeDataString(Search)}&status={(Status is { } status ? JobStatusWord.Of(status) : "")}&page={page}";
}
