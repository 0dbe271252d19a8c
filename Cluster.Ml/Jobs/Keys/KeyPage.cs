using System.Text;
using Cluster.Ml.Nn.Activations;
using Cluster.Ml.Nn.Layers;

namespace Cluster.Ml.Jobs.Keys;

/// <summary>Writes docs/keys.md: every key of the job file, as a table for each mapping.</summary>
public static class KeyPage
{
    private const string Head = """
        # Keys of the job file

        Written by `cluster explain --page` from the declarations in the program, and compared with them by a test. `cluster explain KEY` tells one key,
        `cluster schema` the same as JSON Schema. A default is Cluster's where no source stands beside it. `null` as a value stands for a key
        that is left out. Not every pair of keys goes together: what does not is refused, with the place and what to do.

        """;

    /// <summary>The page.</summary>
    public static string Write()
    {
        StringBuilder page = new(Head);
        foreach (IGrouping<string, KeyPlace> mapping in JobKeys.All.Where(place => !IsLayer(place)).GroupBy(place => place.Parent))
        {
            Table(page, mapping.Key.Length == 0 ? "The job" : $"`{mapping.Key}`", MeaningOf(mapping.Key), [.. mapping]);
            if (JobKeys.All.FirstOrDefault(place => place.Path == mapping.Key)?.Key is { Kind: KeyKind.Section, Choices: { Count: > 0 } kinds })
                List(page, kinds.Select(kind => (kind.Name, kind.Meaning)));
        }
        page.Append("\n## Layers\n\nThe items of every list of layers. A layer is a mapping with one of these keys, which says what it is;\n")
            .Append("the others may stand beside it.\n");
        foreach (NamedChoice layer in LayerRegistry.All)
            Table(page, $"`{layer.Name}`", layer.Meaning, [.. JobKeys.All.Where(place => place.Parent == $"{JobKeys.Layers}.{layer.Name}")], depth: 3);
        page.Append("\n### Activations\n");
        List(page, ActivationRegistry.All.Select(activation => (activation.Name, activation.Meaning)));
        Table(page, "Every layer", null, [.. JobKeys.All.Where(place => place.Parent == JobKeys.Layers)], depth: 3);
        return page.ToString();
    }

    private static void List(StringBuilder page, IEnumerable<(string Name, string Meaning)> items)
    {
        page.Append('\n');
        foreach ((string name, string meaning) in items) page.Append("- `").Append(name).Append("`: ").Append(meaning).Append('\n');
    }

    private static bool IsLayer(KeyPlace place) => place.Path.StartsWith($"{JobKeys.Layers}.", StringComparison.Ordinal);

    /// <summary>What a mapping is: the meaning of its key, or of the choice that it belongs to.</summary>
    private static string? MeaningOf(string path)
    {
        if (JobKeys.All.FirstOrDefault(place => place.Path == path) is { } known) return known.Key.Meaning;
        string name = path[(path.LastIndexOf('.') + 1)..], parent = path[..^Math.Min(path.Length, name.Length + 1)];
        return JobKeys.All.FirstOrDefault(place => place.Path == parent)?.Key.Choices.FirstOrDefault(choice => choice.Name == name)?.Meaning;
    }

    private static void Table(StringBuilder page, string title, string? meaning, IReadOnlyList<KeyPlace> places, int depth = 2)
    {
        bool tells = places.Any(place => place.Of is not null);
        page.Append('\n').Append('#', depth).Append(' ').Append(title).Append("\n\n");
        if (meaning is not null) page.Append(char.ToUpperInvariant(meaning[0])).Append(meaning[1..].TrimEnd('.')).Append(".\n\n");
        page.Append(tells ? "| key | takes | default | of | meaning |\n| --- " : "| key | takes | default | meaning |\n").Append("| --- | --- | --- | --- |\n");
        foreach (KeyPlace place in places)
            page.Append("| `").Append(place.Key.Name).Append("` | ").Append(Cell(place.Takes)).Append(" | ").Append(Cell(place.Default)).Append(" | ")
                .Append(tells ? $"{Cell(place.Of ?? "all")} | " : "").Append(Cell(place.Key.Meaning)).Append(" |\n");
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
