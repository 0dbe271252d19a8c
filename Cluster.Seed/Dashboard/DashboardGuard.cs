using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Cluster.Seed.Dashboard;

/// <summary>Who sees the dashboard, and whose wishes are taken: those who have shown the token, from a page of the dashboard.</summary>
/// <remarks>
/// Cookie  of no other use than these pages: the HTTP API does not take it. A browser sends it to every port of its host, but only below
///         its path; that the path is secret keeps it from servers that other users of a machine run on other ports
/// Forms   another server of the same host counts as the same site, so that SameSite alone would not do: a form holds the session's key,
///         and the browser must say that it comes from here
/// </remarks>
internal sealed class DashboardGuard
{
    /// <summary>Where the session stands.</summary>
    public const string CookieName = "cluster-dashboard";

    /// <summary>The field of a form that holds the session's key.</summary>
    public const string FormKeyField = "form-key";

    private const int KeyBytes = 16;
    private readonly byte[] _token;
    private readonly byte[] _hash;
    private readonly DashboardSessions _sessions;

    /// <param name="token">The token of the HTTP API; empty if there is none; then every log-in is refused.</param>
    /// <param name="time">By which sessions end.</param>
    public DashboardGuard(byte[] token, TimeProvider time)
    {
        _token = token;
        _hash = SHA256.HashData(token);
        _sessions = new DashboardSessions(time);
        Key = Convert.ToHexStringLower(HMACSHA256.HashData(token.Length > 0 ? token : RandomNumberGenerator.GetBytes(KeyBytes), "dashboard"u8)[..KeyBytes]);
    }

    /// <summary>The name of the folder that the pages lie below: it follows from the token, so that a bookmark holds.</summary>
    public string Key { get; }

    /// <summary>Whether logging in is possible.</summary>
    public bool HasToken => _token.Length > 0;

    /// <summary>Lets somebody in who shows the token.</summary>
    /// <returns>Whether it is the token.</returns>
    public bool LogIn(HttpContext context, string? shown)
    {
        if (!HasToken || !CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes((shown ?? "").Trim())), _hash)) return false;
        context.Response.Cookies.Append(CookieName, _sessions.Open(), CookieOf(context));
        return true;
    }

    /// <summary>Ends the session.</summary>
    public void LogOut(HttpContext context)
    {
        _sessions.Close(context.Request.Cookies[CookieName]);
        context.Response.Cookies.Delete(CookieName, CookieOf(context));
    }

    /// <summary>The session that a request for a page belongs to; null if it belongs to none.</summary>
    public DashboardSession? SessionOf(HttpContext context) =>
        context.Request.RouteValues["key"] is string key && Same(key, Key) ? _sessions.Find(context.Request.Cookies[CookieName]) : null;

    /// <summary>Whether a form was sent by a page of this server, as the browser says.</summary>
    public static bool IsFromHere(HttpRequest request)
    {
        string origin = request.Headers.Origin.ToString(), site = request.Headers["Sec-Fetch-Site"].ToString();
        bool sameOrigin = Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);
        return (origin.Length > 0 || site.Length > 0) && (origin.Length == 0 || sameOrigin) && (site is "" or "same-origin");
    }

    /// <summary>Whether a form holds the session's key.</summary>
    public static bool HasFormKey(DashboardSession session, IFormCollection form) => Same(form[FormKeyField].ToString(), session.FormKey);

    private CookieOptions CookieOf(HttpContext context) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps,
        Path = $"{DashboardRoutes.Root}/{Key}",
        MaxAge = DashboardSessions.Lasting,
    };

    private static bool Same(string given, string wanted) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(wanted)));
}
