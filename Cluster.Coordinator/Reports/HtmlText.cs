using System.Net;
using System.Text;
using Cluster.Ml.Data;

namespace Cluster.Coordinator.Reports;

/// <summary>Text of a page. All text of files is encoded here, so that a browser shows it and does not obey it.</summary>
internal sealed class HtmlText
{
    private readonly StringBuilder _text = new();

    /// <summary>What a person may look at, in one line: HTML has no way to say a control character, and a page's direction is its own.</summary>
    public static string Encode(string text) => WebUtility.HtmlEncode(VisibleText.InLine(text));

    /// <summary>The same for what another library encodes.</summary>
    public static string Plain(string text) => VisibleText.InLine(text);

    public void Heading(string text) => Line($"<h2>{Encode(text)}</h2>");

    public void Subheading(string text) => Line($"<h3>{Encode(text)}</h3>");

    public void Paragraph(string text) => Line($"<p>{Encode(text)}</p>");

    /// <summary>Lines as they stand.</summary>
    public void Lines(string text) => Line($"<pre>{WebUtility.HtmlEncode(VisibleText.Of(text))}</pre>");

    public void List(IEnumerable<string> items) => Line($"<ul>{string.Concat(items.Select(item => $"<li>{Encode(item)}</li>"))}</ul>");

    /// <summary>A table; the first cell of each row names it.</summary>
    public void Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        _text.Append("<table>\n");
        if (header.Count > 0) _text.Append("<tr>").AppendJoin("", header.Select(cell => $"<th scope=\"col\">{Encode(cell)}</th>")).Append("</tr>\n");
        foreach (IReadOnlyList<string> row in rows)
            _text.Append($"<tr><th scope=\"row\">{Encode(row[0])}</th>").AppendJoin("", row.Skip(1).Select(cell => $"<td>{Encode(cell)}</td>")).Append("</tr>\n");
        Line("</table>");
    }

    /// <summary>Markup that this program has made.</summary>
    public void Markup(string markup) => Line(markup);

    public override string ToString() => _text.ToString();

    private void Line(string markup) => _text.Append(markup).Append('\n');
}
