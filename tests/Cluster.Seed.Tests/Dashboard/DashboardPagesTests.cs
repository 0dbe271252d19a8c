using System.Net;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Seed.Dashboard;
using Cluster.Seed.Dashboard.Pages;

namespace Cluster.Seed.Tests.Dashboard;

/// <summary>What the pages show.</summary>
public sealed class DashboardPagesTests
{
    private const string Hostile = "<script>alert(1)</script>";
    private static readonly JobId Job = new("digits");

    [Fact]
    public async Task A_thousand_jobs_are_shown_page_by_page()
    {
        JobList jobs = new([.. Enumerable.Range(0, 1000).Select(i => new JobLine(new JobId($"job-{i:D4}"), i % 10 == 0 ? JobStatus.Failed : JobStatus.Completed, 1, 0, 100, 2))]);
        int described = 0;
        await using TestDashboard dashboard = await TestDashboard.StartAsync(message => message switch
        {
            ListJobs => jobs,
            DescribeJob describe when Interlocked.Increment(ref described) > 0 => new JobDescribed(jobs.Jobs.Single(line => line.Job == describe.Job), Finished(describe.Job)),
            _ => null,
        });
        await dashboard.LogInAsync();

        string first = await dashboard.PageAsync($"{dashboard.Inside}/jobs"), again = await dashboard.PageAsync($"{dashboard.Inside}/jobs");
        string failed = await dashboard.PageAsync($"{dashboard.Inside}/jobs?status=failed&search=job-00&page=1");

        first.ShouldContain("1,000 jobs, newest first; page 1 of 20");
        first.ShouldContain("job-0999");
        first.ShouldNotContain("job-0949");
        first.ShouldContain("test accuracy 0.75");
        first.Length.ShouldBeLessThan(100_000);
        again.Length.ShouldBe(first.Length);
        described.ShouldBeInRange(JobsView.RowsMax, JobsView.RowsMax + 10);      // once each, however often the page is asked for
        failed.ShouldContain("10 jobs, newest first");
    }

    [Fact]
    public async Task A_job_shows_its_curves_thinned_and_what_happened()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync(Running, options: new DashboardOptions
        {
            Known = [(Job, "the text")],
            Explain = _ => [new ConfigurationLine("training.batch", "64", "32", true), new ConfigurationLine("training.epochs", "10", "10", false)],
        });
        await dashboard.LogInAsync();
        for (int step = 1; step <= 100_000; step++)
            dashboard.Report(new StepsProgressed(Job, step, 200_000, 0, 10, step == 50_000 ? 99 : 1.0 / step, double.NaN, 500, step < 100_000 ? 3 : 2));
        dashboard.Report(new EpochProgressed(Job, 0, 10, [], [new NamedFigure("accuracy", 0.875)], 0.5));

        string page = await dashboard.PageWithAsync($"{dashboard.Inside}/jobs/digits", "0.875");

