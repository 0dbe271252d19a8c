using System.Globalization;
using System.Text.Json;
using Cluster.Ml.Data;
using Cluster.Ml.Learning;
using Cluster.Ml.Linear;
using Cluster.Ml.Tests.Data;
using Cluster.Ml.Tests.Trees;

namespace Cluster.Ml.Tests.SupportVectors;

public sealed class SupportVectorLearnerTests
{
    private static readonly JsonElement[] s_golden =
        [.. JsonDocument.Parse(File.ReadAllText(RepositoryFiles.Golden("support_vectors.json"))).RootElement.GetProperty("results").EnumerateArray()];

    public static TheoryData<string, string> Golden
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (JsonElement golden in s_golden) cases.Add(golden.GetProperty("data").GetString()!, golden.GetProperty("settings").GetString()!);
            return cases;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Golden))]
    public void Objective_support_vectors_and_what_is_said_of_held_out_rows_are_those_of_LIBSVM(string name, string settings)
    {
        Skip.If(TreeGolden.SourceOf(name) is null, "Its data is not shipped.");
        JsonElement golden = s_golden.Single(result => result.GetProperty("data").GetString() == name && result.GetProperty("settings").GetString() == settings);
        string[] lines = File.ReadAllLines(TreeGolden.SourceOf(name)!);
        using TemporaryFolder folder = new();
        string learned = folder.Write("learned.csv", string.Join('\n', lines.Where((_, i) => i == 0 || (i - 1) % 4 != 0)));
        string held = folder.Write("held.csv", string.Join('\n', lines.Where((_, i) => i == 0 || (i - 1) % 4 == 0)));

        MachineFit fit = MachineFit.Train(
            learned, 1, [name == "digits" ? "data.scale={ minmax: [ 0, 16 ] }" : "data.scale=standard", "model.tolerance=1e-7", .. Settings(settings)]);

        fit.Result.Converged.ShouldBeTrue();
        fit.Learned("violation")[0].ShouldBeLessThanOrEqualTo(1e-7);
        double[] objectives = Numbers(golden, "objective"), rho = Numbers(golden, "rho"), said = Numbers(golden, "said");
        foreach ((double got, double wanted) in fit.Learned("objective").Zip(objectives)) got.ShouldBe(wanted, 1e-6 * Math.Abs(wanted));
        foreach ((double got, double wanted) in fit.Learned("rho").Zip(rho)) got.ShouldBe(wanted, 1e-4 * Math.Max(1, Math.Abs(wanted)));
        double equalRows = name == "iris" ? 1 : 0;          // two of its rows are equal: one may have the coefficient of both
        foreach ((double got, double wanted) in fit.SupportVectors.Zip(Numbers(golden, "support"))) got.ShouldBe(wanted, equalRows + 0.1);
        double[] ours = [.. fit.Said(held).Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        ours.Length.ShouldBe(said.Length);
        foreach ((double got, double wanted) in ours.Zip(said)) got.ShouldBe(wanted, settings.Contains("regression", StringComparison.Ordinal) ? 1e-3 : 1e-9);
    }

    // e1071's svm(Species ~ .), published in many places: 51 support vectors (8, 22, 21). Its columns have n - 1 in the divisor.
    [Fact]
    public void Iris_has_the_published_support_vectors()
    {
        double[][] rows = [.. File.ReadLines(RepositoryFiles.Example("iris.csv")).Skip(1).Select(line => line.Split(',').Select(Number).ToArray())];
        for (int column = 0; column < 4; column++)
        {
            double mean = rows.Average(row => row[column]), deviation = Math.Sqrt(rows.Sum(row => (row[column] - mean) * (row[column] - mean)) / (rows.Length - 1));
            foreach (double[] row in rows) row[column] = (row[column] - mean) / deviation;
        }
        string text = string.Concat(rows.Select(row => string.Join(',', row.Select(value => value.ToString("R", CultureInfo.InvariantCulture))) + "\n").Prepend("a,b,c,d,target\n"));

        MachineFit fit = MachineFit.OfText(text, "model.gamma=0.25");

        fit.SupportVectors.ShouldBe([8, 22, 21]);
        foreach ((double got, double wanted) in fit.Learned("objective").Zip([-3.5263, -2.9966, -24.8397])) got.ShouldBe(wanted, 1e-3 * Math.Abs(wanted));
        fit.Result.Converged.ShouldBeTrue();
        fit.Result.Steps.ShouldBe(2);
    }

    [Theory]
    [InlineData("breast_cancer.csv", "kernel=rbf", 32)]
    [InlineData("breast_cancer.csv", "kernel=linear", 32)]
    [InlineData("breast_cancer.csv", "kernel=linear loss=squared-hinge c=0.1", 64)]
    [InlineData("iris.csv", "kernel=polynomial coefficient=1", 8)]
    [InlineData("diabetes.csv", "task=regression c=20 epsilon=10", 32)]
    public void Small_working_sets_reach_the_same_optimum_in_more_steps(string file, string settings, int workingSet)
    {
        string[] all = ["data.scale=standard", "model.tolerance=1e-5", "training.epochs=5000", .. Settings(settings)];

        MachineFit whole = MachineFit.Train(RepositoryFiles.Example(file), 1, [.. all, "model.working-set=1024"]);
        MachineFit parts = MachineFit.Train(RepositoryFiles.Example(file), 1, [.. all, $"model.working-set={workingSet}"]);

        (whole.Result.Steps, whole.Result.Converged, parts.Result.Converged).ShouldBe((2, true, true));
        parts.Result.Steps.ShouldBeGreaterThan(2);
        parts.Learned("violation")[0].ShouldBeLessThanOrEqualTo(1e-5);
        foreach ((double got, double wanted) in parts.Learned("objective").Zip(whole.Learned("objective"))) got.ShouldBe(wanted, 1e-5 * Math.Abs(wanted));
    }

    [Theory]
    [InlineData("iris.csv", "working-set=16")]
    [InlineData("breast_cancer.csv", "kernel=linear working-set=64 tolerance=0.1")]
    [InlineData("diabetes.csv", "task=regression kernel=sigmoid gamma=0.01 working-set=64")]
    public void Any_number_of_workers_or_micro_batches_gives_the_same_bytes(string file, string settings)
    {
        string[] all = ["data.scale=standard", "training.epochs=12", .. Settings(settings)];
        string one = MachineFit.Train(RepositoryFiles.Example(file), 1, all).Hash;

        foreach (int workers in new[] { 2, 3, 4, 8 }) MachineFit.Train(RepositoryFiles.Example(file), workers, all).Hash.ShouldBe(one, $"{workers} workers");
        MachineFit.Train(RepositoryFiles.Example(file), 1, [.. all, "training.micro-batches=32"]).Hash.ShouldBe(one);
    }

    // The margin is 1 wide on both sides of 0: w = 1. Softer, the loss 0.1·(2·max(0, 1 - w) + 2·max(0, 1 - 2w)) + w²/2 is smallest at its bend, w = 1/2.
    [Theory]
    [InlineData("1e6", 1, -0.5)]
    [InlineData("0.1", 0.5, -0.225)]
    public void A_line_between_four_rows_is_the_one_computed_by_hand(string c, double slope, double objective)
    {
        MachineFit fit = MachineFit.OfText("x,target\n-2,a\n-1,a\n1,b\n2,b\n", "model.kernel=linear", $"model.c={c}", "model.tolerance=1e-9");

        fit.Learned("coefficients")[0].ShouldBe(slope, 1e-8);
        fit.Learned("intercept")[0].ShouldBe(0, 1e-8);
        fit.Learned("objective")[0].ShouldBe(objective, 1e-8);
        fit.Said().ShouldBe(["a", "a", "b", "b"]);
    }

    [Fact]
    public void Coefficients_of_a_linear_kernel_are_in_units_of_the_source()
    {
        MachineFit fit = MachineFit.Train(RepositoryFiles.Example("breast_cancer.csv"), 1, "data.scale=standard", "model.kernel=linear");
        double[] coefficients = [.. fit.Learned("coefficients")];
        double intercept = fit.Learned("intercept")[0];

        string[] byHand =
        [
            .. File.ReadLines(RepositoryFiles.Example("breast_cancer.csv")).Skip(1).Select(line => line.Split(',').Take(coefficients.Length).Select(Number).ToArray())
                .Select(row => fit.Data.Shape.Classes[Product(row, coefficients) + intercept > 0 ? 1 : 0]),
        ];

        fit.Said().ShouldBe(byHand);
        MachineFit regression = MachineFit.Train(
            RepositoryFiles.Example("diabetes.csv"), 1, "data.scale=standard", "model.kernel=linear", "model.task=regression", "model.epsilon=5");
        string first = File.ReadLines(RepositoryFiles.Example("diabetes.csv")).Skip(1).First();
        double wanted = Product([.. first.Split(',').Take(10).Select(Number)], [.. regression.Learned("coefficients")]) + regression.Learned("intercept")[0];
        Number(regression.Said()[0]).ShouldBe(wanted, 1e-9);
    }

    [Fact]
    public void Scores_add_up_to_1_and_a_model_keeps_no_row_but_its_support_vectors()
    {
        MachineFit fit = MachineFit.Train(RepositoryFiles.Example("iris.csv"), 1, "data.scale=standard");

        double[] scores = fit.Scores();

        for (int row = 0; row < 150; row++) scores[(3 * row)..(3 * (row + 1))].Sum().ShouldBe(1, 1e-12);
        int vectors = (int)fit.SupportVectors.Sum();
        fit.Result.State.Doubles[^((150 - vectors) * 4)..].ToArray().ShouldAllBe(number => number == 0);
        DoubleVectors.AllFinite(fit.Result.State.Doubles).ShouldBeTrue();
    }

    [Theory]
    [InlineData("x,target\n1,a\n1,b\n1,b\n", "", -2, "bbb")]                              // equal rows: K = 1, so the objective is -Σα with two α at C
    [InlineData("x,z,target\n-1,7,a\n1,7,b\n", "model.kernel=linear model.c=10", -0.5, "ab")]      // a constant column
    [InlineData("x,target\n0,a\n0,b\n0,a\n3,b\n3,b\n", "model.c=100", double.NaN, "aaabb")]          // equal rows of two classes
    [InlineData("x,target\n5,'one of it'\n0,rest\n1,rest\n2,rest\n", "model.kernel=linear model.c=1e4", -0.2222222222, "'one of it' rest rest rest")]
    [InlineData("x,target\n1,ä ö\n2,ä ö\n-1,no\n-2,no\n", "model.kernel=linear model.c=1e4", -0.5, "ä ö|ä ö|no|no")]
    [InlineData("x,target\n3,2\n", "model.task=regression", 0, "2")]                          // one row: the middle of its band
    [InlineData("x,target\n1,5\n1,5\n1,5\n", "model.task=regression", 0, "5 5 5")]
    [InlineData("x,target\n0,0\n1,1\n2,2\n", "model.task=regression model.kernel=linear model.c=1e4 model.epsilon=0.5", -0.125, "0.5 1 1.5")]
    public void Degenerate_rows_have_the_answer_computed_by_hand(string rows, string settings, double objective, string said)
    {
        MachineFit fit = MachineFit.OfText(rows, ["model.tolerance=1e-9", .. settings.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        fit.Result.Converged.ShouldBeTrue();
        if (!double.IsNaN(objective)) fit.Learned("objective")[0].ShouldBe(objective, 1e-8);
        string got = string.Join(said.Contains('|', StringComparison.Ordinal) ? "|" : said.Contains(' ', StringComparison.Ordinal) ? " " : "", fit.Said().Select(Rounded));
        got.ShouldBe(said);
    }

    [Fact]
    public void A_class_without_training_rows_is_never_said()
    {
        using TemporaryFolder folder = new();
        string rows = string.Concat(Enumerable.Range(0, 40).Select(i => $"{i % 7},{(i == 11 ? "b" : i % 7 < 3 ? "a" : "c")}\n").Prepend("x,target\n"));
        string source = folder.Write("rows.csv", rows);
        for (int seed = 1; seed < 200; seed++)
        {
            string[] settings = [$"seed={seed}", "data.split.train=0.9", "data.split.test=0.1", "data.split.stratify=false"];
            MachineFit fit = MachineFit.Train(source, 1, settings);
            if (fit.SupportVectors[fit.Data.Shape.Classes.ToList().IndexOf("b")] != 0) continue;
            fit.Said().ShouldNotContain("b");
            fit.Result.Converged.ShouldBeTrue();
            return;
        }
        Assert.Fail("wanted a split whose training rows lack class b, got none");
    }

    [Theory]
    [InlineData("x,target\n1,a\n2,a\n", "", "at least 2 classes")]
    [InlineData("x,target\n1e200,a\n-1e200,b\n", "model.kernel=linear", "the features or targets are too large")]
    [InlineData("x,target\n1,0.5\n2,1.5\n3,2.25\n", "", "classes in column 'target'")]
    [InlineData("x,target\n1,a\n2,b\n", "model.task=regression", "'a'")]
    [InlineData("x,target\n1,a\n2,b\n", "training.epochs=1", "training.epochs of at least 2")]
    [InlineData("x,target\n1,a\n2,b\n", "model.kernel=linear model.gamma=2", "model.gamma to be no gamma with kernel: linear")]
    [InlineData("x,target\n1,a\n2,b\n", "model.degree=2", "model.degree to be no degree with kernel: rbf")]
    [InlineData("x,target\n1,a\n2,b\n", "model.epsilon=2", "model.epsilon to be no epsilon with task: classification")]
    [InlineData("x,target\n1,1\n2,2\n", "model.task=regression model.loss=squared-hinge", "model.loss to be hinge with task: regression")]
    public void What_cannot_be_learned_is_told(string rows, string settings, string words)
    {
        Exception error = Should.Throw<Exception>(() => MachineFit.OfText(rows, settings.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

        (error is BadInputException or DivergedException).ShouldBeTrue(error.ToString());
        error.Message.ShouldContain(words);
    }

    [Fact]
    public void Rows_of_one_class_alone_in_the_training_split_are_told()
    {
        string rows = string.Concat(Enumerable.Range(0, 20).Select(i => $"{i},{(i == 7 ? "b" : "a")}\n").Prepend("x,target\n"));

        Should.Throw<DivergedException>(() =>
        {
            for (int seed = 1; seed < 200; seed++) MachineFit.OfText(rows, $"seed={seed}", "data.split.train=0.5", "data.split.test=0.5", "data.split.stratify=false");
        }).Message.ShouldContain("wanted training rows of at least 2 classes, got rows of 'a' only; write data.split.stratify: true");
    }

    [Fact]
    public void More_rows_than_a_state_can_hold_are_refused_before_any_is_read()
    {
        Cluster.Ml.Jobs.JobSpec job = DataJobs.Of("rows.csv", "svm");

        Should.Throw<BadInputException>(() => Cluster.Ml.SupportVectors.SupportVectorLearner.Create(job, new DataShape(100, ["a", "b"], 100_000, [], null)))
            .Message.ShouldContain("rows x (columns + classes) of at most 8388608");
    }

    private static string[] Settings(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(setting => $"model.{setting}")];

    private static double[] Numbers(JsonElement golden, string name) => [.. golden.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static double Product(double[] x, double[] y) => x.Zip(y).Sum(pair => pair.First * pair.Second);

    private static string Rounded(string text) => double.TryParse(text, CultureInfo.InvariantCulture, out double value) ? Math.Round(value, 6).ToString(CultureInfo.InvariantCulture) : text;
}
