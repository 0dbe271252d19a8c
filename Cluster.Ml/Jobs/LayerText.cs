using System.Globalization;

namespace Cluster.Ml.Jobs;

/// <summary>Writes lists of layers so that they read back as the same.</summary>
internal static class LayerText
{
    public static string Write(IReadOnlyList<LayerSpec> layers) => $"[ {string.Join(", ", layers.Select(layer => $"{{ {Write(layer)}{Rest(layer)} }}"))} ]";

    private static string Write(LayerSpec layer) => layer switch
    {
        LayerSpec.Dense dense => $"dense: {dense.Units}, activation: {dense.Activation}{Start(dense.Start)}",
        LayerSpec.Embedding embedding => $"embedding: {embedding.Units}, tokens: {embedding.Tokens}",
        LayerSpec.Dropout dropout => $"dropout: {Number(dropout.Rate)}",
        LayerSpec.Recurrent recurrent => $"{recurrent.Cell}: {recurrent.Units}{(recurrent.Time > 0 ? $", time: {recurrent.Time}" : "")}, output: {(recurrent.All ? "all" : "last")}",
        LayerSpec.Convolution conv => $"conv: {conv.Filters}, {Write(conv.Window)}, activation: {conv.Activation}{Start(conv.Start)}",
        LayerSpec.Pooling pool => $"{(pool.Largest ? "max-pool" : "mean-pool")}: {Size(pool.Window)}, {Steps(pool.Window)}",
        LayerSpec.Reshape { Sizes.Count: 0 } => "flatten: true",
        LayerSpec.Reshape reshape => $"reshape: [ {string.Join(", ", reshape.Sizes)} ]",
        LayerSpec.Activate activate => $"activate: {activate.Activation}",
        LayerSpec.Join join => $"{(join.Adds ? "sum" : "concat")}: [ {string.Join(", ", join.Branches.Select(Write))} ]",
        _ => throw new InvalidOperationException($"LayerText: wanted a kind of layer that it knows, got {layer}."),
    };

    private static string Start(string? start) => start is null ? "" : $", start: {start}";

    private static string Write(BranchSpec branch) => branch.Source is { } name ? JobText.Quote(name) : Write(branch.Layers);

    private static string Write(WindowSpec window) => $"size: {Size(window)}, {Steps(window)}";

    private static string Size(WindowSpec window) => $"[ {window.Height}, {window.Width} ]";

    private static string Steps(WindowSpec window) => $"stride: {window.Stride}, padding: {(window.Same ? "same" : "valid")}";

    private static string Rest(LayerSpec layer) =>
        (layer.Name is { } name ? $", name: {JobText.Quote(name)}" : "") + (layer.From is { } from ? $", from: {JobText.Quote(from)}" : "")
        + (layer.Share is { } share ? $", share: {JobText.Quote(share)}" : "") + (layer.Frozen ? ", frozen: true" : "");

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
