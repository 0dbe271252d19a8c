using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Data;

/// <summary>A number that a learner cannot hold is refused with its place, before anything is computed of it.</summary>
public sealed class BeyondFloatTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("none", "2,5e38,x", NumberKind.Float32, 4, 3, "column 'b' of at most 3.4E+38", "'5e38'")]
    [InlineData("none", "-1e39,2,x", NumberKind.Float32, 4, 1, "column 'a'", "'-1e39'")]
    [InlineData("unit255", "2,1e41,x", NumberKind.Float32, 4, 3, "once it is scaled", "'1e41'")]
    [InlineData("standard", "2,1.7e308,x", NumberKind.Float64, 4, 3, "column 'b' whose squares", "beyond")]
    [InlineData("standard", "2,1e200,x", NumberKind.Float32, 4, 3, "column 'b' whose squares", "beyond")]
    public void A_feature_is_refused_with_line_and_column(string scale, string row, NumberKind numbers, int line, int column, string wanted, string got)
    {
        string file = _folder.Write("rows.csv", $"a,b,target\n1,2,x\n3,4,y\n{row}\n1,5,y\n");

        BadInputException error = Should.Throw<BadInputException>(() => PreparedData.Load(DataJobs.Of(file, "mlp", $"data.scale={scale}"), numbers));

        (error.File, error.Line, error.Column).ShouldBe((file, line, column));
        error.Wanted.ShouldContain(wanted);
        error.Got.ShouldContain(got);
    }

    [Fact]
    public void A_range_that_no_double_holds_is_refused()
    {
        string file = _folder.Write("rows.csv", "a,target\n-1.7e308,x\n1.7e308,y\n");

        Should.Throw<BadInputException>(() => PreparedData.Load(DataJobs.Of(file, "mlp", "data.scale=minmax"), NumberKind.Float32)).Line.ShouldBe(2);
    }

    [Fact]
    public void Doubles_hold_what_floats_do_not()
    {
        string file = _folder.Write("rows.csv", "a,target\n5e38,1\n1,2\n");

        PreparedData.Load(DataJobs.Of(file, "linear-regression"), NumberKind.Float64).Training.Table.DoublesOf(0)[0].ShouldBe(5e38);
    }

    [Fact]
    public void Standard_scaling_brings_large_numbers_into_range()
    {
        string file = _folder.Write("rows.csv", "a,target\n5e38,x\n1,y\n");

        PreparedData.Load(DataJobs.Of(file, "softmax", "data.scale=standard"), NumberKind.Float32).Training.Table.FloatsOf(0)[0].ShouldBe(1);
    }

    [Fact]
    public void A_target_is_refused_with_line_and_column()
    {
        string file = _folder.Write("rows.csv", "a,target\n1,2\n2,7e40\n");

        BadInputException error = Should.Throw<BadInputException>(() => PreparedData.Load(DataJobs.Of(file, "mlp", "model.task=regression"), NumberKind.Float32));

        (error.Line, error.Column).ShouldBe((3, 3));
    }

    [Fact]
    public void Rows_that_stay_in_a_cache_are_refused_alike()
    {
        string file = _folder.Write("rows.csv", "a,target\n1,x\n6e38,y\n2,y\n");
        RowStorage cached = RowStorage.Of(Path.Combine(_folder.Path, "cache"), null, 0);

        Should.Throw<BadInputException>(() => PreparedData.Load(DataJobs.Of(file, "softmax"), NumberKind.Float32, cached)).Line.ShouldBe(3);
    }

    [Fact]
    public void New_rows_are_refused_where_a_model_is_used()
    {
        Preprocessing trained = PreparedData.Load(
            DataJobs.Of(_folder.Write("rows.csv", "a,target\n1e-300,x\n3e-300,y\n"), "softmax", "data.scale=minmax"), NumberKind.Float32).Preprocessing;
        string file = _folder.Write("new.csv", "a\n2e-300\n1\n");

        BadInputException error = Should.Throw<BadInputException>(() => PreparedData.LoadForPrediction(file, trained, NumberKind.Float32));

        (error.Line, error.Column).ShouldBe((3, 1));
        error.Got.ShouldContain("which scaled is");
    }

    [Fact]
    public void A_prediction_that_overflows_names_the_line()
    {
        string file = _folder.Write("new.csv", "a\n1\n2\n\n3\n");

        BadInputException error = Should.Throw<BadInputException>(() => FiniteResults.RequirePredictions(file, 1, [0, 1], [0.5, 0.5, double.NaN, 0.5]));

        error.Message.ShouldStartWith($"{file}:5: wanted finite results, got a prediction of no number");
        FiniteResults.RequirePredictions(file, 0, [0, 1], []);
    }

    [Fact]
    public void A_figure_that_overflows_names_the_line_of_the_row()
    {
        JobSpec spec = DataJobs.Of(_folder.Write("rows.csv", "a,b,target\n1,1,x\n2e38,-2e38,y\n0,1,x\n"), "mlp");
        PreparedData data = PreparedData.Load(spec, NumberKind.Float32);
        ILearner learner = Learners.CreateAlone(spec, data.Shape);
        NumericBuffer state = new(learner.Numbers, learner.StateLength), optimizerState = new(learner.Numbers, learner.OptimizerStateLength);
        learner.Initialize(state, optimizerState);
        foreach (ref float weight in state.Floats) weight = 3e5f;
        Metrics metrics = EvaluationPlan.Measure(learner, learner.CreateContributor(), state, data.Training, 1);

        metrics.AreFinite.ShouldBeFalse();
        Should.Throw<BadInputException>(() => FiniteResults.RequireFigures(spec.Data.Source, metrics, learner, state, data.Training)).Line.ShouldBe(3);
    }
}
