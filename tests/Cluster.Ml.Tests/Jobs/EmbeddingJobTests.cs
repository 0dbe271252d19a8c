using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Nn.Optimizers;
using Cluster.Ml.Text.Word2Vec;

namespace Cluster.Ml.Tests.Jobs;

public sealed class EmbeddingJobTests
{
    private const string Text = "data: { source: verses.txt, unit: letters }\nmodel: { kind: word2vec }";

    [Fact]
    public void The_defaults_are_those_of_the_field_and_the_text_reads_back()
    {
        JobSpec spec = Parse();

        spec.Model.Options.ShouldBe(new Word2VecOptions { Architecture = "skip-gram", Dimensions = 100, Window = 5, Negatives = 5, Subsample = 1e-3 });
        spec.Training.Optimizer.ShouldBe(new SgdOptions { Rate = 0.025 });
        JobFile.Parse(spec.Text, "again.yaml", Some.Folder).ShouldBe(spec);
    }

    [Theory]
    [InlineData("model.architecture=glove", "skip-gram or cbow")]
    [InlineData("model.negatives=0", "from 1 to 64")]
    [InlineData("model.subsample=2", "a share of the text")]
    [InlineData("model.layers=[{dense: 3}]", "model.layers to be absent")]
    [InlineData("training.optimizer=adam", "sgd")]
    [InlineData("training.optimizer={sgd: {momentum: 0.5}}", "without momentum")]
    [InlineData("training.regularize={l2: 0.1}", "training.regularize to be absent")]
    [InlineData("privacy={noise: 1.1}", "privacy only where")]
    [InlineData("training.mode=stale", "training.mode to be synchronous")]
    [InlineData("training.schedule={cosine: {}}", "training.schedule to be absent")]
    [InlineData("data={source: rows.csv}", "data.format to be text")]
    public void What_does_not_fit_is_said(string setting, string wanted) =>
        Should.Throw<BadInputException>(() => Parse(setting)).Message.ShouldContain(wanted);

    [Fact]
    public void Other_kinds_have_no_such_keys() =>
        Should.Throw<BadInputException>(() => Some.Job("model.dimensions=5")).Message.ShouldContain("only word2vec has it");

    private static JobSpec Parse(params string[] settings) => JobFile.Parse(Text, "words.yaml", Some.Folder, settings);
}
