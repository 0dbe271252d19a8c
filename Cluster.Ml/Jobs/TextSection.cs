namespace Cluster.Ml.Jobs;

/// <summary>The keys of data that only a plain text has.</summary>
internal static class TextSection
{
    private const int SourceMax = 4096;
    private static readonly string[] s_keys = ["unit", "vocabulary", "minimum-count", "test-source"];

    /// <summary>The keys of a text; also notes those that only tables and images have.</summary>
    public static TextSpec Read(JobMap map, string baseDirectory)
    {
        foreach (string key in new[] { "target", "ignore", "scale" })
            map.Refuse(key, "with a text", "a text has no columns; remove it");
        if (!map.Has("unit"))
            map.Errors.Add(map.Place, "data of the format text to have the key 'unit'", "none", "add unit: character, word or letters");
        TextUnit unit = map.Choice("unit", TextUnit.Word,
            [new("character", TextUnit.Character), new("word", TextUnit.Word), new("letters", TextUnit.Letters)]);
        string? test = map.Text("test-source", SourceMax);
        return new TextSpec(
            unit, map.Whole("vocabulary", JobDefaults.Vocabulary, 2, JobDefaults.VocabularyMax),
            map.Whole("minimum-count", 1, 1, int.MaxValue), test is null ? null : Path.GetFullPath(test, baseDirectory));
    }

    /// <summary>Notes the keys of a text where there is none.</summary>
    public static void Refuse(JobMap map)
    {
        foreach (string key in s_keys) map.Refuse(key, "without format: text", "only a text has it; remove it");
    }
}
