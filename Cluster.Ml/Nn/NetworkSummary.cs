using System.Globalization;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Nn.Layers;

namespace Cluster.Ml.Nn;

/// <summary>A network as a table: layer, output shape, parameters.</summary>
internal static class NetworkSummary
{
    public static ModelSummary Of(string kind, NetworkModel model)
    {
        Network network = model.Asked;
        List<IReadOnlyList<string>> rows = [["input", $"{network.InputShape}", "0"]];
        foreach (NetworkNode node in network.Nodes) rows.Add([Describe(node), $"{node.OutputShape}", Number(node.Block?.Count ?? 0)]);
        rows.Add(["total", "", Number(model.Layout.ParameterCount)]);
        string title = $"{kind}: {network.InputShape} → {network.ShapeOf(network.Heads[0].Tensor)}, {Number(model.Layout.ParameterCount)} parameters";
        return new ModelSummary(title, ["layer", "output", "parameters"], rows, []);
    }

    private static string Describe(NetworkNode node) => node.Layer switch
    {
        null => node.Join!.Name,
        Dense { Activation.IsIdentity: false } dense => $"{dense.Name} {dense.Activation.Name}",
        Convolution2D { Activation.IsIdentity: false } convolution => $"{convolution.Name} {convolution.Activation.Name}",
        Layer layer => layer.Name,
    };

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
