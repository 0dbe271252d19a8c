namespace Cluster.Ml.Nn.Activations;

/// <summary>The activations that a job may name, one a line.</summary>
internal static class ActivationRegistry
{
    /// <summary>All of them, in the order in which a message lists them.</summary>
    public static readonly IReadOnlyList<Activation> All = [Relu.Declared, Tanh.Declared, Sigmoid.Declared, LeakyRelu.Declared, Heaviside.Declared, Identity.Declared];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(activation => activation.Name)];

    /// <summary>The names of those that may stand alone.</summary>
    public static IReadOnlyList<string> Alone { get; } = [.. All.Where(activation => !activation.IsIdentity).Select(activation => activation.Name)];

    /// <summary>The activation of this name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Activation Of(string name) => All.FirstOrDefault(activation => activation.Name == name)
        ?? throw new ArgumentException($"Activation: wanted one of {string.Join(", ", Names)}, got {name}.", nameof(name));
}
