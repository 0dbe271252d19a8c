namespace Cluster.Ml.Jobs;

/// <summary>Applies flags of the form key.path=value to a job's tree, before anything is checked.</summary>
/// <remarks>A number in the path is the index of an item of a list. The value is YAML: a word, a number, or {…} and […]; a word may hold #, which begins no comment in a flag.</remarks>
internal static class JobOverrides
{
    private const int LengthMax = 8192;

    public static void Apply(JobNode.Mapping root, string setting, JobErrors errors)
    {
        string flag = $"--set {(setting.Length > 200 ? string.Concat(setting.AsSpan(0, 200), "…") : setting)}";
        JobPlace place = new(flag, null, null);
        int equals = setting.IndexOf('=', StringComparison.Ordinal);
        string[] path = equals <= 0 ? [] : setting[..equals].Trim().Split('.');
        if (path.Length == 0 || Array.Exists(path, string.IsNullOrWhiteSpace) || setting.Length > LengthMax)
        {
            errors.Add(place, "key.path=value", $"'{flag["--set ".Length..]}'", "for example --set training.epochs=10");
            return;
        }
        string text = setting[(equals + 1)..].Trim();
        JobNode? value = text.Length == 0 || IsWord(text) ? new JobNode.Scalar(place, text, true) : JobTree.Read(text, flag, flag: true, errors);
        if (value is not null) Place(root, path, place, value, errors);
    }

    /// <summary>Text with a #, which YAML would cut there, and without what makes it a list, a mapping or a quoted text.</summary>
    private static bool IsWord(string text) => text.Contains('#', StringComparison.Ordinal) && text[0] is not ('"' or '\'' or '[' or '{' or '&' or '*' or '!')
        && !text.Contains(": ", StringComparison.Ordinal) && !text.Any(char.IsControl);

    private static void Place(JobNode.Mapping root, string[] path, JobPlace place, JobNode value, JobErrors errors)
    {
        JobNode node = root;
        for (int depth = 0; depth < path.Length; depth++)
        {
            string key = path[depth];
            bool last = depth == path.Length - 1;
            switch (node)
            {
                case JobNode.Mapping mapping:
                    if (last) mapping.Set(key, place, value);
                    else node = Descend(mapping, key, place);
                    break;
                case JobNode.Sequence sequence when NumberText.TryRead(key, out int index) && index >= 0 && index < sequence.Items.Count:
                    if (last) sequence.Items[index] = value;
                    else node = sequence.Items[index];
                    break;
                case JobNode.Sequence sequence:
                    errors.Add(place, $"an item of the list, 0 to {sequence.Items.Count - 1}", $"'{key}'", "count items from 0");
                    return;
                default:
                    errors.Add(place, $"'{string.Join('.', path[..depth])}' to hold keys", node.Describe(), "set the whole value as {key: value}");
                    return;
            }
        }
    }

    /// <summary>The value of the key; a new mapping if there is none, or only a word such as 'adam' or null.</summary>
    private static JobNode Descend(JobNode.Mapping mapping, string key, JobPlace place)
    {
        JobNode? child = mapping.Find(key)?.Value;
        if (child is JobNode.Mapping or JobNode.Sequence) return child;
        JobNode.Mapping made = new(place);
        if (child is JobNode.Scalar { Text.Length: > 0, IsNull: false } word)
            made.Set(word.Text, word.Place, new JobNode.Mapping(word.Place));
        mapping.Set(key, child?.Place ?? place, made);
        return made;
    }
}
