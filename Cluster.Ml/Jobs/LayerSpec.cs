using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Layers;

namespace Cluster.Ml.Jobs;

/// <summary>One layer of a network, as a job describes it; each kind has its own record, beside the layer.</summary>
public abstract record LayerSpec
{
    /// <summary>The keys that every layer has.</summary>
    internal static readonly KeySet<LayerSpec> Common = new KeySet<LayerSpec>(new PlainLayer())
        .Text("name", "What other layers call it.", o => o.Name, (o, value) => o with { Name = value }, JobDefaults.LayerNameMax)
        .Text("from", "The named layer before it whose output it reads.", o => o.From, (o, value) => o with { From = value }, JobDefaults.LayerNameMax, "the layer before it")
        .Text(
            "share", "The named layer before it whose parameters it uses as well.", o => o.Share, (o, value) => o with { Share = value },
            JobDefaults.LayerNameMax, "parameters that no other layer has")
        .Flag("frozen", "Whether training leaves its parameters as they are.", o => o.Frozen, (o, value) => o with { Frozen = value });

    /// <summary>The key that says what it is.</summary>
    public abstract string Kind { get; }

    /// <summary>What other layers call it, or null.</summary>
    public string? Name { get; init; }

    /// <summary>The named layer whose output it reads; null for the layer before it.</summary>
    public string? From { get; init; }

    /// <summary>The named layer whose parameters it uses as well; null if it shares none.</summary>
    public string? Share { get; init; }

    /// <summary>Whether training leaves its parameters as they are.</summary>
    public bool Frozen { get; init; }

    /// <summary>Whether it reads height × width × channels; null if it takes what comes.</summary>
    internal virtual bool? SeesImages => false;

    /// <summary>The names of layers within it that others may call.</summary>
    internal virtual IEnumerable<string> NamesWithin => [];

    /// <summary>The layers that it stands for, if it is a block of them.</summary>
    internal virtual LayerSpec Expanded => this;

    /// <summary>The layer, for an input of this shape.</summary>
    /// <exception cref="ArgumentException">It does not fit the input.</exception>
    internal abstract Layer Create(TensorShape input);

    /// <summary>Adds it to a network; the tensor of its output.</summary>
    internal virtual int AddTo(LayerPlan plan, int source) => plan.AddLayer(this, source);

    private sealed record PlainLayer : LayerSpec
    {
        public override string Kind => "";

        internal override Layer Create(TensorShape input) => throw new ArgumentException("LayerSpec: wanted a kind of layer, got none.", nameof(input));
    }
}
