using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Jobs;

/// <summary>
/// The key training.compression: none, fp16, int8, { kind: int8, feedback: true, window: 32 } or { top-k: 0.01, feedback: true, window: 32 }.
/// </summary>
internal static class CompressionSection
{
    /// <summary>The values that it takes, in words.</summary>
    public const string Range = "none, fp16, int8, { kind: int8, feedback: true } or { top-k: 0.01 }";

    /// <summary>No compression.</summary>
    public const string None = "none";

    private const string Key = "compression";

    /// <summary>The mappings that it may be.</summary>
    public static readonly IReadOnlyList<NamedChoice> Forms = [CompressionSpec.TopK.Declared, CompressionSpec.Rounding.Declared];

    /// <summary>The words that it may be.</summary>
    public static readonly IReadOnlyList<string> Words = [None, .. CompressionSpec.Rounding.Kinds.Select(kind => kind.Key)];

    /// <summary>The compression that is written, or null.</summary>
    public static CompressionSpec? Read(JobMap map)
    {
        switch (map.Node(Key))
        {
            case null or JobNode.Scalar { Text: None }: return null;
            case JobNode.Scalar { Text: var word } when CompressionSpec.Rounding.Kinds.FirstOrDefault(kind => kind.Key == word) is { Key: not null } kind:
                return new CompressionSpec.Rounding(kind.Value);
            case JobNode.Mapping mapping when Forms.FirstOrDefault(form => mapping.Find(form.Name) is not null) is { } form:
                return ChoiceReader.ReadOptions<CompressionSpec>(form, map.Map(Key, Range)!);
            default:
                map.Error(Key, Range, "write compression: int8");
                return null;
        }
    }

    /// <summary>
    /// Notes what does not go with it. A step's largest entries, and what was left out of the step before, are worth something only if the
    /// next step is about the same numbers, and comes from the same micro-batch.
    /// </summary>
    public static void Judge(JobMap map, LearnerForm? form, TrainingSpec training)
    {
        if (training.Compression is not { } compression) return;
        if (form?.Refuses(Capability.Compression) is { } refusal)
        {
            map.Refuse(Key, refusal.Because, refusal.Advice);
            return;
        }
        if (compression is not (CompressionSpec.TopK or { Window: not null })) return;
        string got = compression is CompressionSpec.TopK ? compression.Name : $"{compression.Name} with feedback";
        if (form?.Refuses(Capability.Carrying) is { } plain) map.Error(Key, $"none, fp16 or int8 {plain.Because}", got, plain.Advice);
        if (training.Mode is TrainingMode.Stale)
            map.Error(Key, "none, fp16 or int8 with mode stale, where sums are added one by one", got, "write compression: int8, or mode: synchronous");
        if (compression.Window is not null && training.Speculation is not null)
            map.Refuse(
                "speculation", $"with compression by {compression.Name} and feedback",
                "what a micro-batch left out is with one worker, and no other can take its place; remove it");
    }
}
