using Spectre.Console;
using Spectre.Console.Rendering;

namespace Cluster.Coordinator.Cli;

/// <summary>Text that is broken between words alone: a path or an address that is wider than the terminal stays whole, and can be copied.</summary>
internal sealed class WholeWords(string text, Style? style = null) : Renderable
{
    private readonly Style _style = style ?? Style.Plain;

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            int column = -1;
            foreach (string word in line.Split(' '))
            {
                Segment written = new(word, _style);
                int width = written.CellCount();
                if (column > 0 && width > 0 && column + 1 + width > maxWidth)
                {
                    yield return Segment.LineBreak;
                    column = 0;
                }
                else if (++column > 0)
                {
                    yield return new Segment(" ", _style);
                }
                yield return written;
                column += width;
            }
            yield return Segment.LineBreak;
        }
    }
}
