using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Nn;

namespace Cluster.Ml.Tests.Nn;

/// <summary>Small networks that look at images.</summary>
internal static class SomeImages
{
    /// <summary>Networks as a job file has them, and the images that they look at.</summary>
    public static readonly IReadOnlyDictionary<string, (string Layers, ImageShape Image)> Networks = new Dictionary<string, (string, ImageShape)>
    {
        ["valid"] = ("{ conv: 4, size: 3, activation: tanh }, { max-pool: 2 }, { conv: 5, size: [ 2, 1 ], activation: sigmoid }, { flatten: true }", new(8, 7, 2)),
        ["same"] = ("{ conv: 3, size: [ 3, 5 ], stride: 2, padding: same, activation: leaky-relu }, { average-pool: 2, stride: 1, padding: same }, { flatten: true }, { dense: 6 }", new(6, 5, 1)),
        ["inception"] = ("{ inception: [ 2, 2, 3, 1, 2, 2 ] }, { conv: 3, size: 1, activation: tanh }, { average-pool: [ 5, 4 ] }, { flatten: true }", new(5, 4, 2)),
        ["residual"] = ("{ conv: 3, size: 3, padding: same, activation: none }, { residual: 3 }, { residual: 4, stride: 2 }, { activate: tanh }, { max-pool: 3, stride: 1, padding: same }, { flatten: true }", new(6, 6, 1)),
        ["widening"] = ("{ conv: 3, size: 3, padding: same, activation: none }, { residual: 5 }, { activate: tanh }, { average-pool: 2 }, { flatten: true }", new(6, 6, 1)),
    };

    public static JobSpec Job(string layers, string more = "", string data = "source: none.csv") =>
        JobFile.Parse($"data: {{ {data}{(more.Contains("privacy", StringComparison.Ordinal) ? ", classes: [ 0 ]" : "")} }}\nmodel: {{ kind: cnn, layers: [ {layers} ] }}\n{more}", "images.yaml", "/");

    public static DataShape Shape(ImageShape image, int classes = 3) =>
        SomeNetwork.Shape(image.Height * image.Width * image.Channels, classes) with { Image = image };

    public static NetworkLearner Learner(string network, string more = "", double noise = 0) =>
        NetworkLearner.Create(Job(Networks[network].Layers, more), Shape(Networks[network].Image), noise, Privacy.SomeSecret.One);

    public static RowTable Rows(string network, int rows) => SomeNetwork.Rows(rows, Shape(Networks[network].Image).Features, 3);
}
