using System.Globalization;
using System.Text;

namespace Cluster.Ml.Jobs;

/// <summary>The keys of model that only word2vec has.</summary>
internal static class EmbeddingSection
{
    private static readonly string[] s_keys = ["architecture", "dimensions", "window", "negatives", "subsample"];

    public static EmbeddingSpec Read(JobMap map) => new(
        map.Word("architecture", "skip-gram", "skip-gram", "cbow"),
        map.Whole("dimensions", JobDefaults.WordDimensions, 1, JobDefaults.WordDimensionsMax),
        map.Whole("window", JobDefaults.WordWindow, 1, JobDefaults.WordWindowMax),
        map.Whole("negatives", JobDefaults.Negatives, 1, JobDefaults.NegativesMax),
        map.Number("subsample", JobDefaults.Subsample, value => value is >= 0 and <= 1, "a share of the text from 0 to 1"));

    /// <summary>Takes the keys for known where the kind is not.</summary>
    public static void Know(JobMap map)
    {
        foreach (string key in s_keys) map.Has(key);
    }

    public static void Write(StringBuilder text, EmbeddingSpec embedding) => text.Append(
        CultureInfo.InvariantCulture,
        $"  architecture: {embedding.Architecture}\n  dimensions: {embedding.Dimensions}\n  window: {embedding.Window}\n  negatives: {embedding.Negatives}\n  subsample: {embedding.Subsample:R}\n");
}
