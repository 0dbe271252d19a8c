namespace Cluster.Ml.Jobs;

/// <summary>A job's text as a flat list of keys and values, and the places they were written at.</summary>
internal static class JobValues
{
    /// <summary>Every key by its path; a list is one value.</summary>
    public static Dictionary<string, string> Of(string text)
    {
        Dictionary<string, string> values = [];
        if (JobTree.Read(text, "", flag: false, new JobErrors()) is JobNode.Mapping root) Add(values, "", root);
        return values;
    }

    /// <summary>Where the key, or the nearest one around it, was written; null if it is a default.</summary>
    public static JobPlace? PlaceOf(JobNode.Mapping root, string key)
    {
        JobNode node = root;
        foreach (string part in key.Split('.'))
        {
            if ((node as JobNode.Mapping)?.Find(part) is not { } entry) break;
            node = entry.Value;
        }
        return ReferenceEquals(node, root) ? null : node.Place;
    }

    private static void Add(Dictionary<string, string> values, string path, JobNode.Mapping mapping)
    {
        foreach (JobNode.Entry entry in mapping.Entries)
        {
            string key = path.Length == 0 ? entry.Key : $"{path}.{entry.Key}";
            if (entry.Value is JobNode.Mapping { Entries.Count: > 0 } inner) Add(values, key, inner);
            else values[key] = Text(entry.Value);
        }
    }

    private static string Text(JobNode node) => node switch
    {
        JobNode.Scalar scalar => scalar.Text,
        JobNode.Sequence list => $"[{string.Join(", ", list.Items.Select(Text))}]",
        JobNode.Mapping mapping => $"{{{string.Join(", ", mapping.Entries.Select(entry => $"{entry.Key}: {Text(entry.Value)}"))}}}",
        _ => "",
    };
}
