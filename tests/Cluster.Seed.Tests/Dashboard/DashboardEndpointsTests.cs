using System.Net;
using System.Text.RegularExpressions;
using Cluster.Messages;
using Cluster.Messages.Api;
using Cluster.Messages.Identifiers;
using Cluster.Seed.Dashboard;

namespace Cluster.Seed.Tests.Dashboard;

/// <summary>The dashboard as a browser, a stranger and a page of another server see it.</summary>
public sealed partial class DashboardEndpointsTests
{
    private static readonly JobId Job = new("digits");

    [Theory]
    [InlineData("/dashboard/00000000000000000000000000000000/jobs")]
    [InlineData("/dashboard/00000000000000000000000000000000/jobs/digits")]
    [InlineData("/dashboard/00000000000000000000000000000000/compare")]
    [InlineData("/dashboard/00000000000000000000000000000000/cluster")]
    public async Task A_stranger_is_sent_to_log_in(string path)
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync(Answer);

        using HttpResponseMessage answer = await dashboard.GetAsync(path);

        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        answer.Headers.Location!.ToString().ShouldBe("/dashboard");
        answer.Headers.ConnectionClose.ShouldBe(true);
        (await answer.Content.ReadAsStringAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Whoever_knows_the_address_of_the_pages_but_has_no_session_sees_none()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync(Answer);
        await dashboard.LogInAsync();
        dashboard.Forget();

        using HttpResponseMessage answer = await dashboard.GetAsync($"{dashboard.Inside}/jobs");

        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Theory]
    [InlineData("another-token-of-length")]
    [InlineData("")]
    public async Task Another_token_is_refused(string token)
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync(Answer);

