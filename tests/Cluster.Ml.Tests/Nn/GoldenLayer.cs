using System.Text.Json;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Nn;

/// <summary>What PyTorch gave for a layer whose loss is Σ wave(0.9) · output; the programs in tests/golden/nn made it.</summary>
internal sealed record GoldenLayer(string Name, double[] Output, double[] InputGradient, double[] Gradient)
{
    /// <summary>One of a file: layers or draws.</summary>
    public static GoldenLayer Of(string file, string name) =>
        JsonSerializer.Deserialize<GoldenLayer[]>(File.ReadAllText(RepositoryFiles.Golden($"nn/{file}.json")), JsonSerializerOptions.Web)
            .ShouldNotBeNull().Single(golden => golden.Name == name);
}

/// <summary>Compares what was computed with what is expected, number by number.</summary>
internal static class NearNumbers
{
    public static void ShouldBeNear(this float[] got, double[] expected, double tolerance, string name = "number")
    {
        got.Length.ShouldBe(expected.Length, name);
        for (int i = 0; i < got.Length; i++) ((double)got[i]).ShouldBe(expected[i], tolerance, $"{name} {i}");
    }
}
