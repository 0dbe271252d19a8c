using System.Reflection;
using System.Text;
using Cluster.Messages.Node.Http;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cluster.Seed.Dashboard;

/// <summary>Writes pages and their files, with headers that let a browser take nothing from anywhere else.</summary>
internal static class DashboardResponse
{
    private const string Policy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static readonly Dictionary<string, string> s_types = new(StringComparer.Ordinal)
    {
        ["dashboard.css"] = "text/css; charset=utf-8",
        ["dashboard.js"] = "text/javascript; charset=utf-8",
        ["login.js"] = "text/javascript; charset=utf-8",
        ["icon.svg"] = "image/svg+xml",
    };

    /// <summary>Answers with a page.</summary>
    /// <typeparam name="T">The component that it is made of.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="parameters">What the component is given.</param>
    /// <param name="status">The status code.</param>
    public static async Task PageAsync<T>(HttpContext context, Dictionary<string, object?> parameters, int status = StatusCodes.Status200OK)
        where T : IComponent
    {
        await using HtmlRenderer renderer = new(context.RequestServices, NullLoggerFactory.Instance);
        string page = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<T>(ParameterView.FromDictionary(parameters))).ToHtmlString());
        Protect(context.Response);
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        byte[] bytes = Encoding.UTF8.GetBytes(page);
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    /// <summary>Answers with a style, a script or the icon.</summary>
    public static async Task AssetAsync(HttpContext context)
    {
        if (context.Request.RouteValues["name"] is not string name || !s_types.TryGetValue(name, out string? type))
        {
            await Problems.WriteAsync(context, StatusCodes.Status404NotFound, "wanted a file of the dashboard, got another name.");
            return;
        }
        Protect(context.Response);
        context.Response.ContentType = type;
        context.Response.Headers.CacheControl = "no-cache";
        await using Stream file = Assembly.GetExecutingAssembly().GetManifestResourceStream($"dashboard/{name}")!;
        context.Response.ContentLength = file.Length;
        await file.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    /// <summary>Sends the browser on to a page by GET.</summary>
    public static void SeeOther(HttpContext context, string address)
    {
        Protect(context.Response);
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = address;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = 0;
    }

    /// <summary>Of a stranger the connection ends with the answer.</summary>
    public static void Close(HttpContext context) => context.Response.Headers.Connection = "close";

    /// <remarks>The referrer policy keeps the origin in what forms send, by which their page is checked.</remarks>
    private static void Protect(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.XFrameOptions = "DENY";
        response.Headers["Referrer-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }
}
