using System.Globalization;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn.Layers;

namespace Cluster.Ml.Nn;

/// <summary>A network as a table: layer, output shape, parameters.</summary>
internal static class NetworkSummary
{
    public static ModelSummary Of(string kind, Network network)
    {
        List<IReadOnlyList<string>> rows = [["input", Number(network.Inputs), "0"]];
        foreach (Layer layer in network.Layers) rows.Add([Describe(layer), Number(layer.Outputs), Number(layer.ParameterCount)]);
        rows.Add(["total", "", Number(network.ParameterCount)]);
        string title = $"{kind}: {network.Inputs} → {network.Outputs}, {Number(network.ParameterCount)} parameters";
        return new ModelSummary(title, ["layer", "output", "parameters"], rows, []);
    }

    private static string Describe(Layer layer) =>
        layer is Dense { Activation.Name: not "none" } dense ? $"{layer.Name} {dense.Activation.Name}" : layer.Name;

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
