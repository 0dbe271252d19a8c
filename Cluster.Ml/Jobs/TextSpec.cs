using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Jobs;

/// <summary>How a plain text becomes tokens.</summary>
/// <param name="Unit">What a token is.</param>
/// <param name="VocabularyMax">The most tokens that are told apart, the unknown one among them.</param>
/// <param name="MinimumCount">A token that the training part holds less often is unknown.</param>
/// <param name="TestSource">A separate text to test on, absolute after reading; null if the test split is cut from the source.</param>
public sealed record TextSpec(TextUnit Unit, int VocabularyMax, int MinimumCount, string? TestSource)
{
    /// <summary>Of a job that says nothing.</summary>
    internal static readonly TextSpec Usual = new(TextUnit.Word, 65_536, 1, null);

    /// <summary>The keys of data that only a text has.</summary>
    internal static KeySet<DataSpec> Declare(KeySet<DataSpec> keys) => keys
        .Word(
            "unit", "What a token is: a character, what stands between white space, or a run of letters.", o => Of(o).Unit,
            (o, value) => o with { Text = Of(o) with { Unit = value } },
            [new("character", TextUnit.Character), new("word", TextUnit.Word), new("letters", TextUnit.Letters)])
        .Required("character, word or letters")
        .Whole(
            "vocabulary", "The most tokens that are told apart, the unknown one among them.", o => Of(o).VocabularyMax,
            (o, value) => o with { Text = Of(o) with { VocabularyMax = value } }, 2, 1 << 20, unit: "tokens")
        .Whole(
            "minimum-count", "A token that the training part holds less often is unknown.", o => Of(o).MinimumCount,
            (o, value) => o with { Text = Of(o) with { MinimumCount = value } }, 1, int.MaxValue, unit: "occurrences")
        .Path(
            "test-source", "Another text to test on.", o => o.Text?.TestSource, (o, value) => o with { Text = Of(o) with { TestSource = value } })
        .Otherwise("the test split is cut from the source");

    private static TextSpec Of(DataSpec data) => data.Text ?? Usual;
}
