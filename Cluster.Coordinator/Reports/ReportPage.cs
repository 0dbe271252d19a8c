using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli;
using Cluster.Coordinator.Serving;
using Cluster.Ml.Data;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.Reports;

/// <summary>A run as one page that needs nothing beside it: no network, no script, no other file.</summary>
/// <remarks>Determinism  a function of the run's folder and its data: the same bytes whenever it is written</remarks>
internal static class ReportPage
{
    // A browser is forbidden what the page does not need: were a name of a file ever to slip through unencoded, it could run nothing and fetch nothing.
    private const string Head = """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"><style>
        body { font: 15px/1.5 sans-serif; max-width: 62em; margin: 2em auto; padding: 0 1em; color: #222; background: #fff }
        h2 { margin-top: 2em; border-bottom: 1px solid #ddd } table { border-collapse: collapse; margin: .6em 0 } td, th { padding: .2em .9em; border-bottom: 1px solid #ddd; text-align: right; font-weight: normal }
        th[scope=col] { color: #555 } th[scope=row] { white-space: pre-wrap } td:first-child, th:first-child { text-align: left } pre { background: #f6f6f6; padding: 1em; overflow-x: auto }
        .matrix td { min-width: 2em; text-align: center } .wide { overflow-x: auto } .beside { display: flex; flex-wrap: wrap; gap: 1em } .beside figure { flex: 1 1 20em; max-width: 28em }
        .fit { border-left: .3em solid #145aa0; padding: .2em 1em; background: #f3f7fb } .note { border-left: .3em solid #be3220; padding: .2em 1em; background: #fdf3f1; overflow-wrap: anywhere }
        figure { margin: 1em 0 } figcaption span { margin-right: 1.2em; white-space: nowrap } figure svg { max-width: 100%; height: auto; display: block; overflow: visible } img { image-rendering: pixelated; min-width: 360px }
        </style>
        """;

    private const int SummaryRows = 40;

    private static readonly string[] s_splits = ["train", "validation", "test"];
    private static readonly string[] s_facts = ["status", "model_sha256", "file_sha256", "steps", "epochs", "seconds", "examples_per_second", "workers"];

    public static string Of(RunReport report, RunEvidence evidence)
    {
        HtmlText page = new();
        string name = HtmlText.Encode(Text(report.Result["job"]));
        page.Markup($"{Head}<title>{name}</title></head><body><h1>{name}</h1>");
        page.Table([], s_facts.Where(fact => report.Result[fact] is not null).Select(fact => (IReadOnlyList<string>)[fact.Replace('_', ' '), Text(report.Result[fact])]));
        foreach (string note in evidence.Notes) page.Markup($"<p class=\"note\">{HtmlText.Encode(note)}</p>");
        AppendFigures(page, report.Result["metrics"] as JsonObject ?? []);
        AppendDiagnosis(page, evidence.Diagnosis);
        AppendPrivacy(page, report.Result);
        AppendCurves(page, report);
        AppendEvidence(page, report, evidence);
        AppendModel(page, evidence);
        AppendJob(page, report);
        page.Markup("</body></html>");
        return page.ToString();
    }

    /// <summary>A figure in six digits; a dash if there is none.</summary>
    public static string Figure(double? value) => value is { } figure && double.IsFinite(figure) ? figure.ToString("G6", CultureInfo.InvariantCulture) : "–";

    private static void AppendFigures(HtmlText page, JsonObject metrics)
    {
        string[] names = [.. s_splits.SelectMany(split => Of(metrics, split).Select(figure => figure.Key)).Distinct()];
        if (names.Length == 0) return;
        page.Heading("Figures");
        page.Table(["", .. names], s_splits.Where(split => Of(metrics, split).Count > 0).Select(split => (IReadOnlyList<string>)[split, .. names.Select(figure => Text(metrics[split]?[figure]))]));
    }

    private static void AppendDiagnosis(HtmlText page, RunDiagnosis? diagnosis)
    {
        if (diagnosis is null) return;
        page.Heading("Diagnosis");
        page.Markup($"<div class=\"fit\"><p><b>{HtmlText.Encode(diagnosis.Fit.Reasons[0])}</b> {HtmlText.Encode(diagnosis.Fit.Reasons[1])} The others are the {diagnosis.Split} rows.</p></div>");
        page.Paragraph("What helps:");
        page.List(diagnosis.Fit.Remedies);
    }

