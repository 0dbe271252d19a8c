using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Nn.Activations;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Nn.Initializers;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Nn.Losses;

namespace Cluster.Ml.Nn.Generative;

/// <summary>Turns a job into a model that learns the rows themselves: an autoencoder of some kind, or a generator with its adversary.</summary>
internal sealed class GenerativePlan
{
    private readonly JobSpec _spec;
    private readonly GenerativeOptions _model;
    private readonly ParameterLayout _layout = new();
    private readonly TensorShape _row;
    private readonly Likelihood _likelihood;

    public GenerativePlan(JobSpec spec, DataShape shape)
    {
        (_spec, _model) = (spec, spec.Model.As<GenerativeOptions>());
        _row = TensorShape.Of(shape.Features);
        _likelihood = LikelihoodRegistry.Of(_model.Likelihood);
    }

    /// <summary>An autoencoder, with noise on what it reads if the job says so.</summary>
    public NetworkModel Autoencoder()
    {
        SubNetwork encoder = Piece(_model.Encoder, _model.Latent), decoder = Piece(_model.Decoder, _row.Count);
        NetworkBuilder builder = new(_layout, _row);
        int disturbed = _model.Noise > 0 ? builder.Add(new GaussianNoise(_row, _model.Noise), NetworkBuilder.Input) : NetworkBuilder.Input;
        int given = decoder.AddTo(builder, encoder.AddTo(builder, disturbed, true), true);
        Network network = builder.Cost(given, _likelihood.Reconstruction()).Build();
        return new NetworkModel(_layout, [Objective("reconstruction", network)], network, new ReconstructionQuality(network.Heads[0], null));
    }

    /// <summary>A variational autoencoder.</summary>
    public NetworkModel Variational()
    {
        SubNetwork encoder = Piece(_model.Encoder, 2 * _model.Latent), decoder = Piece(_model.Decoder, _row.Count);
        NetworkBuilder builder = new(_layout, _row);
        int moments = encoder.AddTo(builder, NetworkBuilder.Input, true);
        int code = builder.Add(new GaussianSample(builder.ShapeOf(moments)), moments);
        int given = decoder.AddTo(builder, code, true);
        Network network = builder.Cost(given, _likelihood.Reconstruction()).Cost(moments, new GaussianDivergence()).Build();
        return new NetworkModel(_layout, [Objective("elbo", network)], network, new ReconstructionQuality(network.Heads[0], network.Heads[1]))
        {
            Generator = Generator(decoder),
            GeneratesLogits = _likelihood.GivesLogits,
        };
    }

    /// <summary>A generator and a discriminator.</summary>
    public NetworkModel Adversarial()
    {
        SubNetwork generator = new(_spec.Name, _model.Decoder, shape => Last(shape, _row.Count, _likelihood.Output));
        SubNetwork discriminator = Piece(_model.Discriminator, 1);
        NetworkBuilder telling = new(_layout, _row);
        int made = generator.AddTo(telling, telling.Add(new GaussianSource(_row, _model.Latent), NetworkBuilder.Input), false);
        int pair = telling.Add(shapes => new Stack(shapes), NetworkBuilder.Input, made);
        Network tells = telling.Cost(discriminator.AddTo(telling, pair, true), new DiscriminatorLoss(1, 0)).Build();

        NetworkBuilder deceiving = new(_layout, _row);
        made = generator.AddTo(deceiving, deceiving.Add(new GaussianSource(_row, _model.Latent), NetworkBuilder.Input), true);
        Network deceives = deceiving.Cost(discriminator.AddTo(deceiving, made, false), new DiscriminatorLoss(1)).Build();
        return new NetworkModel(
            _layout, [Objective("discriminator", tells), Objective("generator", deceives)], tells, new AdversarialQuality(tells.Heads[0]))
        {
            Generator = Generator(generator),
        };
    }

    /// <summary>An autoencoder, and a discriminator of its codes.</summary>
    public NetworkModel AdversarialAutoencoder()
    {
        SubNetwork encoder = Piece(_model.Encoder, _model.Latent), decoder = Piece(_model.Decoder, _row.Count), discriminator = Piece(_model.Discriminator, 1);
        NetworkBuilder giving = new(_layout, _row);
        int code = encoder.AddTo(giving, NetworkBuilder.Input, true);
        Network gives = giving.Cost(decoder.AddTo(giving, code, true), _likelihood.Reconstruction()).Build();

        NetworkBuilder telling = new(_layout, _row);
        Network tells = telling.Cost(Told(telling, encoder, discriminator, true, out _), new DiscriminatorLoss(1, 0)).Build();

        NetworkBuilder deceiving = new(_layout, _row);
        code = encoder.AddTo(deceiving, NetworkBuilder.Input, true);
        Network deceives = deceiving.Cost(discriminator.AddTo(deceiving, code, false), new DiscriminatorLoss(1)).Build();

        NetworkBuilder asking = new(_layout, _row);
        int told = Told(asking, encoder, discriminator, false, out code);
        Network asked = asking.Cost(decoder.AddTo(asking, code, false), _likelihood.Reconstruction()).Cost(told, new DiscriminatorLoss(1, 0)).Cost(code, new ZeroLoss()).Build();
        return new NetworkModel(
            _layout, [Objective("reconstruction", gives), Objective("discriminator", tells), Objective("encoder", deceives)], asked,
            new AdversarialQuality(asked.Heads[1], asked.Heads[0], asked.Heads[2]))
        {
            Generator = Generator(decoder),
            GeneratesLogits = _likelihood.GivesLogits,
        };
    }

    /// <summary>What the discriminator says of a code that was drawn from the prior, and of the row's own code.</summary>
    private int Told(NetworkBuilder builder, SubNetwork encoder, SubNetwork discriminator, bool trained, out int code)
    {
        code = encoder.AddTo(builder, NetworkBuilder.Input, false);
        int drawn = builder.Add(new GaussianSource(_row, _model.Latent), NetworkBuilder.Input);
        return discriminator.AddTo(builder, builder.Add(shapes => new Stack(shapes), drawn, code), trained);
    }

    /// <summary>From a code to a row.</summary>
    private Network Generator(SubNetwork decoder)
    {
        NetworkBuilder builder = new(_layout, TensorShape.Of(_model.Latent));
        return builder.Cost(decoder.AddTo(builder, NetworkBuilder.Input, false), new ZeroLoss()).Build();
    }

    private SubNetwork Piece(IReadOnlyList<LayerSpec> layers, int units) => new(_spec.Name, layers, shape => Last(shape, units, Identity.Declared));

    private static Dense Last(TensorShape shape, int units, Activation activation) =>
        new(shape, units, activation, Initializer.GlorotUniform);

    private Objective Objective(string name, Network network) => new(name, network, _spec.Training.Optimizer.Create());
}
