using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Nn.Layers;

namespace Cluster.Ml.Nn.Graph;

/// <summary>What a job says about branches that come together.</summary>
/// <param name="Branches">What comes together, in order.</param>
public abstract record JoinOptions(IReadOnlyList<BranchSpec> Branches) : LayerSpec
{
    internal override bool? SeesImages => Branches.Any(branch => LayerPlan.SeesImages(branch.Layers));

    internal override IEnumerable<string> NamesWithin => Branches.SelectMany(branch => LayerPlan.NamesOf(branch.Layers));

    /// <summary>Branches without names of their own.</summary>
    internal static ValueList<BranchSpec> Of(params LayerSpec[][] branches) =>
        new(branches.Select(layers => new BranchSpec(null, new ValueList<LayerSpec>(layers))));

    /// <summary>The keys of a join.</summary>
    internal static NamedChoice Declare<T>(string name, string meaning, T defaults, Func<T, ValueList<BranchSpec>, T> set)
        where T : JoinOptions => new(name, meaning, new KeySet<T>(defaults).Add(new KeySet<T>.Key(
            name, KeyKind.Branches, "a list of branches, each a list of layers or the name of a layer before this one", null, "What comes together, in order.")
        {
            Items = new CountRange(1, JobDefaults.LayersMax),
            Read = (map, o, _) => map.Layers is { } layers ? set(o, layers.ReadBranches(map, name)) : o,
            Write = o => LayerSection.Write(o.Branches),
        }).Required("[ [ { dense: 32 } ], [] ]"));

    internal override Layer Create(TensorShape input) => throw new ArgumentException($"{Kind}: wanted branches, got an input of {input}; add it to a network.", nameof(input));

    internal override int AddTo(LayerPlan plan, int source) => plan.AddJoin(this, source);

    /// <summary>Whether a branch that passes images on as they are gets the channels of the others.</summary>
    internal virtual bool Projects => false;

    /// <summary>What brings branches of these shapes together.</summary>
    internal abstract Join Joined(IReadOnlyList<TensorShape> shapes);
}
