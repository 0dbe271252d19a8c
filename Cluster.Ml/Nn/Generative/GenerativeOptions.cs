using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Nn.Losses;

namespace Cluster.Ml.Nn.Generative;

/// <summary>What a job says about a model that learns the rows themselves.</summary>
public sealed record GenerativeOptions : ModelOptions
{
    /// <summary>Numbers of a code, or of what a generator starts from.</summary>
    public int Latent { get; init; } = 20;

    /// <summary>bernoulli for rows of numbers in [0, 1], gaussian for any numbers.</summary>
    public string Likelihood { get; init; } = BernoulliReconstruction.Declared.Name;

    /// <summary>The standard deviation of the noise on an autoencoder's input while it learns; 0 for none.</summary>
    public double Noise { get; init; }

    /// <summary>Hidden layers from a row to a code.</summary>
    public IReadOnlyList<LayerSpec> Encoder { get; init; } = new ValueList<LayerSpec>([]);

    /// <summary>Hidden layers from a code to a row; a generator's.</summary>
    public IReadOnlyList<LayerSpec> Decoder { get; init; } = new ValueList<LayerSpec>([]);

    /// <summary>Hidden layers that tell real from false.</summary>
    public IReadOnlyList<LayerSpec> Discriminator { get; init; } = new ValueList<LayerSpec>([]);

    /// <summary>The keys that all such models have.</summary>
    internal static KeySet<GenerativeOptions> Code() => new KeySet<GenerativeOptions>(new())
        .Whole("latent", "Numbers of a code, or of what a generator starts from.", o => o.Latent, (o, value) => o with { Latent = value }, 1, JobDefaults.UnitsMax)
        .Word(
            "likelihood", $"{string.Join(", ", LikelihoodRegistry.All.Select(likelihood => $"{likelihood.Name} for {likelihood.Meaning}"))}.", o => o.Likelihood,
            (o, value) => o with { Likelihood = value }, LikelihoodRegistry.Names);
}

/// <summary>The keys that several such models have.</summary>
internal static class GenerativeKeys
{
    public static KeySet<GenerativeOptions> Noise(this KeySet<GenerativeOptions> keys) => keys.Number(
        "noise", "Standard deviation of the noise on the input while it learns.", o => o.Noise, (o, value) => o with { Noise = value },
        NumberRange.Between(0, 100));

    public static KeySet<GenerativeOptions> Encoder(this KeySet<GenerativeOptions> keys) => keys.Layers(
        "encoder", "Hidden layers from a row to a code.", o => o.Encoder, (o, layers) => o with { Encoder = layers });

    public static KeySet<GenerativeOptions> Decoder(this KeySet<GenerativeOptions> keys) => keys.Layers(
        "decoder", "Hidden layers from a code to a row.", o => o.Decoder, (o, layers) => o with { Decoder = layers });

    public static KeySet<GenerativeOptions> Generator(this KeySet<GenerativeOptions> keys) => keys.Layers(
        "generator", "Hidden layers from random numbers to a row.", o => o.Decoder, (o, layers) => o with { Decoder = layers });

    public static KeySet<GenerativeOptions> Discriminator(this KeySet<GenerativeOptions> keys) => keys.Layers(
        "discriminator", "Hidden layers that tell real from false.", o => o.Discriminator, (o, layers) => o with { Discriminator = layers });
}
