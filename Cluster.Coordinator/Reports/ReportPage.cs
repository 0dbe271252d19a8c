using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Cluster.Coordinator.Reports;

/// <summary>A run as one page that needs nothing beside it: figures, curves, gradients, and the job.</summary>
internal static class ReportPage
{
    private const string Head = """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><style>
        body { font: 15px/1.5 sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; color: #222 }
        table { border-collapse: collapse } td, th { padding: .2em .9em; border-bottom: 1px solid #ddd; text-align: right }
        td:first-child, th:first-child { text-align: left } pre { background: #f6f6f6; padding: 1em; overflow-x: auto }
        figure { margin: 1em 0 2em } figcaption span { margin-right: 1.2em; white-space: nowrap } svg { max-width: 100%; height: auto; display: block; overflow: visible }
        </style>
        """;

    private static readonly string[] s_splits = ["train", "validation", "test"];
    private static readonly string[] s_facts = ["status", "model_sha256", "steps", "epochs", "seconds", "examples_per_second", "workers"];

    public static string Of(RunReport report)
    {
        StringBuilder page = new(Head);
        string name = Text(report.Result["job"]);
        page.Append(CultureInfo.InvariantCulture, $"<title>{name}</title></head><body><h1>{name}</h1>\n<table>\n");
        foreach (string fact in s_facts)
            if (report.Result[fact] is { } value) Row(page, fact.Replace('_', ' '), [Text(value)]);
        page.Append("</table>\n<h2>Figures</h2>\n");
        AppendFigures(page, report.Result["metrics"]?.AsObject() ?? []);
        page.Append("<h2>Curves</h2>\n");
        foreach (string image in ReportCharts.Of(report)) page.Append(image).Append('\n');
        page.Append("<h2>Job</h2>\n<pre>").Append(WebUtility.HtmlEncode(report.JobText)).Append("</pre>\n</body></html>\n");
        return page.ToString();
    }

    private static void AppendFigures(StringBuilder page, JsonObject metrics)
    {
        string[] names = [.. s_splits.SelectMany(split => Of(metrics, split).Select(figure => figure.Key)).Distinct()];
        page.Append("<table>\n<tr><th></th>").AppendJoin("", names.Select(figure => $"<th>{WebUtility.HtmlEncode(figure)}</th>")).Append("</tr>\n");
        foreach (string split in s_splits)
            if (Of(metrics, split).Count > 0) Row(page, split, [.. names.Select(figure => Text(metrics[split]?[figure]))]);
        page.Append("</table>\n");
    }

    private static JsonObject Of(JsonObject metrics, string split) => metrics[split]?.AsObject() ?? [];

    private static void Row(StringBuilder page, string name, string[] cells) =>
        page.Append("<tr><td>").Append(WebUtility.HtmlEncode(name)).Append("</td>").AppendJoin("", cells.Select(cell => $"<td>{cell}</td>")).Append("</tr>\n");

    private static string Text(JsonNode? value) => value is JsonValue number && number.TryGetValue(out double figure)
        ? figure.ToString("G6", CultureInfo.InvariantCulture)
        : WebUtility.HtmlEncode(value?.ToString() ?? "");
}
