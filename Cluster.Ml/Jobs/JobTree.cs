using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Cluster.Ml.Jobs;

/// <summary>
/// Builds a job's tree from YAML. Plain data only: anchors, aliases, tags and further documents are refused, and depth and
/// size are bounded, so that no text can unfold into more than it says.
/// </summary>
internal sealed class JobTree
{
    private const int DepthMax = 16;
    private const int NodesMax = 10_000;
    private readonly Parser _parser;
    private readonly string _file;
    private readonly bool _flag;
    private readonly JobErrors _errors;
    private int _nodes;

    private JobTree(string text, string file, bool flag, JobErrors errors)
    {
        _parser = new Parser(new StringReader(text));
        _file = file;
        _flag = flag;
        _errors = errors;
    }

    /// <summary>The tree, or null after an error that nothing can be read past.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="file">Named in errors.</param>
    /// <param name="flag">The text is the value of a flag: lines and columns would say nothing.</param>
    /// <param name="errors">Takes every error.</param>
    public static JobNode? Read(string text, string file, bool flag, JobErrors errors)
    {
        JobTree tree = new(text, file, flag, errors);
        try
        {
            return tree.ReadDocument();
        }
        catch (YamlException error)
        {
            tree.NoteSyntax(text, error);
            return null;
        }
    }

    private void NoteSyntax(string text, YamlException error)
    {
        if (TabIndented(text) is { } tab)
        {
            _errors.Add(_flag ? PlaceOf(error.End) : new JobPlace(_file, tab, 1), "valid YAML", "a tab as indentation", "indent with spaces");
            return;
        }
        // The scanner sometimes names only the beginning of what it was reading; the last thing read is nearer the error.
        Mark end = _parser.Current is { } last && last.End.Index > error.End.Index ? last.End : error.End;
        string begun = error.Start.Line == end.Line ? "" : $" (begun in line {error.Start.Line})";
        string what = error.Message.TrimEnd('.').ReplaceLineEndings(" ");
        _errors.Add(PlaceOf(end), "valid YAML", $"'{what}'{begun}", "check indentation, brackets and quotes here");
    }

    /// <summary>The first line that begins with a tab, after spaces or not.</summary>
    private static int? TabIndented(string text)
    {
        int number = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (line.TrimStart(' ').StartsWith("\t")) return number;
        }
        return null;
    }

    private JobNode? ReadDocument()
    {
        Next();
        if (!Next() || _parser.Current is StreamEnd)
        {
            _errors.Add(new JobPlace(_file, null, null), "a job", "an empty file", "write at least the keys data and model");
            return null;
        }
        Next();
        JobNode? root = ReadNode(0);
        if (root is null) return null;
        Next();
        Next();
        if (_parser.Current is DocumentStart second)
            _errors.Add(PlaceOf(second.Start), "one document", "a second one", "keep each job in a file of its own");
        return root;
    }

    private JobNode? ReadNode(int depth)
    {
        ParsingEvent now = _parser.Current!;
        JobPlace place = PlaceOf(now.Start);
        if (now is AnchorAlias alias)
        {
            _errors.Add(place, "a value", $"the alias *{alias.Value}", "write the value out; aliases are not read");
            return null;
        }
        if (++_nodes > NodesMax || depth > DepthMax)
        {
            _errors.Add(place, $"at most {NodesMax} values, nested at most {DepthMax} deep", "more", "no job needs that many; check the brackets");
            return null;
        }
        if (now is NodeEvent { Anchor.IsEmpty: false } anchored)
            _errors.Add(place, "a value without an anchor", $"&{anchored.Anchor.Value}", "remove it; anchors are not read");
        if (now is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } } tagged)
            _errors.Add(place, "a value without a tag", tagged.Tag.Value, "remove it; tags are not read");
        return now switch
        {
            YamlDotNet.Core.Events.Scalar scalar =>
                new JobNode.Scalar(place, scalar.Value, scalar.Style == ScalarStyle.Plain),
            SequenceStart => ReadSequence(new JobNode.Sequence(place), depth),
            MappingStart => ReadMapping(new JobNode.Mapping(place), depth),
            _ => throw new YamlException(now.Start, now.End, "a value was expected"),
        };
    }

    private JobNode.Sequence? ReadSequence(JobNode.Sequence sequence, int depth)
    {
        while (Next() && _parser.Current is not SequenceEnd)
        {
            if (ReadNode(depth + 1) is not { } item) return null;
            sequence.Items.Add(item);
        }
        return sequence;
    }

    private JobNode.Mapping? ReadMapping(JobNode.Mapping mapping, int depth)
    {
        while (Next() && _parser.Current is not MappingEnd)
        {
            if (ReadNode(depth + 1) is not { } key || !Next() || ReadNode(depth + 1) is not { } value) return null;
            if (key is not JobNode.Scalar { Text: { Length: > 0 } name })
                _errors.Add(key.Place, "a key", key.Describe(), "keys are single words");
            else if (mapping.Find(name) is { } earlier)
                _errors.Add(key.Place, $"the key '{name}' once", $"it again after {PlaceText(earlier.Place)}", "remove one of the two");
            else
                mapping.Entries.Add(new JobNode.Entry(name, key.Place, value));
        }
        return mapping;
    }

    private bool Next() => _parser.MoveNext();

    private JobPlace PlaceOf(Mark mark) =>
        _flag ? new JobPlace(_file, null, null) : new JobPlace(_file, (int)mark.Line, (int)mark.Column);

    private static string PlaceText(JobPlace place) => place.Line is null ? "the same flag" : $"line {place.Line}";
}
