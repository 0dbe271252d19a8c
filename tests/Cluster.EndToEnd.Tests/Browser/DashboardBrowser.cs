using Microsoft.Playwright;

namespace Cluster.EndToEnd.Tests.Browser;

/// <summary>
/// A running cluster with two worker processes, and a headless Chromium that looks at its dashboard. Where the machine has no Chromium,
/// tests are skipped with the reason; on a build server (CI=true) they fail.
/// </summary>
public sealed class DashboardBrowser : IAsyncLifetime, IDisposable
{
    private const string Token = "a-token-of-the-browser-tests";
    private static readonly string[] s_places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private readonly TemporaryFolder _folder = new();
    private readonly string? _chromium = s_places.FirstOrDefault(File.Exists);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>The cluster.</summary>
    internal ClusterProcess Cluster { get; private set; } = null!;

    /// <summary>Where the dashboard is.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Starts both, if there is a Chromium.</summary>
    public async Task InitializeAsync()
    {
        if (_chromium is null) return;
        string token = _folder["token"];
        await File.WriteAllTextAsync(token, Token);
        Cluster = ClusterProcess.Start(
            "up", "--processes", "--workers", "2", "--http", "127.0.0.1:0", "--listen", "127.0.0.1:0", "--token-file", token, "--runs", _folder["runs"], "--data-roots", "/", "--jobs-at-once", "8");
        string line = "";
        await Cluster.SeeAsync(text =>
        {
            if (text.StartsWith("HTTP API", StringComparison.Ordinal)) line = text;
            return line.Length > 0;
        });
        Address = $"{line.Split(' ')[^1]}/dashboard";
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = _chromium, Args = ["--no-sandbox"] });
    }

    /// <summary>A page of a new session, logged in by the address that `train --dashboard` prints.</summary>
    /// <param name="scheme">Light or dark.</param>
    /// <param name="width">Pixels.</param>
    public async Task<IPage> LogInAsync(ColorScheme scheme = ColorScheme.Light, int width = 1280)
    {
        IPage page = await OpenAsync(scheme, width, $"#token={Token}");
        await page.WaitForURLAsync("**/jobs");
        return page;
    }

    /// <summary>A page at the log-in.</summary>
    /// <param name="scheme">Light or dark.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="mark">What follows its address.</param>
    public async Task<IPage> OpenAsync(ColorScheme scheme, int width, string mark = "")
    {
        RequirePresence();
        IBrowserContext context = await _browser!.NewContextAsync(new BrowserNewContextOptions { ColorScheme = scheme, ViewportSize = new ViewportSize { Width = width, Height = 900 } });
        context.SetDefaultTimeout((float)TimeSpan.FromSeconds(60).TotalMilliseconds);
        IPage page = await context.NewPageAsync();
        await page.GotoAsync(Address + mark);
        return page;
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        Cluster?.Dispose();
    }

    /// <summary>Comes after <see cref="DisposeAsync"/>: nobody writes into the folder any more.</summary>
    public void Dispose() => _folder.Dispose();

    private void RequirePresence()
    {
        if (_chromium is not null) return;
        string absence = $"none of {string.Join(", ", s_places)} is here";
        if (Environment.GetEnvironmentVariable("CI") is "true") throw new InvalidOperationException($"Chromium: wanted one, as CI=true, got none: {absence}");
        Skip.If(true, absence);
    }
}
