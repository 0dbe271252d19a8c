using System.Text.Json;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Evaluation;

/// <summary>Scores, and what scikit-learn makes of them (tests/golden/evaluation.py).</summary>
internal static class GoldenScores
{
    public static TheoryData<string> Names => new(Results().Select(result => result.GetProperty("name").GetString()!));

    public static JsonElement Of(string name) => Results().Single(result => result.GetProperty("name").GetString() == name);

    public static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetDouble())];

    public static double[] Scores(JsonElement golden) => Numbers(golden.GetProperty("scores"));

    public static bool[] Positives(JsonElement golden) => [.. Numbers(golden.GetProperty("positives")).Select(number => number != 0)];

    public static RankedScores Ranked(JsonElement golden) => RankedScores.Of(Scores(golden), Positives(golden));

    public static JsonElement Root => JsonDocument.Parse(File.ReadAllText(RepositoryFiles.Golden("evaluation.json"))).RootElement;

    /// <summary>Rows of four numbers, and the place of each one's species among their names.</summary>
    public static (double[] Rows, int[] Species) Irises()
    {
        string[][] lines = [.. File.ReadAllLines(RepositoryFiles.Example("iris.csv")).Skip(1).Select(line => line.Split(','))];
        string[] names = [.. lines.Select(line => line[^1]).Distinct().Order(StringComparer.Ordinal)];
        return ([.. lines.SelectMany(line => line[..^1]).Select(cell => double.Parse(cell, System.Globalization.CultureInfo.InvariantCulture))], [.. lines.Select(line => Array.IndexOf(names, line[^1]))]);
    }

    private static JsonElement.ArrayEnumerator Results() => Root.GetProperty("results").EnumerateArray();
}
