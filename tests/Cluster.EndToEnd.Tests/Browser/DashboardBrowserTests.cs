using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Cluster.EndToEnd.Tests.Browser;

/// <summary>The dashboard in a browser.</summary>
public sealed class DashboardBrowserTests(DashboardBrowser browser) : IClassFixture<DashboardBrowser>
{
    private static readonly LocatorAssertionsToHaveTextOptions s_patient = new() { Timeout = 60_000 };
    private static readonly AxeRunOptions s_levels = new() { RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] } };
    private static readonly AxeRunOptions s_colours = new() { RunOnly = new RunOnlyOptions { Type = "rule", Values = ["color-contrast"] } };

    [SkippableFact]
    public async Task A_worker_is_killed_and_the_page_shows_the_loss_and_the_recovery()
    {
        IPage page = await browser.LogInAsync();
        await SubmitAsync(page, "killed", epochs: 100_000);
        await Expect(page.Locator("#standing .badge")).ToHaveTextAsync("running", s_patient);
        await Expect(page.Locator("#charts")).ToContainTextAsync("training loss", new() { Timeout = 60_000 });

        (await browser.Cluster.ChildrenAsync(2))[0].Kill();
        await CutOffAsync(page);

        await Expect(page.Locator("#events")).ToContainTextAsync("the cluster lost 127.0.0.1", new() { Timeout = 60_000 });
        await page.GetByRole(AriaRole.Link, new() { Name = "Cluster", Exact = true }).ClickAsync();
        await Expect(page.Locator("#losses")).ToContainTextAsync("killed after", new() { Timeout = 60_000 });
        string step = await page.Locator("#running .words").InnerTextAsync();
        await Expect(page.Locator("#running .words")).Not.ToHaveTextAsync(step, s_patient);      // the job goes on
        await page.GetByRole(AriaRole.Link, new() { Name = "killed", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel after a checkpoint" }).ClickAsync();
        await Expect(page.Locator("#standing .badge")).ToHaveTextAsync("cancelled", s_patient);
    }

    [SkippableFact]
    public async Task No_view_has_a_fault_of_accessibility_or_scrolls_sideways()
    {
        await CheckAsync(await browser.OpenAsync(ColorScheme.Dark, width: 400), "log-in");
        IPage page = await browser.LogInAsync(ColorScheme.Dark, width: 400);
        await CheckAsync(page, "jobs");
        await SubmitAsync(page, "seen", epochs: 2);
        await CheckAsync(page, "job");
        string inside = page.Url[..page.Url.IndexOf("/jobs", StringComparison.Ordinal)];
        foreach (string view in (string[])["/compare?job=seen", "/cluster"])
        {
            await page.GotoAsync(inside + view);
            await CheckAsync(page, view);
        }
    }

    /// <summary>Until the loss is noticed, there is time to see what a page says that nobody answers.</summary>
    private static async Task CutOffAsync(IPage page)
    {
        await page.RouteAsync("**/*", route => route.AbortAsync());
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Cut off from the seed since", new() { Timeout = 60_000 });
        await page.UnrouteAllAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToBeHiddenAsync(new() { Timeout = 60_000 });
    }

    private static async Task SubmitAsync(IPage page, string name, int epochs)
    {
        string jobs = Path.Combine(Repository.Root, "deploy", "jobs");
        await page.GetByText("Submit a job").ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await page.GetByLabel("Job file").FillAsync((await File.ReadAllTextAsync(Path.Combine(jobs, "digits-cnn.yaml"))).Replace("epochs: 30", $"epochs: {epochs}"));
        await page.GetByLabel("Folder that its relative paths are relative to").FillAsync(jobs);
        await page.GetByRole(AriaRole.Button, new() { Name = "Submit", Exact = true }).PressAsync("Enter");
        await page.WaitForURLAsync($"**/jobs/{name}");
    }

    /// <summary>Every rule in the dark on a telephone; in the light only colours are others.</summary>
    private static async Task CheckAsync(IPage page, string view)
    {
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth")).ShouldBe(0, view);
        await RequireAsync(page, view, s_levels);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await RequireAsync(page, $"{view}, light", s_colours);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
    }

    private static async Task RequireAsync(IPage page, string view, AxeRunOptions rules)
    {
        AxeResult result = await page.RunAxe(rules);
        result.Violations.Select(violation => $"{view}: {violation.Id}, {violation.Help}: {string.Join(' ', violation.Nodes.Select(node => node.Html))}").ShouldBeEmpty();
        result.Passes.ShouldNotBeEmpty();
    }
}
