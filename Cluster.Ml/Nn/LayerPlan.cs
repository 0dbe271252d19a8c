using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Nn.Activations;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Nn.Initializers;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Numerics;

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
    /// <returns>The tensor of the last one's output; the source where there are none.</returns>
    /// <exception cref="BadInputException">A layer does not fit what it reads.</exception>
    public int Add(IReadOnlyList<LayerSpec> layers, int source)
    {
        foreach (LayerSpec spec in layers)
        {
            int from = spec.From is { } name ? _named[name] : source;
            source = AddOne(spec, from);
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

    private static bool SeesImages(IReadOnlyList<LayerSpec> layers) => layers.FirstOrDefault(layer => layer is not (LayerSpec.Dropout or LayerSpec.Activate)) switch
    {
        LayerSpec.Convolution or LayerSpec.Pooling => true,
        LayerSpec.Join join => join.Branches.Any(branch => SeesImages(branch.Layers)),
        _ => false,
    };

    private int AddOne(LayerSpec spec, int source)
    {
        if (spec is LayerSpec.Join join)
        {
            int[] sources = [.. join.Branches.Select(branch => Add(branch.Layers, branch.Source is { } name ? _named[name] : source))];
            if (join.Adds) Project(join.Branches, sources);
            return Checked(() => join.Adds ? builder.Add(shapes => new Sum(shapes), sources) : builder.Add(shapes => new Concatenation(shapes), sources));
        }
        return Checked(() =>
        {
            Layer layer = Create(spec, builder.ShapeOf(source));
            if (spec.Share is not { } share || layer.ParameterCount == 0) return Place(layer, source, spec.Frozen);
            ParameterBlock block = builder.NodeOf(_named[share]).Block
                ?? throw new ArgumentException($"Network: {layer.Name}: wanted '{share}', whose parameters it shares, to have parameters, got none.");
            return builder.AddShared(layer, source, block, trained && !spec.Frozen);
        });
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
            if (widens) sources[i] = AddOne(new LayerSpec.Convolution(wanted.Last, new WindowSpec(1, 1, 1, true), "none"), sources[i]);
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
            throw new BadInputException(job, null, null, "layers that fit each other", error.Message.TrimEnd('.'), "change model.layers", error);
        }
    }

    /// <summary>The layer that a description stands for, for an input of this shape.</summary>
    private static Layer Create(LayerSpec spec, TensorShape input) => spec switch
    {
        LayerSpec.Dense dense => new Dense(input, dense.Units, Activation.Named(dense.Activation), Initializer.Named(dense.Start, dense.Activation)),
        LayerSpec.Embedding embedding => new Embedding(input, embedding.Tokens, embedding.Units),
        LayerSpec.Recurrent recurrent => new RecurrentLayer(input, recurrent.Cell, recurrent.Units, recurrent.Time, recurrent.All),
        LayerSpec.Dropout dropout => new Dropout(input, dropout.Rate),
        LayerSpec.Convolution conv => new Convolution2D(
            input, WindowOf("conv", conv.Window, input), conv.Filters, Activation.Named(conv.Activation),
            Initializer.Named(conv.Start, conv.Activation)),
        LayerSpec.Pooling { Largest: true } pool => new MaxPooling2D(input, WindowOf("max-pool", pool.Window, input)),
        LayerSpec.Pooling pool => new AveragePooling2D(input, WindowOf("mean-pool", pool.Window, input)),
        LayerSpec.Reshape reshape => new Reshape(input, reshape.Sizes.Count == 0 ? TensorShape.Of(input.Count) : TensorShape.Of([.. reshape.Sizes])),
        LayerSpec.Activate { Activation: "softmax" } => new Softmax(input),
        LayerSpec.Activate activate => new ActivationLayer(input, Activation.Named(activate.Activation)),
        _ => throw new ArgumentException($"NetworkLearner: wanted a kind of layer that it knows, got {spec}.", nameof(spec)),
    };

    private static WindowShape WindowOf(string layer, WindowSpec window, TensorShape input) => input.Rank == 3
        ? new WindowShape(input[0], input[1], input[2], window.Height, window.Width, window.Stride, window.Same)
        : throw new ArgumentException($"{layer}: wanted images of height × width × channels, got {input}; put {{ reshape: [ height, width, channels ] }} before it.", nameof(input));
}
