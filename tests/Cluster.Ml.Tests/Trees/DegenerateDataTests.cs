using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Trees;

/// <summary>Tables with nothing, or hardly anything, to learn: a model with finite numbers, or an error that says what is missing.</summary>
public sealed class DegenerateDataTests
{
    private const string Forest = "forest", Boosting = "boosting", Lasso = "lasso", ElasticNet = "elastic-net";

    private static readonly (string What, string Text)[] s_numbers =
    [
        ("one row", "a,b,y\n1,2,5\n"),
        ("constant column", "a,b,y\n7,1,10\n7,2,20\n7,3,40\n"),
        ("all columns constant", "a,b,y\n7,1,10\n7,1,20\n"),
        ("one target", "a,b,y\n1,5,3\n2,4,3\n3,3,3\n"),
        ("duplicate rows", "a,b,y\n1,1,4\n1,1,6\n1,1,4\n2,2,9\n"),
        ("more columns than rows", "a,b,c,d,y\n1,2,9,3,1\n4,2,7,1,2\n"),
        ("huge and tiny columns", "a,b,y\n1e100,1e-100,1\n-1e100,3e-100,2\n2e100,2e-100,4\n"),
        ("dependent columns", "a,b,y\n1,2,1\n2,4,3\n3,6,4\n4,8,9\n"),
    ];

    private static readonly (string What, string Text)[] s_classes =
    [
        ("two rows", "a,y\n1,p\n2,q\n"),
        ("constant column", "a,b,y\n7,1,p\n7,2,q\n7,3,q\n"),
        ("all columns constant", "a,y\n7,p\n7,q\n7,q\n"),
        ("duplicate rows of two classes", "a,y\n1,p\n1,q\n1,q\n2,p\n"),
        ("more columns than rows", "a,b,c,d,y\n1,2,9,3,p\n4,2,7,1,q\n"),
        ("labels that are text", "a,y\n1,\"a long name, with a comma\"\n2,Ä\n3,Ä\n"),
        ("a class of one row", "a,y\n1,p\n2,p\n3,p\n4,q\n5,r\n6,r\n"),
    ];

    public static TheoryData<string, string, string> Numbers => Cases([Forest, Boosting, Lasso, ElasticNet], s_numbers);

    public static TheoryData<string, string, string> Classes => Cases([Forest, Boosting], s_classes);

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Numbers_are_predicted_no_worse_than_by_their_mean_and_by_trees_within_their_range(string kind, string what, string text)
    {
        (TrainedModel model, double[] predictions, double[] targets) = Train(kind, text, kind is Forest or Boosting ? ["model.task=regression"] : ["model.alpha=0.01", "data.scale=standard"]);

        double mean = targets.Average(), spread = Math.Sqrt(targets.Average(target => (target - mean) * (target - mean)));
        if (kind != Forest) model.Training["rmse"]!.Value.ShouldBeLessThanOrEqualTo(spread + 1e-9, what);
        if (kind is Lasso or ElasticNet) return;
        double slack = 1e-9 + (1e-12 * targets.Max(Math.Abs));
        foreach (double prediction in predictions) prediction.ShouldBeInRange(targets.Min() - slack, targets.Max() + slack, what);
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public void Classes_have_shares_that_sum_up_to_one(string kind, string what, string text)
    {
        (TrainedModel model, double[] predictions, double[] targets) = Train(kind, text, ["model.leaf-rows=1"]);

        double.IsFinite(model.Training["log-loss"]!.Value).ShouldBeTrue(what);
        foreach (double prediction in predictions) targets.ShouldContain(prediction, what);
    }

    // Forests and boosted trees of one row or one class have nothing to tell apart.
    [Theory]
    [InlineData(Forest, "a,y\n1,p\n")]
    [InlineData(Forest, "a,y\n1,p\n2,p\n")]
    [InlineData(Boosting, "a,y\n1,p\n2,p\n")]
    public void One_class_is_refused(string kind, string text) => Should.Throw<BadInputException>(() => Train(kind, text, [])).Message.ShouldContain("2 classes");

    // What is right can be told by hand.
    [Theory]
    [InlineData("one target", "a,b,y\n1,5,3\n2,4,3\n3,3,3\n", Forest, 0.0)]
    [InlineData("one row", "a,b,y\n1,2,5\n", Lasso, 0.0)]
    [InlineData("all columns constant", "a,b,y\n7,1,10\n7,1,20\n", Lasso, 5.0)]
    [InlineData("all columns constant", "a,b,y\n7,1,10\n7,1,20\n", Boosting, 5.0)]
    public void The_error_is_that_of_the_best_constant(string what, string text, string kind, double rmse) =>
        Train(kind, text, kind is Forest or Boosting ? ["model.task=regression"] : []).Model.Training["rmse"]!.Value.ShouldBe(rmse, 1e-9, what);

    private static (TrainedModel Model, double[] Predictions, double[] Targets) Train(string kind, string text, string[] settings)
    {
        using TemporaryFolder folder = new();
        JobSpec job = DataJobs.Of(folder.Write("rows.csv", text), kind, ["data.target=y", .. settings]);
        PreparedData data = PreparedData.Load(job, Learners.NumbersFor(job));
        ILearner learner = Learners.Create(job, data.Shape);
        TrainedModel model = SequentialTrainer.Train(job, data, learner);
        learner.Summarize(model.State).Title.ShouldNotBeEmpty();
        foreach (LearnedNumbers numbers in ((ILearnedNumbers)learner).Learned(model.State, data.Preprocessing))
            numbers.Values.ShouldAllBe(number => double.IsFinite(number), numbers.Name);
        int classes = data.Shape.Classes.Count;
        (var predictions, var scores) = (new double[data.Training.Count], new double[data.Training.Count * classes]);
        learner.CreateContributor().Predict(model.State, data.Training, predictions, scores);
        for (int row = 0; classes > 0 && row < predictions.Length; row++) scores[(row * classes)..((row + 1) * classes)].Sum().ShouldBe(1, 1e-12);
        return (model, predictions, [.. Enumerable.Range(0, data.Training.Count).Select(row => data.Training.Table.Targets[row])]);
    }

    private static TheoryData<string, string, string> Cases(string[] kinds, (string What, string Text)[] tables)
    {
        TheoryData<string, string, string> cases = [];
        foreach (string kind in kinds)
            foreach ((string what, string text) in tables) cases.Add(kind, what, text);
        return cases;
    }
}
