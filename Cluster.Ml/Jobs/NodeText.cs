using System.Buffers;

namespace Cluster.Ml.Jobs;

/// <summary>Writes a piece of a job's tree on one line, so that it reads back as the same tree.</summary>
internal static class NodeText
{
    private static readonly SearchValues<char> s_bare = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+-/");

    public static string Write(JobNode node) => node switch
    {
        JobNode.Scalar { IsNull: true } => "null",
        JobNode.Scalar { Plain: true, Text: { Length: > 0 } text } when !text.AsSpan().ContainsAnyExcept(s_bare) => text,
        JobNode.Scalar scalar => JobText.Quote(scalar.Text),
        JobNode.Sequence list => $"[ {string.Join(", ", list.Items.Select(Write))} ]",
        JobNode.Mapping mapping => $"{{ {string.Join(", ", mapping.Entries.Select(entry => $"{JobText.Quote(entry.Key)}: {Write(entry.Value)}"))} }}",
        _ => throw new InvalidOperationException($"NodeText: wanted a scalar, a list or a mapping, got {node.Describe()}."),
    };
}