        page.ShouldContain("step 100,000 of 200,000");
        page.ShouldContain("training loss 1E-05 (from 1E-05 to 99)");
        WebUtility.HtmlDecode(page).ShouldContain("workers: 3 → 2, at step 100,000");
        page.ShouldContain("One key differs from its default.");
        page.ShouldContain("training.batch");
        page.ShouldContain("ε spent by this run");
        page.Length.ShouldBeLessThan(60_000);
    }

    [Fact]
    public async Task What_comes_from_outside_is_encoded()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync(message => message switch
        {
            DescribeJob => new JobDescribed(new JobLine(Job, JobStatus.Failed, 1, 0, 10, 1), Finished(Job) with { Status = JobStatus.Failed, Reason = Hostile, ModelPath = Hostile }),
            _ => Running(message),
        }, options: new DashboardOptions { Known = [(Job, Hostile)] });
        await dashboard.LogInAsync();
        dashboard.Report(new EpochProgressed(Job, 0, 10, [], [new NamedFigure(Hostile, 0.123)], double.NaN));
        dashboard.Report(new TaskProgressed(Job, 0, 1, 2, new TaskOutcome($"{Hostile}={Hostile}", [new NamedFigure(Hostile, 1)], "", "")));

        string job = await dashboard.PageWithAsync($"{dashboard.Inside}/jobs/digits", "0.123");
        string search = await dashboard.PageAsync($"{dashboard.Inside}/jobs?search={Uri.EscapeDataString("\"" + Hostile)}");

        foreach (string page in (string[])[job, search])
        {
            page.ShouldNotContain(Hostile);
            page.ShouldContain("&lt;script&gt;");
        }
    }

    [Fact]
    public async Task Jobs_are_compared_by_what_differs()
    {
        JobId other = new("other");
        await using TestDashboard dashboard = await TestDashboard.StartAsync(
            message => message switch
            {
                ListJobs => new JobList([new JobLine(Job, JobStatus.Completed, 1, 0, 10, 1), new JobLine(other, JobStatus.Completed, 1, 0, 10, 1)]),
                DescribeJob describe => new JobDescribed(new JobLine(describe.Job, JobStatus.Completed, 1, 0, 10, 1), Finished(describe.Job)),
                _ => null,
            },
            options: new DashboardOptions
            {
                Known = [(Job, "32"), (other, "64")],
                Explain = text => [new ConfigurationLine("training.batch", text, "", true), new ConfigurationLine("training.epochs", "10", "10", false)],
            });
        await dashboard.LogInAsync();

        string page = await dashboard.PageAsync($"{dashboard.Inside}/compare?job=digits&job=other&job=unknown");

        page.ShouldContain("<code>training.batch</code></th><td>32</td><td>64</td>");
        page.ShouldNotContain("training.epochs");
        page.ShouldContain("test accuracy");
        page.ShouldNotContain("unknown");
    }

    [Fact]
    public async Task A_job_that_ended_without_figures_is_shown()
    {
        JobLine line = new(Job, JobStatus.Cancelled, 1, 0, 0, 0);
        await using TestDashboard dashboard = await TestDashboard.StartAsync(message => message switch
        {
            ListJobs => new JobList([line]),
            DescribeJob => new JobDescribed(line, Finished(Job) with { Status = JobStatus.Cancelled, Validation = [], Test = [], ModelPath = "", ModelSha256 = "" }),
            _ => null,
        });
        await dashboard.LogInAsync();

        (await dashboard.PageAsync($"{dashboard.Inside}/jobs")).ShouldContain("cancelled");
        (await dashboard.PageAsync($"{dashboard.Inside}/jobs/digits")).ShouldContain("Resume from its checkpoint");
        (await dashboard.PageAsync($"{dashboard.Inside}/compare?job=digits")).ShouldContain("digits");
    }

    [Fact]
    public async Task The_cluster_page_shows_the_nodes()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync(Running);
        await dashboard.LogInAsync();

        string page = await dashboard.PageAsync($"{dashboard.Inside}/cluster");

        page.ShouldContain("1 node, 0 of them not heard");
        page.ShouldContain("coordinator, seed");
        page.ShouldContain("Nothing was lost since");
    }

    [Fact]
    public async Task While_the_coordinator_is_silent_the_page_says_so()
    {
        bool silent = false;
        await using TestDashboard dashboard = await TestDashboard.StartAsync(message => Volatile.Read(ref silent) ? null : Running(message));
        await dashboard.LogInAsync();
        (await dashboard.PageAsync($"{dashboard.Inside}/jobs")).ShouldNotContain("wanted an answer");

        Volatile.Write(ref silent, true);

        string page = await dashboard.PageWithAsync($"{dashboard.Inside}/jobs", "The coordinator: wanted an answer");
        page.ShouldContain("This is as it was at");
        page.ShouldContain("digits");
    }

    [Fact]
    public async Task An_unknown_job_is_not_found()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync(message =>
            message is DescribeJob describe ? new JobRefused(describe.Job, FailureKind.BadInput, $"job {describe.Job}: wanted a job that was submitted, got an unknown one.") : Running(message));
        await dashboard.LogInAsync();

        using HttpResponseMessage answer = await dashboard.GetAsync($"{dashboard.Inside}/jobs/unknown");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        string page = await answer.Content.ReadAsStringAsync();
        page.ShouldContain("got an unknown one");
        page.ShouldContain("id=\"missing\"");        // by which the page's script knows that it is not cut off from the seed
    }

    private static object? Running(object message) => message switch
    {
        ListJobs => new JobList([new JobLine(Job, JobStatus.Running, 1, 0, 10, 1)]),
        DescribeJob => new JobDescribed(new JobLine(Job, JobStatus.Running, 1, 0, 10, 1), null),
        _ => null,
    };

    private static JobFinished Finished(JobId job) => new(
        job, JobStatus.Completed, "/runs/model", new string('a', 64), 100, 2, [], [new NamedFigure("accuracy", 0.5)], [new NamedFigure("accuracy", 0.75)], [], [],
        double.NaN, double.NaN, null, "");
}
