namespace Cluster.Seed.Dashboard;

/// <summary>Where the dashboard answers what. All pages but the one to log in lie below a folder whose name only those who may see them know.</summary>
internal static class DashboardRoutes
{
    /// <summary>Below which all of it lies; the page to log in.</summary>
    public const string Root = "/dashboard";

    /// <summary>POST: the token.</summary>
    public const string LogIn = Root + "/login";

    /// <summary>GET: a style, a script, the icon.</summary>
    public const string Assets = Root + "/assets/{name}";

    /// <summary>What the pages lie below.</summary>
    public const string Inside = Root + "/{key}";

    /// <summary>GET: the list. POST: a new job.</summary>
    public const string Jobs = Inside + "/jobs";

    /// <summary>GET: one job.</summary>
    public const string Job = Jobs + "/{job}";

    /// <summary>POST: ends its run.</summary>
    public const string Cancel = Job + "/cancel";

    /// <summary>POST: lets it go on.</summary>
    public const string Resume = Job + "/resume";

    /// <summary>GET: jobs beside each other.</summary>
    public const string Compare = Inside + "/compare";

    /// <summary>GET: the nodes.</summary>
    public const string Cluster = Inside + "/cluster";

    /// <summary>POST: ends the session.</summary>
    public const string LogOut = Inside + "/logout";
}
