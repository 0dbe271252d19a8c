using Cluster.Ml.Numerics;

namespace Cluster.Ml.Learning;

/// <summary>How a learner trains: what a step looks at, in which numbers, and what it is capable of.</summary>
/// <remarks>A capability that is not refused is there. A new form begins as one of the two below and refuses what it lacks, with the reason.</remarks>
public sealed class LearnerForm
{
    private readonly Dictionary<Capability, Refusal> _refusals;

    private LearnerForm(string name, NumberKind numbers, bool fullBatch, Dictionary<Capability, Refusal> refusals) =>
        (Name, Numbers, FullBatch, _refusals) = (name, numbers, fullBatch, refusals);

    /// <summary>The kind of learner, and what tells this form from its others, for a message.</summary>
    public string Name { get; }

    /// <summary>How features, state and contributions are stored.</summary>
    public NumberKind Numbers { get; }

    /// <summary>Whether a step looks at every training row.</summary>
    public bool FullBatch { get; }

    /// <summary>Steps down the gradient of one batch, in single precision: capable of all.</summary>
    /// <param name="name">The kind of learner.</param>
    public static LearnerForm Gradients(string name) => new(name, NumberKind.Float32, fullBatch: false, []);

    /// <summary>Steps that are solved from sums over all rows, in double precision: capable of nothing that needs a gradient.</summary>
    /// <param name="name">The kind of learner, and what tells this form from its others.</param>
    public static LearnerForm AllRows(string name)
    {
        const string rows = "with steps over all rows", rest = "it belongs to models that follow gradients; remove it";
        const string modes = "for a model whose step looks at every row", mode = "write mode: synchronous, or choose a model that follows gradients, such as softmax or mlp";
        return new LearnerForm(name, NumberKind.Float64, fullBatch: true, new()
        {
            [Capability.Optimizer] = new($"with kind: {name}", "this model has steps of its own; remove it"),
            [Capability.OptimizerState] = new($"with kind: {name}", "this model has steps of its own; remove it"),
            [Capability.Schedule] = new(rows, rest),
            [Capability.ClipNorm] = new(rows, rest),
            [Capability.ClipValue] = new(rows, rest),
            [Capability.Privacy] = new(rows, "remove privacy, or choose another model or optimizer"),
            [Capability.Compression] = new(rows, "it is for gradients, not for sums that a step is solved from; remove it"),
            [Capability.Carrying] = new(rows, "it is for gradients, not for sums that a step is solved from; remove it"),
            [Capability.Staleness] = new(modes, mode),
            [Capability.LocalSteps] = new(modes, mode),
            [Capability.Servers] = new($"{rows}, which are solved from the whole sum", "write servers: 1"),
            [Capability.Augmentation] = new($"with kind: {name}", "only networks learn from changed images; remove it"),
            [Capability.InputGradients] = new($"with kind: {name}", "choose a model that follows gradients"),
            [Capability.Onnx] = new($"with kind: {name}, whose steps no operators were written for", "export npz or safetensors"),
        });
    }

    /// <summary>Why it lacks a capability; null if it has it.</summary>
    public Refusal? Refuses(Capability capability) => _refusals.GetValueOrDefault(capability);

    /// <summary>Whether it has a capability.</summary>
    public bool Has(Capability capability) => !_refusals.ContainsKey(capability);

    /// <summary>The same without some capabilities.</summary>
    /// <param name="because">Continues the value that is wanted or got: 'with kind: kmeans, which …'.</param>
    /// <param name="advice">What to do.</param>
    /// <param name="capabilities">What it lacks.</param>
    public LearnerForm Without(string because, string advice, params ReadOnlySpan<Capability> capabilities)
    {
        Dictionary<Capability, Refusal> refusals = new(_refusals);
        foreach (Capability capability in capabilities) refusals[capability] = new Refusal(because, advice);
        return new LearnerForm(Name, Numbers, FullBatch, refusals);
    }

    /// <summary>The same with some capabilities after all.</summary>
    public LearnerForm With(params ReadOnlySpan<Capability> capabilities)
    {
        Dictionary<Capability, Refusal> refusals = new(_refusals);
        foreach (Capability capability in capabilities) refusals.Remove(capability);
        return new LearnerForm(Name, Numbers, FullBatch, refusals);
    }
}
