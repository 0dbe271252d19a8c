using Cluster.Ml.Data;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Jobs;

/// <summary>The key data: what its keys cannot say, because it depends on the model.</summary>
internal static class DataSection
{
    public static DataSpec Read(JobMap map, ModelSpec model, string baseDirectory)
    {
        LearnerKind? kind = LearnerRegistry.Find(model.Kind);
        DataSpec data = (DataSpec)DataSpec.Declared.Read(map, baseDirectory, DefaultsOf(map, model));
        if (data.Text is not null && kind is { ReadsText: false })
            map.Error("source", $"a table or images with kind: {kind.Name}", $"only {LearnerRegistry.NamesWhere(known => known.ReadsText)} learn from a text");
        if (data.Text is null && kind is { ReadsText: true }) map.Error("format", $"text with kind: {kind.Name}", "write format: text, or name the file .txt");
        if (data.Text is null && kind is not null && PreparedData.TargetOf(model) != TargetKind.Class)
            foreach (string key in new[] { "classes", "examples-per-class", "attack" }) map.Refuse(key, "where no classes are learned", "remove it");
        if (data.Augment is not null && kind?.Can(Capability.Augmentation) == false)
            map.Error("augment", $"absent with kind: {kind.Name}", "only networks learn from changed images; remove it");
        map.Done();
        return data.Text is null ? data : data with { Format = DataFormat.Text };
    }

    /// <summary>Of a model that plays: no source, and the shares that its episodes are of all.</summary>
    public static DataSpec OfEpisodes(DataForm.Episodes episodes, int training)
    {
        double all = (double)training + episodes.Validation + episodes.Test;
        return DataSpec.Declared.Defaults with { Split = new SplitSpec(training / all, episodes.Validation / all, episodes.Test / all, false) };
    }

    /// <summary>What stands for keys that are left out: it depends on what the source is, and on what is learned.</summary>
    private static DataSpec DefaultsOf(JobMap map, ModelSpec model)
    {
        string source = (map.Node("source") as JobNode.Scalar)?.Text ?? "";
        string? word = (map.Node("format") as JobNode.Scalar)?.Text;
        DataFormat format = DataSpec.Formats.FirstOrDefault(known => known.Key == word).Value;      // auto if it is none
        DataSpec usual = DataSpec.Declared.Defaults;
        if (DataSpec.IsOf(DataFormat.Text, source, format)) return usual with { Format = DataFormat.Text, Text = TextSpec.Usual, Split = SplitSpec.OfOthers };
        TargetKind learned = PreparedData.TargetOf(model);
        bool table = DataSpec.IsTableOf(source, format);
        return usual with
        {
            Target = table && learned != TargetKind.None ? "target" : null,
            Split = (table ? SplitSpec.OfTables : SplitSpec.OfOthers) with { Stratify = learned == TargetKind.Class },
            Scale = table ? ScaleKind.None : ScaleKind.Unit255,
        };
    }
}
