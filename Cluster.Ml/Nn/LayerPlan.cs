using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Nn.Activations;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Nn.Layers;

namespace Cluster.Ml.Nn;

/// <summary>Adds the layers that a job describes to a network.</summary>
/// <param name="job">The job's name, for messages.</param>
/// <param name="builder">Takes the layers.</param>
/// <param name="blocks">The parameters of these layers, one after another; filled by the first network that they are added to.</param>
/// <param name="trained">Whether this network changes them.</param>
internal sealed class LayerPlan(string job, NetworkBuilder builder, List<ParameterBlock> blocks, bool trained)
{
    private readonly Dictionary<string, int> _named = [];
    private readonly bool _reuses = blocks.Count > 0;
    private int _used;

    /// <summary>A plan of layers that no other network has.</summary>
    public LayerPlan(string job, NetworkBuilder builder)
        : this(job, builder, [], true)
    {
    }

    /// <summary>What one row holds for these layers: numbers in a row, unless the first layer looks at images and the data are images.</summary>
    public static TensorShape InputOf(IReadOnlyList<LayerSpec> layers, DataShape shape) => shape.Image is { } image && SeesImages(layers)
        ? TensorShape.Of(image.Height, image.Width, image.Channels)
        : TensorShape.Of(shape.Features);

    /// <summary>Adds layers one after another.</summary>
    /// <param name="layers">What the job describes.</param>
    /// <param name="source">The tensor that the first of them reads.</param>
    /// <returns>The tensor of the last one's output; the source if there are none.</returns>
    /// <exception cref="BadInputException">A layer does not fit what it reads.</exception>
    public int Add(IReadOnlyList<LayerSpec> layers, int source)
    {
        foreach (LayerSpec spec in layers)
        {
            int from = spec.From is { } name ? _named[name] : source;
            source = spec.AddTo(this, from);
            if (spec.Name is { } label) _named[label] = source;
        }
        return source;
    }

    /// <summary>The tensor of a named layer's output.</summary>
    public int TensorOf(string name) => _named[name];

    /// <summary>Adds one more layer.</summary>
    public int Add(Layer layer, int source) => Checked(() => Place(layer, source, frozen: false));

    /// <summary>The network of all that was added.</summary>
    /// <exception cref="BadInputException">The output of a layer is read by nothing.</exception>
    public Network Build() => Checked(builder.Build);

    /// <summary>Whether the first of the layers that asks for a shape asks for images.</summary>
    public static bool SeesImages(IReadOnlyList<LayerSpec> layers) => layers.Select(layer => layer.SeesImages).FirstOrDefault(sees => sees is not null) == true;

    /// <summary>The names that layers have, those within others among them.</summary>
    public static IEnumerable<string> NamesOf(IEnumerable<LayerSpec> layers) =>
        layers.SelectMany(layer => (layer.Name is { } name ? [name] : Enumerable.Empty<string>()).Concat(layer.NamesWithin));

    /// <summary>Adds one layer; the tensor of its output.</summary>
    public int AddLayer(LayerSpec spec, int source) => Checked(() =>
    {
        Layer layer = spec.Create(builder.ShapeOf(source));
        if (spec.Share is not { } share || layer.ParameterCount == 0) return Place(layer, source, spec.Frozen);
        ParameterBlock block = builder.NodeOf(_named[share]).Block
            ?? throw new ArgumentException($"Network: {layer.Name}: wanted '{share}', whose parameters it shares, to have parameters, got none.");
        return builder.AddShared(layer, source, block, trained && !spec.Frozen);
    });

    /// <summary>Adds branches and what brings them together; the tensor of its output.</summary>
    public int AddJoin(JoinOptions join, int source)
    {
        int[] sources = [.. join.Branches.Select(branch => Add(branch.Layers, branch.Source is { } name ? _named[name] : source))];
        if (join.Projects) Project(join.Branches, sources);
        return Checked(() => builder.Add(join.Joined, sources));
    }

    /// <summary>
    /// Gives shortcuts, the branches of a sum that pass images on as they are, the channels of its other branches: by filters of 1×1 without activation.
    /// </summary>
    /// <remarks>Source  He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition", CVPR 2016, § 3.2, eq. 2, and § 3.3, option B</remarks>
    private void Project(IReadOnlyList<BranchSpec> branches, int[] sources)
    {
        int body = branches.TakeWhile(IsShortcut).Count();
        if (body == branches.Count) return;
        TensorShape wanted = builder.ShapeOf(sources[body]);
        for (int i = 0; i < sources.Length; i++)
        {
            TensorShape passed = builder.ShapeOf(sources[i]);
            bool widens = IsShortcut(branches[i]) && passed.Rank == 3 && passed.Last != wanted.Last && passed.WithLast(wanted.Last).Equals(wanted);
            if (widens) sources[i] = AddLayer(new ConvolutionOptions(wanted.Last, new WindowSpec(1, 1, 1, true), Identity.Declared.Name), sources[i]);
        }

        static bool IsShortcut(BranchSpec branch) => branch.Source is null && branch.Layers.Count == 0;
    }

    private int Place(Layer layer, int source, bool frozen)
    {
        if (layer.ParameterCount == 0) return builder.Add(layer, source);
        if (_reuses) return builder.AddShared(layer, source, blocks[_used++], trained);
        int tensor = builder.Add(layer, source, frozen, trained);
        blocks.Add(builder.NodeOf(tensor).Block!);
        return tensor;
    }

    /// <summary>What a program may not ask of a builder is here what a job may not ask.</summary>
    private T Checked<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (ArgumentException error)
        {
            string said = error.Message.Replace($" (Parameter '{error.ParamName}')", "", StringComparison.Ordinal);
            throw new BadInputException(job, null, null, "layers that fit each other", said.TrimEnd('.'), "change model.layers", error);
        }
    }
}
