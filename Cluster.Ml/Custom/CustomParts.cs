using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Layers;

namespace Cluster.Ml.Custom;

/// <summary>Where a program adds learners, layers and losses of its own, one call each, before it reads its first job.</summary>
/// <remarks>
/// What is added is known to this process alone: every process that computes a job, or reads a model of it, must add the same.
/// A name stands in the job file and in the model; whoever changes what it does gives it another.
/// </remarks>
public static class CustomParts
{
    private static readonly Lock s_gate = new();
    private static readonly List<LearnerKind> s_learners = [];
    private static readonly List<NamedChoice> s_layers = [];
    private static bool s_learnersAreRead, s_layersAreRead;

    /// <summary>Adds a kind of learner, which jobs name in model.kind.</summary>
    /// <param name="kind">What makes the learner, and says what it is capable of.</param>
    /// <exception cref="ArgumentException">Its name is none, or another kind has it.</exception>
    /// <exception cref="InvalidOperationException">A job has been read already.</exception>
    public static void AddLearner(LearnerKind kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        lock (s_gate)
        {
            Require(kind.Name, "learner", LearnerRegistry.OwnNames.Concat(s_learners.Select(learner => learner.Name)), s_learnersAreRead);
            s_learners.Add(kind);
        }
    }

    /// <summary>Adds a layer with one number, which jobs write as { NAME: NUMBER } in model.layers.</summary>
    /// <param name="name">The layer's key.</param>
    /// <param name="meaning">What the number is: one sentence.</param>
    /// <param name="numbers">The numbers that it takes.</param>
    /// <param name="create">Makes the layer of so many inputs, and that number. An <see cref="ArgumentException"/> says that it does not fit.</param>
    /// <exception cref="ArgumentException">The name is none, or another layer has it.</exception>
    /// <exception cref="InvalidOperationException">A job has been read already.</exception>
    public static void AddLayer(string name, string meaning, NumberRange numbers, Func<int, double, CustomLayer> create)
    {
        ArgumentNullException.ThrowIfNull(meaning);
        ArgumentNullException.ThrowIfNull(numbers);
        ArgumentNullException.ThrowIfNull(create);
        lock (s_gate)
        {
            Require(name, "layer", LayerRegistry.OwnNames.Concat(s_layers.Select(layer => layer.Name)), s_layersAreRead);
            s_layers.Add(CustomLayerSpec.Declare(name, meaning, numbers, create));
        }
    }

    /// <summary>Adds a kind of network, which predicts a number under a loss: model: { kind: NAME, layers: [ … ] }.</summary>
    /// <param name="name">The kind's name.</param>
    /// <param name="meaning">What it is: one line.</param>
    /// <param name="loss">What its output costs.</param>
    /// <exception cref="ArgumentException">The name is none, or another kind has it.</exception>
    /// <exception cref="InvalidOperationException">A job has been read already.</exception>
    public static void AddLoss(string name, string meaning, CustomLoss loss)
    {
        ArgumentNullException.ThrowIfNull(meaning);
        ArgumentNullException.ThrowIfNull(loss);
        AddLearner(new CustomLossKind(name, meaning, loss));
    }

    /// <summary>The kinds that were added. No more can be added after that.</summary>
    internal static IReadOnlyList<LearnerKind> ReadLearners()
    {
        lock (s_gate)
        {
            s_learnersAreRead = true;
            return [.. s_learners];
        }
    }

    /// <summary>The layers that were added. No more can be added after that.</summary>
    internal static IReadOnlyList<NamedChoice> ReadLayers()
    {
        lock (s_gate)
        {
            s_layersAreRead = true;
            return [.. s_layers];
        }
    }

    private static void Require(string name, string part, IEnumerable<string> taken, bool late)
    {
        if (string.IsNullOrEmpty(name) || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') || !char.IsAsciiLetterLower(name[0]))
            throw new ArgumentException($"CustomParts: wanted a name of lower-case letters, digits and '-' for a {part}, got '{name}'.", nameof(name));
        if (taken.Contains(name)) throw new ArgumentException($"CustomParts: wanted a name that no {part} has, got '{name}'.", nameof(name));
        if (late) throw new InvalidOperationException($"CustomParts: wanted the {part} '{name}' before the first job is read, got it after; add it at the program's start.");
    }
}
