using System.Text.Json;

namespace Cluster.Ml.Tests.Text.LanguageModel;

/// <summary>What PyTorch computed; tests/golden/nn/make_recurrent.py made it.</summary>
internal sealed record GoldenLanguage(
    string Cell, int Vocabulary, int Embedding, int Units, int Depth, int Window, int Streams, int[][] Tokens, GoldenWindow[] Windows)
{
    private static readonly JsonSerializerOptions s_names = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static GoldenLanguage[] Read()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !Directory.Exists(Path.Combine(folder, "golden", "nn"))) folder = Path.GetDirectoryName(folder);
        string file = Path.Combine(folder.ShouldNotBeNull("tests/golden/nn was not found above the tests"), "golden", "nn", "recurrent.json");
        return JsonSerializer.Deserialize<GoldenFile>(File.ReadAllText(file), s_names).ShouldNotBeNull().Models;
    }

    private sealed record GoldenFile(GoldenLanguage[] Models);
}

internal sealed record GoldenWindow(double Loss, double[] Gradient, double[][] Carried);
