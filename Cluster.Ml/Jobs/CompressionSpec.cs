using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Jobs;

/// <summary>How contributions are sent in less room.</summary>
public abstract record CompressionSpec
{
    private const int UsualWindow = 32;

    private CompressionSpec(int? window) => Window = window;

    /// <summary>
    /// Steps within which what a micro-batch leaves out is added to what it sends next, and after which nothing is carried on; null if
    /// nothing is carried at all.
    /// </summary>
    public int? Window { get; init; }

    /// <summary>As the key training.compression names it.</summary>
    public abstract string Name { get; }

    /// <summary>As it is read back.</summary>
    internal abstract string Write();

    /// <summary>The keys of what is carried from step to step.</summary>
    private static KeySet<T> Carried<T>(KeySet<T> keys)
        where T : CompressionSpec => keys
        .Flag(
            "feedback", "Whether what is left out is added to what the micro-batch sends next.", o => o.Window is not null,
            (o, value) => o with { Window = value ? o.Window ?? UsualWindow : null })
        .Written(_ => true)
        .Only("with feedback", o => o.Window is not null, "without feedback", "nothing is carried from step to step; write feedback: true, or remove it", inner => inner
            .Whole(
                "window", "Steps after which nothing of what was left out is carried on.", o => o.Window ?? UsualWindow, (o, value) => o with { Window = value }, 1,
                10_000, unit: "steps"));

    /// <summary>Every number, in fewer bits.</summary>
    /// <param name="Kind">In how few.</param>
    /// <param name="Window">See <see cref="CompressionSpec.Window"/>; what is left out is what rounding takes away.</param>
    public sealed record Rounding(CompressionKind Kind, int? Window = null) : CompressionSpec(Window)
    {
        internal static readonly IReadOnlyList<KeyValuePair<string, CompressionKind>> Kinds = [new("fp16", CompressionKind.Float16), new("int8", CompressionKind.Int8)];

        internal static readonly NamedChoice Declared = new("kind", "every number in fewer bits", Carried(new KeySet<Rounding>(new(CompressionKind.Int8))
            .Word("kind", "In how few.", o => o.Kind, (o, value) => o with { Kind = value }, Kinds).Required("int8")));

        /// <inheritdoc/>
        public override string Name => Kinds.First(kind => kind.Value == Kind).Key;

        internal override string Write() => Window is null ? Name : $"{{ {Declared.Options.WriteLine(this)} }}";
    }

    /// <summary>The numbers of the largest magnitude alone.</summary>
    /// <param name="Share">Which share of them each micro-batch sends, in (0, 1].</param>
    /// <param name="Window">See <see cref="CompressionSpec.Window"/>; the last step of a window sends all numbers.</param>
    public sealed record TopK(double Share, int? Window) : CompressionSpec(Window)
    {
        internal static readonly NamedChoice Declared = new("top-k", "the numbers of the largest magnitude alone", Carried(new KeySet<TopK>(new(0.01, UsualWindow))
            .Number(
                "top-k", "Which share of its numbers each micro-batch sends.", o => o.Share, (o, value) => o with { Share = value },
                NumberRange.Factor with { Noun = "a share" }).Required("0.01")));

        /// <inheritdoc/>
        public override string Name => Declared.Name;

        internal override string Write() => $"{{ {Declared.Options.WriteLine(this)} }}";
    }
}