        using HttpResponseMessage answer = await dashboard.PostAsync("/dashboard/login", [new("token", token)]);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
        answer.Headers.ConnectionClose.ShouldBe(true);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Wanted the cluster&#x27;s token, got another.");
    }

    [Fact]
    public async Task A_form_that_is_too_long_is_refused_in_words()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync(Answer);

        using HttpResponseMessage answer = await dashboard.PostAsync("/dashboard/login", [new("token", new string('a', 600 * 1024))]);

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("body: wanted a smaller one");
    }

    [Fact]
    public async Task A_form_of_too_many_fields_is_refused_in_words()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync(Answer);

        using HttpResponseMessage answer = await dashboard.PostAsync("/dashboard/login", Enumerable.Range(0, 5000).Select(i => KeyValuePair.Create($"f{i}", "")));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("form: wanted the fields of a page of this dashboard");
    }

    [Fact]
    public async Task Without_a_token_nobody_is_let_in()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync(Answer, token: null);

        using HttpResponseMessage answer = await dashboard.PostAsync("/dashboard/login", [new("token", "")]);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await dashboard.PageAsync("/dashboard")).ShouldContain("This cluster has no token");
    }

    [Fact]
    public async Task The_cookie_is_for_these_pages_alone()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync(Answer);

        using HttpResponseMessage answer = await dashboard.PostAsync("/dashboard/login", [new("token", TestDashboard.Token)]);
        await dashboard.LogInAsync();
        using HttpResponseMessage api = await dashboard.GetAsync("/api/v1/jobs");

        string cookie = answer.Headers.GetValues("Set-Cookie").Single();
        foreach (string wanted in (string[])["httponly", "samesite=strict", $"path={dashboard.Inside}"]) cookie.ShouldContain(wanted);
        cookie.ShouldNotContain(TestDashboard.Token);
        dashboard.Inside.Length.ShouldBe("/dashboard/".Length + 32);
        api.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Pages_take_nothing_from_elsewhere_and_are_in_no_frame()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync(Answer);
        await dashboard.LogInAsync();

        foreach (string path in (string[])["/dashboard", $"{dashboard.Inside}/jobs", $"{dashboard.Inside}/jobs/digits", $"{dashboard.Inside}/compare", $"{dashboard.Inside}/cluster"])
        {
            using HttpResponseMessage answer = await dashboard.GetAsync(path);
            string policy = answer.Headers.GetValues("Content-Security-Policy").Single(), page = await answer.Content.ReadAsStringAsync();

            policy.ShouldStartWith("default-src 'none'");
            policy.ShouldContain("frame-ancestors 'none'");
            policy.ShouldNotContain("unsafe");
            page.ShouldNotContain(" style=");
            InlineScript().IsMatch(page).ShouldBeFalse();
            Elsewhere().IsMatch(page).ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData(null, "another-key", 403)]
    [InlineData("http://127.0.0.1:9", "", 403)]             // another server of this machine, which a browser counts as the same site
    [InlineData("null", "", 403)]
    [InlineData("", "", 403)]
    [InlineData(null, "", 303)]
    public async Task A_form_is_taken_from_these_pages_alone(string? origin, string key, int status)
    {
        int cancelled = 0;
        await using TestDashboard dashboard = await TestDashboard.StartAsync(message =>
        {
            if (message is CancelJob) Interlocked.Increment(ref cancelled);
            return Answer(message);
        });
        await dashboard.LogInAsync();
        string own = FormKey().Match(await dashboard.PageAsync($"{dashboard.Inside}/jobs/digits")).Groups[1].Value;

        using HttpResponseMessage answer = await dashboard.PostAsync($"{dashboard.Inside}/jobs/digits/cancel", [new("form-key", key.Length > 0 ? key : own)], origin);

        ((int)answer.StatusCode).ShouldBe(status);
        cancelled.ShouldBe(status == 303 ? 1 : 0);
    }

    [Fact]
    public async Task After_the_log_out_the_cookie_opens_nothing()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync(Answer);
        await dashboard.LogInAsync();
        string key = FormKey().Match(await dashboard.PageAsync($"{dashboard.Inside}/jobs")).Groups[1].Value;

        using HttpResponseMessage left = await dashboard.PostAsync($"{dashboard.Inside}/logout", [new("form-key", key)]);
        using HttpResponseMessage answer = await dashboard.GetAsync($"{dashboard.Inside}/jobs");

        left.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task A_job_that_is_refused_keeps_what_was_written()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync(Answer);
        await dashboard.LogInAsync();
        string key = FormKey().Match(await dashboard.PageAsync($"{dashboard.Inside}/jobs")).Groups[1].Value;

        using HttpResponseMessage answer = await dashboard.PostAsync(
            $"{dashboard.Inside}/jobs", [new("form-key", key), new("job", "new"), new("text", "model: <b>"), new("base_directory", "/data"), new("priority", "7"), new("folds", "0")]);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        string page = await answer.Content.ReadAsStringAsync();
        page.ShouldContain("model: &lt;b&gt;</textarea>");
        page.ShouldContain("no &lt;i&gt;such&lt;/i&gt; model");
        page.ShouldContain("value=\"7\"");
    }

    [Theory]
    [InlineData("priority", "much", "priority: wanted a whole number, got 'much'.")]
    [InlineData("folds", "99999999999", "folds: wanted a whole number, got '99999999999'.")]
    [InlineData("folds", "", "folds: wanted a whole number, got none.")]
    public async Task A_field_without_the_number_that_is_wanted_is_refused_in_words_and_shown_as_it_was_written(string field, string written, string wanted)
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync(Answer);
        await dashboard.LogInAsync();
        string key = FormKey().Match(await dashboard.PageAsync($"{dashboard.Inside}/jobs")).Groups[1].Value;
        Dictionary<string, string> fields = new()
        {
            ["form-key"] = key,
            ["job"] = "new",
            ["text"] = "model: a",
            ["base_directory"] = "/data",
            ["priority"] = "7",
            ["folds"] = "0",
            [field] = written,
        };

        using HttpResponseMessage answer = await dashboard.PostAsync($"{dashboard.Inside}/jobs", fields);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        string page = await answer.Content.ReadAsStringAsync();
        WebUtility.HtmlDecode(page).ShouldContain(wanted);
        page.ShouldContain($"value=\"{written}\"");
        page.ShouldNotContain($"{int.MinValue}");
    }

    [Fact]
    public async Task Where_one_job_is_watched_none_is_submitted()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync(Answer, options: new DashboardOptions { MaySubmit = false });
        await dashboard.LogInAsync();

        (await dashboard.PageAsync($"{dashboard.Inside}/jobs")).ShouldNotContain("Submit a job");
    }

    [Theory]
    [InlineData("dashboard.css", "text/css")]
    [InlineData("dashboard.js", "text/javascript")]
    [InlineData("login.js", "text/javascript")]
    [InlineData("icon.svg", "image/svg+xml")]
    public async Task Its_own_files_are_served(string name, string type)
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync(Answer);

        using HttpResponseMessage answer = await dashboard.GetAsync($"/dashboard/assets/{name}");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe(type);
    }

    [Fact]
    public async Task The_description_of_the_api_tells_nothing_of_it()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync(Answer);

        using HttpResponseMessage answer = await dashboard.GetAsync(ApiRoutes.Description, TestDashboard.Token);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        string description = await answer.Content.ReadAsStringAsync();
        description.ShouldContain(ApiRoutes.Jobs);
        description.ShouldNotContain("/dashboard");
    }

    private static object? Answer(object message) => message switch
    {
        ListJobs => new JobList([new JobLine(Job, JobStatus.Running, 1, 0, 10, 1)]),
        DescribeJob { Job: var job } when job == Job => new JobDescribed(new JobLine(Job, JobStatus.Running, 1, 0, 10, 1), null),
        DescribeJob { Job: var job } => new JobRefused(job, FailureKind.BadInput, $"job {job}: wanted a job that was submitted, got an unknown one."),
        CancelJob cancel => new JobCancelling(cancel.Job),
        SubmitJob submit => new JobRefused(submit.Job, FailureKind.BadInput, "no <i>such</i> model"),
        _ => null,
    };

    [GeneratedRegex("name=\"form-key\" value=\"([0-9a-f]{64})\"")]
    private static partial Regex FormKey();

    [GeneratedRegex("<script(?![^>]* src=)|\\son\\w+=\"")]
    private static partial Regex InlineScript();

    [GeneratedRegex("(?:src|href|action)=\"(?:https?:|//)")]
    private static partial Regex Elsewhere();
}
