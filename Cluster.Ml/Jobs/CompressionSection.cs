using System.Globalization;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Jobs;

/// <summary>
/// The key training.compression: none, fp16, int8, { kind: int8, feedback: true, window: 32 } or { top-k: 0.01, feedback: true, window: 32 }.
/// </summary>
internal static class CompressionSection
{
    private const string Wanted = "none, fp16, int8, { kind: int8, feedback: true } or { top-k: 0.01 }";
    private static readonly KeyValuePair<string, CompressionKind>[] s_roundings = [new("fp16", CompressionKind.Float16), new("int8", CompressionKind.Int8)];

    public static CompressionSpec? Read(JobMap map, LearnerForm? form, TrainingMode mode, SpeculationSpec? speculation)
    {
        CompressionSpec? compression = map.Node("compression") switch
        {
            null or JobNode.Scalar { Text: "none" } => null,
            JobNode.Scalar { Text: "fp16" } => new CompressionSpec.Rounding(CompressionKind.Float16),
            JobNode.Scalar { Text: "int8" } => new CompressionSpec.Rounding(CompressionKind.Int8),
            JobNode.Mapping mapping when mapping.Find("top-k") is not null => ReadTopK(map.Map("compression", Wanted)!),
            JobNode.Mapping mapping when mapping.Find("kind") is not null => ReadRounding(map.Map("compression", Wanted)!),
            _ => Unknown(map),
        };
        if (compression is null) return null;
        if (form?.Refuses(Capability.Compression) is { } refusal)
            map.Refuse("compression", refusal.Because, refusal.Advice);
        else if (compression is CompressionSpec.TopK or { Window: not null })
            RefuseUnsound(map, form, compression, mode, speculation);
        return compression;
    }

    public static string Write(CompressionSpec compression) => compression switch
    {
        CompressionSpec.TopK largest => $"{{ top-k: {Number(largest.Share)}, {WriteWindow(largest.Window)} }}",
        { Window: not null } => $"{{ kind: {NameOf(compression)}, {WriteWindow(compression.Window)} }}",
        _ => NameOf(compression),
    };

    /// <summary>One word for a message.</summary>
    public static string NameOf(CompressionSpec compression) => compression switch
    {
        CompressionSpec.Rounding { Kind: CompressionKind.Int8 } => "int8",
        CompressionSpec.Rounding => "fp16",
        _ => "top-k",
    };

    private static CompressionSpec.TopK ReadTopK(JobMap map)
    {
        double share = map.Number("top-k", JobDefaults.TopKShare, value => value is > 0 and <= 1, "a share above 0, at most 1");
        return new CompressionSpec.TopK(share, ReadWindow(map, feedbackOtherwise: true));
    }

    // Without feedback this is the short form, and the same job.
    private static CompressionSpec.Rounding ReadRounding(JobMap map) =>
        new(map.Choice("kind", CompressionKind.Int8, s_roundings), ReadWindow(map, feedbackOtherwise: false));

    private static int? ReadWindow(JobMap map, bool feedbackOtherwise)
    {
        bool feedback = map.Flag("feedback", feedbackOtherwise);
        int window = map.Whole("window", JobDefaults.FeedbackWindow, 1, JobDefaults.FeedbackWindowMax);
        if (!feedback) map.Refuse("window", "without feedback", "nothing is carried from step to step; write feedback: true, or remove it");
        map.Done();
        return feedback ? window : null;
    }

    private static string WriteWindow(int? window) => window is null ? "feedback: false" : $"feedback: true, window: {window}";

    /// <summary>
    /// A step's largest entries, and what was left out of the step before, are worth something only where the next step is about the same
    /// numbers, and comes from the same micro-batch.
    /// </summary>
    private static void RefuseUnsound(JobMap map, LearnerForm? form, CompressionSpec compression, TrainingMode mode, SpeculationSpec? speculation)
    {
        string name = NameOf(compression), got = compression is CompressionSpec.TopK ? name : $"{name} with feedback";
        if (form?.Refuses(Capability.Carrying) is { } refusal)
            map.Error("compression", $"none, fp16 or int8 {refusal.Because}", got, refusal.Advice);
        if (mode is TrainingMode.Stale)
            map.Error("compression", "none, fp16 or int8 with mode stale, where sums are added one by one", got, "write compression: int8, or mode: synchronous");
        if (compression.Window is not null && speculation is not null)
            map.Refuse(
                "speculation", $"with compression by {name} and feedback",
                "what a micro-batch left out is with one worker, and no other can take its place; remove it");
    }

    private static CompressionSpec? Unknown(JobMap map)
    {
        map.Error("compression", Wanted, "write compression: int8");
        return null;
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
