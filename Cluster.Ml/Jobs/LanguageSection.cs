using System.Globalization;
using System.Text;

namespace Cluster.Ml.Jobs;

/// <summary>The keys of model that only a language model has.</summary>
internal static class LanguageSection
{
    public static LanguageSpec Read(JobMap map) => new(
        map.Word("cell", "lstm", "lstm", "rnn"),
        map.Whole("embedding", JobDefaults.Embedding, 1, JobDefaults.UnitsMax),
        map.Whole("units", JobDefaults.RecurrentUnits, 1, JobDefaults.RecurrentUnitsMax),
        map.Whole("depth", 1, 1, JobDefaults.LayersMax),
        map.Whole("window", JobDefaults.Window, 1, JobDefaults.WindowMax),
        map.Word("initialize", "uniform", "uniform", "orthogonal"));

    public static void Write(StringBuilder text, LanguageSpec language) => text.Append(
        CultureInfo.InvariantCulture,
        $"  cell: {language.Cell}\n  embedding: {language.Embedding}\n  units: {language.Units}\n  depth: {language.Depth}\n  window: {language.Window}\n  initialize: {language.Initialize}\n");
}
