using System.Text.Json.Nodes;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Columns;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Export;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Tests.Data;
using Cluster.Ml.Tests.Jobs.Keys;

namespace Cluster.Ml.Tests.Jobs;

/// <summary>Awkward tables: each is described, trained on by the job that is drafted for it, measured, and predicted with its columns in another order.</summary>
public sealed class JobDraftTests : IDisposable
{
    private static readonly string s_tables = Path.GetDirectoryName(RepositoryFiles.Golden("tables/missing.csv"))!;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Tables => new(Directory.EnumerateFiles(s_tables, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void There_are_a_dozen_and_more() => Directory.GetFiles(s_tables, "*.json").Length.ShouldBeGreaterThanOrEqualTo(12);

    [Theory]
    [MemberData(nameof(Tables))]
    public void An_awkward_table_goes_all_the_way_or_is_refused_with_its_place(string name)
    {
        string file = Path.Combine(s_tables, name);
        JsonObject expected = JsonNode.Parse(File.ReadAllText(file + ".json"))!.AsObject();
        if (!expected.ContainsKey("columns"))
        {
            Refuses(expected["error"]!.AsObject(), () => TableProfile.Find(file, null));
            return;
        }
        TableProfile table = TableProfile.Find(file, null);
        Describes(table, expected);
        string text = new JobDraft(table, null).Write(file);
        foreach (JsonNode? line in expected["job"]!.AsArray()) text.ShouldContain(line!.GetValue<string>());
        KeySchemaTests.ErrorsOf(text).ShouldBeEmpty();
        JobSpec job = JobFile.Parse(text, "draft.yaml", "/");
        if (expected["error"] is JsonObject error) Refuses(error, () => PreparedData.Load(job, Learners.NumbersFor(job)));
        else GoesAllTheWay(job, file, expected);
    }

    [Fact]
    public void The_target_is_the_column_that_is_called_so_or_named_or_the_last()
    {
        TableProfile table = Profile("label,a,b\n" + Lines(i => $"{i % 2},{i % 5},{i % 3}"));

        new JobDraft(table, null).Target.Name.ShouldBe("label");
        new JobDraft(table, "a").Target.Name.ShouldBe("a");
        new JobDraft(Profile("c,a,id\n" + Lines(i => $"{i % 2},{i % 5},{i}")), null).Target.Name.ShouldBe("a");
        Should.Throw<BadInputException>(() => new JobDraft(table, "lable")).Advice.ShouldContain("did you mean 'label'");
    }

    [Fact]
    public void A_table_of_nothing_but_ids_is_refused() =>
        Should.Throw<BadInputException>(() => new JobDraft(Profile("id,y\n" + Lines(i => $"u{i},{i % 2}")), null)).Wanted.ShouldBe("at least one column to learn from");

    private void GoesAllTheWay(JobSpec job, string file, JsonObject expected)
    {
        PreparedData data = PreparedData.Load(job, Learners.NumbersFor(job));
        if (expected["features"] is JsonArray features) data.Shape.FeatureNames.ShouldBe(features.Select(feature => feature!.GetValue<string>()));
        data.DroppedRows.ShouldBe(expected["dropped"]?.GetValue<int>() ?? 0);
        TrainedModel model = SequentialTrainer.Train(job, data);
        SavedModel saved = new(job, data.Shape, Preprocessing.FromJson(data.Preprocessing.ToJson()), model);
        ILearner learner = saved.CreateLearner();

        RowRange rows = PreparedData.LoadForEvaluation(file, saved.Preprocessing, [], learner.Numbers);
        rows.Count.ShouldBe(expected["rows"]!.GetValue<int>() - data.DroppedRows);
        Metrics metrics = EvaluationPlan.Measure(learner, learner.CreateContributor(), model.State, rows, job.Training.MicroBatches);
        metrics.Values.ShouldNotBeEmpty();
        metrics.Values.ShouldAllBe(figure => double.IsFinite(figure.Value));

        double[] straight = Predict(saved, learner, file), turned = Predict(saved, learner, Turned(file, job, null));
        straight.Length.ShouldBe(expected["rows"]!.GetValue<int>());
        turned.ShouldBe(straight);
        straight.Distinct().Count().ShouldBeGreaterThan(1);
        if (expected["new"] is JsonObject other) Predict(saved, learner, Turned(file, job, other)).ShouldAllBe(value => double.IsFinite(value));
    }

    private static double[] Predict(SavedModel saved, ILearner learner, string file)
    {
        RowRange rows = PreparedData.LoadForPrediction(file, saved.Preprocessing, learner.Numbers);
        double[] predictions = new double[rows.Count];
        learner.CreateContributor().Predict(saved.Model.State, rows, predictions, []);
        return predictions;
    }

    /// <summary>The table with its columns from last to first, without the target; some values may be others.</summary>
    private string Turned(string file, JobSpec job, JsonObject? others)
    {
        using DataReader reader = DataReader.Open(file);
        CsvRecords records = CsvRecords.Open(file, reader, job.Data.Dialect);
        records.Read();
        string[] names = [.. records.Fields.Select(field => records.Text(field).Trim())];
        int[] order = [.. Enumerable.Range(0, names.Length).Reverse().Where(i => names[i] != job.Data.Target)];
        List<string> lines = [string.Join(';', order.Select(i => Quoted(names[i])))];
        while (records.Read())
            lines.Add(string.Join(';', order.Select(i => Quoted(others?[names[i]]?.GetValue<string>() ?? records.Text(records.Fields[i])))));
        return _folder.Write("turned.csv", string.Join('\n', lines) + "\n");
    }

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static void Describes(TableProfile table, JsonObject expected)
    {
        TableDialect.NameOf(table.Separator!.Value).ShouldBe(expected["separator"]!.GetValue<string>());
        (table.Rows, table.IncompleteRows).ShouldBe((expected["rows"]!.GetValue<long>(), expected["incomplete"]!.GetValue<long>()));
        table.Columns.Select(column => $"{column.Name}: {column.Kind}").ShouldBe(expected["columns"]!.AsObject().Select(column => $"{column.Key}: {column.Value}"));
    }

    private static void Refuses(JsonObject expected, Action act)
    {
        BadInputException error = Should.Throw<BadInputException>(act);
        (error.Line, error.Column).ShouldBe((expected["line"]!.GetValue<int>(), expected["column"]!.GetValue<int>()));
        error.Wanted.ShouldBe(expected["wanted"]!.GetValue<string>());
        error.Got.ShouldBe(expected["got"]!.GetValue<string>());
    }

    private TableProfile Profile(string text) => TableProfile.Find(_folder.Write("rows.csv", text), null);

    private static string Lines(Func<int, string> line) => string.Concat(Enumerable.Range(0, 40).Select(i => line(i) + "\n"));
}
