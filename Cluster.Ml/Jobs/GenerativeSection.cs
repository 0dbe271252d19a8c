using System.Globalization;

namespace Cluster.Ml.Jobs;

/// <summary>The keys of model for kinds that learn the rows themselves.</summary>
internal static class GenerativeSection
{
    private static readonly string[] s_keys = ["latent", "likelihood", "noise", "encoder", "decoder", "generator", "discriminator"];
    private static readonly ValueList<LayerSpec> s_none = new([]);

    /// <summary>The pieces, or null where the kind has none.</summary>
    public static GenerativeSpec? Read(JobMap map, string kind)
    {
        if (!ModelKinds.LearnsRows(kind))
        {
            foreach (string key in s_keys)
                if (kind.Length == 0) map.Has(key);
                else map.Refuse(key, $"with kind: {kind}", $"only {string.Join(", ", ModelKinds.All.Where(ModelKinds.LearnsRows))} have it; remove it");
            return null;
        }
        int latent = map.Whole("latent", JobDefaults.Latent, 1, JobDefaults.UnitsMax);
        string likelihood = map.Word("likelihood", "bernoulli", "bernoulli", "gaussian");
        double noise = kind == ModelKinds.Autoencoder ? map.Number("noise", 0, value => value is >= 0 and <= 100, "a number from 0 to 100") : 0;
        ValueList<LayerSpec> encoder = Layers("encoder", kind != ModelKinds.Gan);
        ValueList<LayerSpec> decoder = Layers(kind == ModelKinds.Gan ? "generator" : "decoder", true);
        ValueList<LayerSpec> discriminator = Layers("discriminator", kind is ModelKinds.Gan or ModelKinds.AdversarialAutoencoder);
        foreach (string key in s_keys)
            if (!Belongs(key, kind)) map.Refuse(key, $"with kind: {kind}", "it belongs to another kind; remove it");
        return new GenerativeSpec(latent, likelihood, noise, encoder, decoder, discriminator);

        ValueList<LayerSpec> Layers(string key, bool has)
        {
            if (!has) return s_none;
            if (map.Has(key)) return LayerSection.Read(map, key);
            map.Faults.Add(map.Place, $"a model of kind {kind} to have the key '{key}'", "none", $"add {key}: [ {{ dense: 64, activation: relu }} ]");
            return s_none;
        }
    }

    /// <summary>The keys with their values, one a line.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Write(string kind, GenerativeSpec model)
    {
        yield return new("latent", model.Latent.ToString(CultureInfo.InvariantCulture));
        yield return new("likelihood", model.Likelihood);
        if (Belongs("noise", kind)) yield return new("noise", model.Noise.ToString("R", CultureInfo.InvariantCulture));
        if (Belongs("encoder", kind)) yield return new("encoder", LayerText.Write(model.Encoder));
        yield return new(kind == ModelKinds.Gan ? "generator" : "decoder", LayerText.Write(model.Decoder));
        if (Belongs("discriminator", kind)) yield return new("discriminator", LayerText.Write(model.Discriminator));
    }

    private static bool Belongs(string key, string kind) => key switch
    {
        "noise" => kind == ModelKinds.Autoencoder,
        "encoder" or "decoder" => kind != ModelKinds.Gan,
        "generator" => kind == ModelKinds.Gan,
        "discriminator" => kind is ModelKinds.Gan or ModelKinds.AdversarialAutoencoder,
        _ => true,
    };
}
