using System.Text.Json;

namespace Cluster.Ml.Tests.Nn;

/// <summary>What PyTorch computed; tests/golden/nn/make_nn.py made it.</summary>
internal sealed record GoldenNn(GoldenLoss[] Losses, GoldenRowLoss[] RowLosses, GoldenNetwork[] Networks, GoldenTrajectory[] Trajectories, GoldenRegularizer[] Penalised,
    Dictionary<string, double[]> Schedules, GoldenClip[] Clipped)
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static GoldenNn Read()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !Directory.Exists(Path.Combine(folder, "golden", "nn"))) folder = Path.GetDirectoryName(folder);
        string file = Path.Combine(folder.ShouldNotBeNull("tests/golden/nn was not found above the tests"), "golden", "nn", "nn.json");
        return JsonSerializer.Deserialize<GoldenNn>(File.ReadAllText(file), Names).ShouldNotBeNull();
    }

    /// <summary>The program's own numbers: size · sin(frequency · (i + 1)).</summary>
    public static float[] Wave(int count, double frequency, double size = 1)
    {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) numbers[i] = (float)(size * Math.Sin(frequency * (i + 1)));
        return numbers;
    }
}

internal sealed record GoldenLoss(string Kind, float[] Outputs, double Target, double Loss, double[] Gradient);

internal sealed record GoldenNetwork(int[] Widths, string[] Activations, int Classes, double Loss, double[] Gradient);

internal sealed record GoldenTrajectory(string Function, string Optimizer, float[] Start, double[][] Path);

internal sealed record GoldenRegularizer(string Optimizer, float L1, float L2, float[] Gradient, float[] Start, double[][] Path);

internal sealed record GoldenClip(string Kind, double Bound, float[] Gradient, double[] At);

internal sealed record GoldenRowLoss(string Kind, float[] Outputs, float[] Row, double Loss, double[] Gradient);
