using System.Collections.Concurrent;
using Cluster.Messages;
using Cluster.Messages.Api;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node.Http;
using Cluster.Seed.Dashboard.History;
using Cluster.Seed.Http;
using Microsoft.AspNetCore.Http;

namespace Cluster.Seed.Dashboard;

/// <summary>What the pages show: the answers of the job manager that the HTTP API gives, too, beside what this seed has heard.</summary>
internal sealed class DashboardData
{
    private const int FinishedMax = 2048, ExplainedMax = 64;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private readonly ClusterClient _cluster;
    private readonly SharedAnswer<JobList> _jobs;
    private readonly ConcurrentDictionary<(JobId Job, int Run), FinalFigure> _finished = new();
    private readonly ConcurrentDictionary<string, ImmutableArray<ConfigurationLine>> _explained = new();
    private readonly TimeProvider _time;

    public DashboardData(ClusterClient cluster, RunHistory history, DashboardOptions options, TimeProvider time)
    {
        (_cluster, History, Options, _time) = (cluster, history, options, time);
        _jobs = new SharedAnswer<JobList>(() => cluster.AskAsync<JobList>(new ListJobs(), StatusCodes.Status409Conflict), time);
    }

    /// <summary>What was heard.</summary>
    public RunHistory History { get; }

    /// <summary>What the program that serves this said.</summary>
    public DashboardOptions Options { get; }

    /// <summary>The moment.</summary>
    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>The list of jobs.</summary>
    public Task<Heard<JobList>> JobsAsync() => _jobs.GetAsync();

    /// <summary>The nodes.</summary>
    public ClusterView Look() => _cluster.Look();

    /// <summary>Where a job stands; without an answer in time what was heard of it must do.</summary>
    /// <exception cref="ProblemException">There is no such job.</exception>
    public async Task<Heard<JobDescribed>> DescribeAsync(JobId job)
    {
        try
        {
            JobDescribed described = await _cluster.DescribeAsync(job).WaitAsync(Patience, _time);
            if (described.Finished is { } finished) Keep(described.Line, finished);
            return new(described, Now, null);
        }
        catch (TimeoutException)
        {
            return new(null, Now, $"the coordinator: wanted an answer within {Patience.TotalSeconds:F0} s, got none");
        }
        catch (ProblemException problem) when (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            return new(null, Now, problem.Message);
        }
    }

    /// <summary>The rows of a list, each with what is known of its job; results that are not known yet are asked for together.</summary>
    public async Task<ImmutableArray<JobRow>> RowsAsync(IEnumerable<JobLine> lines)
    {
        JobLine[] all = [.. lines];
        await Task.WhenAll(all.Where(line => IsOver(line) && ResultOf(line) is null).Select(line => DescribeQuietlyAsync(line.Job)));
        return [.. all.Select(line => new JobRow(line, History.Look(line.Job), IsOver(line) ? ResultOf(line) : null))];
    }

    /// <summary>What a job's text means; empty if this program cannot say. A text is read once.</summary>
    public ImmutableArray<ConfigurationLine> Explain(string text)
    {
        if (text.Length == 0 || Options.Explain is not { } explain) return [];
        if (_explained.Count >= ExplainedMax) _explained.Clear();
        return _explained.GetOrAdd(text, explain);
    }

    /// <summary>Whether the job has ended.</summary>
    public static bool IsOver(JobLine line) => line.Status is not (JobStatus.Queued or JobStatus.Running);

    private FinalFigure? ResultOf(JobLine line) => _finished.GetValueOrDefault((line.Job, line.Run));

    private void Keep(JobLine line, JobFinished finished)
    {
        if (_finished.Count >= FinishedMax) _finished.Clear();
        _finished[(line.Job, line.Run)] = FinalFigure.Of(finished);
    }

    private async Task DescribeQuietlyAsync(JobId job)
    {
        try
        {
            await DescribeAsync(job);
        }
        catch (ProblemException)
        {
            // It has just been put away; its row shows what the list says.
        }
    }
}

/// <summary>A job in the list.</summary>
/// <param name="Line">Where it stands, as the job manager says.</param>
/// <param name="Sight">What this seed has heard of it; null for nothing.</param>
/// <param name="Final">The figure that it ended with; null while it has no result.</param>
public sealed record JobRow(JobLine Line, JobSight? Sight, FinalFigure? Final);

/// <summary>What the list of jobs shows of a result: one figure, of the test rows where it has one. Of many results no more is kept.</summary>
/// <param name="Words">"test accuracy 0.975"; empty if the result has no figures.</param>
public sealed record FinalFigure(string Words)
{
    /// <summary>The figure of a result.</summary>
    internal static FinalFigure Of(JobFinished finished)
    {
        foreach ((string split, ImmutableArray<NamedFigure> figures) in ((string, ImmutableArray<NamedFigure>)[])[("test", finished.Test), ("validation", finished.Validation), ("training", finished.Training)])
            if (!figures.IsDefaultOrEmpty) return new FinalFigure($"{split} {PageText.Figure(figures[0])}");
        return new FinalFigure("");
    }
}
