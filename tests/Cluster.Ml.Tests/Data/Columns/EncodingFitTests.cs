using System.Text.Json;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Data.Columns;

/// <summary>What is fitted to the columns of a table: values by hand, and that training rows alone have a say.</summary>
public sealed class EncodingFitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mean", "4.2")]
    [InlineData("median", "2")]
    [InlineData("most-frequent", "2")]
    public void A_missing_number_is_filled_in(string missing, string fill)
    {
        PreparedData data = Load("a,target\n9,x\n2,y\nNA,x\n1,y\n7,x\n2,y\n", $"data.missing={missing}");

        Column(data, 0).ShouldBe([9, 2, double.Parse(fill, System.Globalization.CultureInfo.InvariantCulture), 1, 7, 2]);
    }

    [Fact]
    public void The_median_of_an_even_count_is_the_mean_of_the_middle_two_and_of_equal_runs_the_smallest_is_most_frequent()
    {
        const string text = "a,target\n8,x\n8,y\n,x\n1,y\n3,x\n3,y\n5,x\n";

        Column(Load(text, "data.missing=median"), 0)[2].ShouldBe(4);
        Column(Load(text, "data.missing=most-frequent"), 0)[2].ShouldBe(3);
    }

    [Fact]
    public void An_indicator_tells_where_values_are_missing_in_columns_that_lack_some()
    {
        PreparedData data = Load("a,b,target\n1,5,x\n?,6,y\n4,7,x\n", "data.missing=indicator");

        data.Shape.FeatureNames.ShouldBe(["a", "a.missing", "b"]);
        Rows(data).ShouldBe([[1, 0, 5], [2.5, 1, 6], [4, 0, 7]]);
    }

    [Fact]
    public void Rows_that_lack_values_or_targets_are_dropped_and_counted()
    {
        PreparedData data = Load("a,b,target\n1,5,x\n?,6,y\n4,7,\n2,8,y\n3,,x\n", "data.missing=drop");

        Rows(data).ShouldBe([[1, 5], [2, 8]]);
        data.DroppedRows.ShouldBe(3);
    }

    [Fact]
    public void A_row_without_a_target_is_left_out_where_features_are_filled_in()
    {
        PreparedData data = Load("a,target\n1,x\n2,y\n,x\n9,\n", "data.missing=mean");

        Column(data, 0).ShouldBe([1, 2, 1.5]);
        data.DroppedRows.ShouldBe(1);
    }

    [Fact]
    public void Texts_become_columns_of_0_and_1_in_ordinal_text_order()
    {
        PreparedData data = Load("colour,a,target\nred,1,x\nBlue,2,y\ngreen,3,x\nred,4,y\n", "data.encode=auto");

        data.Shape.FeatureNames.ShouldBe(["colour=Blue", "colour=green", "colour=red", "a"]);
        Rows(data).ShouldBe([[0, 0, 1, 1], [1, 0, 0, 2], [0, 1, 0, 3], [0, 0, 1, 4]]);
    }

    [Fact]
    public void Texts_become_their_places_where_that_is_asked()
    {
        const string text = "colour,zip,target\nred,007,x\nblue,10,y\ngreen,007,x\n";

        Rows(Load(text, "data.encode=ordinal")).ShouldBe([[2, 7], [0, 10], [1, 7]]);
        Rows(Load(text, "data.encode={ colour: ordinal, zip: ordinal }")).ShouldBe([[2, 0], [0, 1], [1, 0]]);
    }

    [Fact]
    public void A_date_becomes_year_month_day_and_weekday()
    {
        PreparedData data = Load("when,target\n2024-02-29,x\n31.12.1999,y\n2026/11/30 09:57:00,x\n", "data.encode={ when: date }");

        data.Shape.FeatureNames.ShouldBe(["when.year", "when.month", "when.day", "when.weekday"]);
        Rows(data).ShouldBe([[2024, 2, 29, 4], [1999, 12, 31, 5], [2026, 11, 30, 1]]);
    }

    [Fact]
    public void A_missing_category_is_the_most_frequent_and_a_missing_date_the_middle_one()
    {
        PreparedData data = Load("c,when,target\nb,2024-01-01,x\na,,y\n,2024-01-03,x\nb,2024-01-02,y\n", "data.encode=auto", "data.missing=median");

        Rows(data)[2].ShouldBe([0, 1, 2024, 1, 3, 3]);
        Rows(data)[1].ShouldBe([1, 0, 2024, 1, 2, 2]);
    }

    [Fact]
    public void Rows_outside_the_training_split_change_nothing()
    {
        const string split = "data.split={ train: 0.5, validation: 0.25, test: 0.25 }";
        string Table(HashSet<int> changed) => "a,c,target\n" + string.Concat(Enumerable.Range(0, 60).Select(i =>
            $"{(changed.Contains(i) ? "-1e6" : i % 7 == 0 ? "" : $"{i * i % 31}")},{(changed.Contains(i) ? "elsewhere" : $"c{i % 3}")},{i % 2}\n"));
        foreach (string missing in new[] { "mean", "median", "most-frequent", "indicator" })
        {
            string[] settings = [$"data.missing={missing}", "data.encode=auto", "data.unseen=ignore", split];
            PreparedData plain = Load(Table([]), settings);
            HashSet<int> others = [.. plain.Validation.Order.ToArray(), .. plain.Test.Order.ToArray()];

            PreparedData changed = Load(Table(others), settings);

            others.Count.ShouldBe(30);
            changed.Preprocessing.ToJson().ShouldBe(plain.Preprocessing.ToJson());
        }
    }

    [Fact]
    public void A_category_that_no_training_row_has_is_refused_with_its_line_or_taken_for_none()
    {
        string text = "c,a,target\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{(i == 17 ? "rare" : i % 2 == 0 ? "p" : "q")},{i},{i % 2}\n"));
        const string split = "data.split={ train: 0.5, test: 0.5 }";
        int seed = Enumerable.Range(0, 20).First(seed => Load(text, "data.encode=auto", "data.unseen=ignore", split, $"seed={seed}").Test.Order.ToArray().Contains(17));

        BadInputException error = Should.Throw<BadInputException>(() => Load(text, "data.encode=auto", split, $"seed={seed}"));

        (error.Line, error.Column, error.Wanted).ShouldBe((19, 1, "a category of the training rows in column 'c'"));
        error.Got.ShouldStartWith("'rare'");
        Load(text, "data.encode=auto", "data.unseen=ignore", split, $"seed={seed}").Test.Table.DoublesOf(17).ToArray().ShouldBe([0, 0, 17]);
        Load(text, "data.encode=ordinal", "data.unseen=ignore", split, $"seed={seed}").Test.Table.DoublesOf(17).ToArray().ShouldBe([-1, 17]);
    }

    [Fact]
    public void New_rows_are_encoded_as_training_rows_were_whatever_the_order_of_their_columns()
    {
        Preprocessing trained = Preprocessing.FromJson(Load("c,a,target\nr,1,x\ns,,y\nr,4,x\n", "data.encode=auto", "data.missing=indicator", "data.unseen=ignore").Preprocessing.ToJson());
        string file = _folder.Write("new.csv", "a,more,c\nNA,x,s\n7,y,t\n8,z,\n");

        RowTable table = PreparedData.LoadForPrediction(file, trained, NumberKind.Float64).Table;

        Enumerable.Range(0, 3).Select(row => table.DoublesOf(row).ToArray()).ShouldBe([[0, 1, 2.5, 1], [0, 0, 7, 0], [1, 0, 8, 0]]);
    }

    [Fact]
    public void A_category_that_the_model_does_not_know_is_refused_with_its_place()
    {
        Preprocessing trained = Load("c,a,target\nred,1,x\nblue,2,y\n", "data.encode=auto").Preprocessing;

        BadInputException error = Should.Throw<BadInputException>(
            () => PreparedData.LoadForPrediction(_folder.Write("new.csv", "a,c\n1,red\n2,bleu\n"), trained, NumberKind.Float64));

        (error.Line, error.Column, error.Wanted, error.Got).ShouldBe((3, 3, "a category that the model knows in column 'c'", "'bleu'"));
        error.Advice.ShouldContain("did you mean 'blue'");
    }

    [Fact]
    public void Where_training_dropped_rows_evaluation_drops_them_and_prediction_refuses_them()
    {
        Preprocessing trained = Load("a,target\n1,x\n,y\n2,y\n", "data.missing=drop").Preprocessing;
        string file = _folder.Write("new.csv", "a,target\n5,x\nNA,y\n6,y\n");

        RowRange rows = PreparedData.LoadForEvaluation(file, trained, [], NumberKind.Float64);

        (rows.Count, rows.DroppedRows).ShouldBe((2, 1));
        Should.Throw<BadInputException>(() => PreparedData.LoadForPrediction(file, trained, NumberKind.Float64)).Line.ShouldBe(3);
    }

    [Fact]
    public void Columns_of_0_and_1_are_not_scaled()
    {
        PreparedData data = Load("a,c,target\n1,p,x\n,q,y\n5,p,x\n3,p,y\n", "data.encode=auto", "data.missing=indicator", "data.scale=standard");

        Rows(data).Select(row => (row[1], row[2], row[3])).ShouldBe([(0, 1, 0), (1, 0, 1), (0, 1, 0), (0, 1, 0)]);
        Column(data, 0).Average().ShouldBe(0, 1e-12);
    }

    [Theory]
    [InlineData("mean")]
    [InlineData("median")]
    [InlineData("most-frequent")]
    [InlineData("indicator")]
    [InlineData("drop")]
    public void Rows_of_a_row_cache_are_those_in_memory_and_so_is_the_model(string missing)
    {
        string file = _folder.Write("rows.csv", "a,c,when,target\n" + string.Concat(Enumerable.Range(0, 90).Select(i =>
            $"{(i % 11 == 3 ? "" : $"{i * 37 % 50}")},{(i % 13 == 5 ? "?" : $"k{i % 4}")},{(i % 17 == 2 ? "NA" : $"2024-0{1 + (i % 9)}-1{i % 10}")},{i % 3}\n")));
        JobSpec job = DataJobs.Of(file, "softmax", $"data.missing={missing}", "data.encode=auto", "data.scale=standard", "training.epochs=2", "data.split={ train: 0.8, test: 0.2 }");
        RowStorage mapped = new() { Folder = Path.Combine(_folder.Path, "cache"), MemoryBytesMax = 0 };

        PreparedData memory = PreparedData.Load(job, NumberKind.Float32), cached = PreparedData.Load(job, NumberKind.Float32, mapped);

        cached.Sha256.ShouldBe(memory.Sha256);
        cached.DroppedRows.ShouldBe(memory.DroppedRows);
        cached.Preprocessing.ToJson().ShouldBe(memory.Preprocessing.ToJson());
        SequentialTrainer.Train(job, cached).Sha256.ShouldBe(SequentialTrainer.Train(job, memory).Sha256);
    }

    [Fact]
    public void Every_fold_knows_the_same_source()
    {
        JobSpec job = DataJobs.Of(_folder.Write("rows.csv", "c,a,target\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"k{i % 7},{i},{i % 2}\n"))), "softmax", "data.encode=auto", "data.unseen=ignore");

        PreparedData[] folds = [.. Enumerable.Range(0, 3).Select(fold => PreparedData.LoadFold(job, NumberKind.Float32, fold, 3))];

        folds.Select(fold => fold.SourceSha256).Distinct().ShouldHaveSingleItem().Length.ShouldBe(64);
    }

    [Fact]
    public void A_column_without_values_among_training_rows_is_refused() =>
        Should.Throw<BadInputException>(() => Load("a,b,target\n1,,x\n2,,y\n", "data.missing=mean")).Wanted.ShouldBe("at least one value in column 'b' among the training rows");

    [Fact]
    public void A_column_of_ids_is_refused_unless_it_is_named()
    {
        string text = "id,a,target\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"u{i},{i},{i % 2}\n"));

        Should.Throw<BadInputException>(() => Load(text, "data.encode=auto")).Advice.ShouldContain("data.ignore");
        Load(text, "data.encode={ id: ordinal }").Shape.Features.ShouldBe(2);
    }

    [Fact]
    public void A_mistake_in_a_column_of_numbers_is_no_category()
    {
        string text = "a,target\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"{(i == 25 ? "twelve" : $"{i}")},{i % 2}\n"));

        BadInputException error = Should.Throw<BadInputException>(() => Load(text, "data.encode=auto"));

        (error.Line, error.Wanted, error.Got).ShouldBe((27, "a number in column 'a'", "'twelve'"));
    }

    [Theory]
    [InlineData("\"fill\":2", "\"fill\":7")]
    [InlineData("\"categories\":[\"p\",\"q\",\"r\"]", "\"categories\":[]")]
    [InlineData("\"name\":\"c\"", "\"name\":\"d\"")]
    public void An_encoding_that_contradicts_itself_is_refused(string written, string damaged)
    {
        string json = Load("c,target\np,x\nr,y\nq,x\nr,y\n", "data.encode=auto", "data.missing=median").Preprocessing.ToJson();

        json.ShouldContain(written);
        Should.Throw<JsonException>(() => Preprocessing.FromJson(json.Replace(written, damaged, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_job_without_the_keys_writes_what_it_wrote_before()
    {
        Preprocessing plain = Load("a,target\n1,x\n2,y\n").Preprocessing;

        (plain.Encoding, plain.Dialect).ShouldBe((null, null));
        plain.ToJson().ShouldBe("""{"featureNames":["a"],"targetName":"target","targetKind":"Class","classes":["x","y"],"scaler":{"kind":"None","offsets":[],"divisors":[]},"image":null,"text":null}""");
        DataJobs.Of("/rows.csv", "softmax").Text.ShouldNotContain("missing");
    }

    private PreparedData Load(string text, params string[] settings) => PreparedData.Load(DataJobs.Of(_folder.Write("rows.csv", text), "softmax", settings), NumberKind.Float64);

    private static double[][] Rows(PreparedData data) => [.. Enumerable.Range(0, data.Training.Table.Rows).Select(row => data.Training.Table.DoublesOf(row).ToArray())];

    private static double[] Column(PreparedData data, int column) => [.. Rows(data).Select(row => row[column])];
}
