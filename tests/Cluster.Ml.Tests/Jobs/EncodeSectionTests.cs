using Cluster.Ml.Data;
using Cluster.Ml.Jobs;

namespace Cluster.Ml.Tests.Jobs;

/// <summary>The keys that say how columns of a table become numbers.</summary>
public class EncodeSectionTests
{
    [Theory]
    [InlineData("missing: median, encode: auto, unseen: ignore")]
    [InlineData("missing: drop, encode: ordinal, separator: pipe, decimal: comma")]
    [InlineData("encode: { a: one-hot, 'it''s': ordinal, when: date, zip: number }")]
    [InlineData("missing: indicator, encode: none")]
    public void The_text_of_a_job_keeps_them(string keys)
    {
        JobSpec job = Parse(keys);

        JobFile.Parse(job.Text, "job.yaml", "/").Data.ShouldBe(job.Data);
    }

    [Theory]
    [InlineData("missing: avarage", "wanted data.missing to be refuse or drop or mean or median or most-frequent or indicator, got 'avarage'")]
    [InlineData("encode: onehot", "did you mean 'one-hot'")]
    [InlineData("encode: { a: ordnal }", "wanted data.encode.a to be one-hot or ordinal or date or number, got 'ordnal'; did you mean 'ordinal'")]
    [InlineData("encode: { }", "got an empty mapping; write encode: auto")]
    [InlineData("encode: { target: one-hot }", "wanted data.encode to be without the target and ignored columns, got 'target'")]
    [InlineData("ignore: [ a ], encode: { a: one-hot }", "a column cannot be encoded and left out")]
    [InlineData("unseen: ignore", "wanted data.unseen to be absent without data.encode")]
    [InlineData("separator: ';'", "comma or semicolon or tab or pipe")]
    public void What_they_do_not_take_is_refused(string keys, string message) =>
        Should.Throw<BadInputException>(() => Parse(keys)).Message.ShouldContain(message);

    [Fact]
    public void A_text_and_images_have_no_such_columns()
    {
        foreach (string source in new[] { "a.txt", "data_batch_1" })
            Should.Throw<BadInputException>(() => JobFile.Parse($"data: {{ source: {source}, missing: mean }}\nmodel: {{ kind: softmax }}", "job.yaml", "/"))
                .Message.ShouldContain("wanted data.missing to be absent");
    }

    private static JobSpec Parse(string keys) => JobFile.Parse($"data: {{ source: a.csv, {keys} }}\nmodel: {{ kind: softmax }}", "job.yaml", "/");
}
