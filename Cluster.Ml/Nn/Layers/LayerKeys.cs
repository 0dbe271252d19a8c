using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Nn.Activations;
using Cluster.Ml.Nn.Initializers;

namespace Cluster.Ml.Nn.Layers;

/// <summary>The keys that several layers have.</summary>
internal static class LayerKeys
{
    /// <summary>The function after a layer's linear part.</summary>
    public static KeySet<T> Activation<T>(this KeySet<T> keys, Func<T, string> get, Func<T, string, T> set)
        where T : class => keys.Word("activation", "The function after the linear part.", get, set, ActivationRegistry.Names);

    /// <summary>How a layer's weights begin.</summary>
    public static KeySet<T> WeightInitializer<T>(this KeySet<T> keys, Func<T, string?> get, Func<T, string, T> set)
        where T : class => keys
        .Word("initializer", "How the weights begin.", o => get(o) ?? "", (o, value) => value.Length == 0 ? o : set(o, value), Initializer.Names)
        .Otherwise("what suits the activation", written: o => get(o) is not null);
}
