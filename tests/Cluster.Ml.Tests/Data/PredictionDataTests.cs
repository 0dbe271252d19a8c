using Cluster.Ml.Data;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Data;

public sealed class PredictionDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Preprocessing Trained(string kind = "softmax", string labels = "xyxy") => PreparedData.Load(
        DataJobs.Of(_folder.Write("train.csv", "a,b,target\n" + string.Concat(labels.Select((l, i) => $"{i},{i * i},{l}\n"))), kind, "data.scale=standard"),
        NumberKind.Float64).Preprocessing;

    private RowRange Evaluated(string table, Preprocessing trained) =>
        PreparedData.LoadForEvaluation(_folder.Write("new.csv", table), trained, [], NumberKind.Float64);

    [Fact]
    public void Columns_are_found_by_name_and_scaled_as_in_training()
    {
        Preprocessing trained = Trained();

        RowRange rows = PreparedData.LoadForPrediction(_folder.Write("new.csv", "target,extra,b,a\ny,text,4,2\n"), trained, NumberKind.Float64);

        rows.Count.ShouldBe(1);
        rows.Table.DoublesOf(0).ToArray().ShouldBe([trained.Scaler.Scale(2, 0), trained.Scaler.Scale(4, 1)]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?")]
    [InlineData("a class that the model has never seen")]
    public void To_predict_a_target_is_not_looked_at(string target)
    {
        RowRange rows = PreparedData.LoadForPrediction(_folder.Write("new.csv", $"a,b,target\n1,2,x\n1,2,{target}\n"), Trained(), NumberKind.Float32);

        rows.Count.ShouldBe(2);
        rows.Table.Targets.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("four")]
    public void A_model_needs_all_its_columns_so_none_is_advised_to_be_ignored(string cell)
    {
        string file = _folder.Write("new.csv", $"a,b,target\n1,2,x\n1,{cell},x\n");

        Should.Throw<BadInputException>(() => PreparedData.LoadForPrediction(file, Trained(), NumberKind.Float32)).Advice.ShouldNotContain("data.ignore");
        Should.Throw<BadInputException>(() => PreparedData.Load(DataJobs.Of(file, "softmax"), NumberKind.Float32)).Advice.ShouldContain("data.ignore");
    }

    [Fact]
    public void A_missing_target_column_leaves_no_targets() =>
        Evaluated("a,b\n1,2\n", Trained()).Table.Targets.ShouldBeEmpty();

    [Fact]
    public void A_missing_feature_column_is_refused_with_the_nearest_name()
    {
        Preprocessing trained = PreparedData.Load(DataJobs.Of(RepositoryFiles.Example("iris.csv"), "softmax"), NumberKind.Float32).Preprocessing;
        string header = File.ReadLines(RepositoryFiles.Example("iris.csv")).First(), first = trained.FeatureNames[0];

        BadInputException error = Should.Throw<BadInputException>(() => PreparedData.LoadForPrediction(
            _folder.Write("new.csv", header.Replace(first, first[..^1], StringComparison.Ordinal) + "\n1,2,3,4,0\n"), trained, NumberKind.Float32));

        error.Wanted.ShouldContain(first);
        error.Advice.ShouldContain($"did you mean '{first[..^1]}'");
    }

    [Fact]
    public void A_class_that_the_model_does_not_know_is_refused()
    {
        BadInputException error = Should.Throw<BadInputException>(
            () => Evaluated("a,b,target\n1,2,x\n1,2,z\n", Trained()));

        (error.Line, error.Column, error.Got).ShouldBe((3, 5, "'z'"));
    }

    [Fact]
    public void Numbered_classes_are_known_in_any_spelling() =>
        Evaluated("a,b,target\n1,2,3.0\n1,2,1\n", Trained(labels: "1313")).Table.Targets.ShouldBe([1, 0]);

    [Fact]
    public void A_regressions_targets_are_numbers() =>
        Evaluated("a,b,target\n1,2,3.25\n", Trained("linear-regression", "1357")).Table.Targets.ShouldBe([3.25]);
}