    private static void AppendPrivacy(HtmlText page, JsonObject result)
    {
        string[] lines = [.. ResultJson.PrivacyLines(result)];
        if (lines.Length == 0) return;
        page.Heading("Privacy");
        page.List(lines.Select(line => line.Replace("privacy ", "", StringComparison.Ordinal).Trim()));
        page.Paragraph("Single training rows are not shown: charts of them would be outside what epsilon covers.");
    }

    private static void AppendCurves(HtmlText page, RunReport report)
    {
        string[] images = [.. ReportCharts.Of(report)];
        if (images.Length == 0) return;
        page.Heading("Learning curves");
        foreach (string image in images) page.Markup(image);
    }

    private static void AppendEvidence(HtmlText page, RunReport report, RunEvidence evidence)
    {
        if (report.Images is { } png)
        {
            page.Heading("Samples");
            page.Paragraph("What the model makes, from random codes.");
            page.Markup($"<img alt=\"samples that the model has made\" src=\"data:image/png;base64,{Convert.ToBase64String(png)}\">");
        }
        if (evidence is not { Saved: { } saved, Data: { } data }) return;
        ILearner learner = saved.CreateLearner();
        int width = new RowForm(saved, learner).Width;
        if (evidence.Held is { Targets.Length: > 0 } held && held.Rows.Count > 0)
        {
            if (saved.Preprocessing.TargetKind == TargetKind.Class && held.Width == saved.Preprocessing.Classes.Count)
                ClassSection.AppendTo(page, held, saved.Preprocessing.Classes, report.Result["metrics"]?[held.Name]?["log-loss"] is not null);
            else if (saved.Preprocessing.TargetKind == TargetKind.Number && learner is not IVectorOutput) NumberSection.AppendTo(page, held);
        }
        bool clusters = LearnerRegistry.Of(saved.Spec.Model.Kind).OutputOf(saved.Spec.Model.Options) == OutputForm.Cluster;
        if (clusters && evidence.ShowsRows) ClusterSection.AppendTo(page, saved, learner, data, width);
        if (learner is IVectorOutput && evidence.ShowsRows) PlaneSection.AppendTo(page, saved, learner, data, width);
    }

    private static void AppendModel(HtmlText page, RunEvidence evidence)
    {
        if (evidence.Saved is not { } saved) return;
        ILearner learner = saved.CreateLearner();
        if (TreeSection.IsTree(learner, saved)) TreeSection.AppendTo(page, saved, learner);
        ModelSummary summary = learner.Summarize(saved.Model.State);
        page.Heading("Model");
        page.Paragraph(summary.Title);
        if (summary.Rows.Count > 0) page.Markup("<div class=\"wide\">");
        if (summary.Rows.Count > 0) page.Table(summary.Columns, summary.Rows.Take(SummaryRows));
        if (summary.Rows.Count > 0) page.Markup("</div>");
        if (summary.Rows.Count > SummaryRows) page.Paragraph($"and {summary.Rows.Count - SummaryRows} more: `cluster inspect` shows them.");
        if (summary.Notes.Count > 0) page.List(summary.Notes);
    }

    private static void AppendJob(HtmlText page, RunReport report)
    {
        page.Heading("Once again");
        page.Paragraph("This command reproduces the run, on any number of workers:");
        page.Lines(report.Command);
        page.Paragraph(report.Result["privacy"] is null
            ? $"Its model_sha256 is then {Text(report.Result["model_sha256"])}, as long as the data are the same."
            : "The model is then another one: a private run draws its noise from a secret that it keeps to itself, and spends budget once more.");
        page.Paragraph("The job, every default filled in:");
        page.Lines(report.JobText);
    }

    private static JsonObject Of(JsonObject metrics, string split) => metrics[split] as JsonObject ?? [];

    private static string Text(JsonNode? value) => value is JsonValue number && number.TryGetValue(out double figure) ? Figure(figure) : value?.ToString() ?? "";
}
