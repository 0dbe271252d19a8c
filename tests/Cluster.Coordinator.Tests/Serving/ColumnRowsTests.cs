using System.Text.Json.Nodes;
using Cluster.Ml.Jobs;

namespace Cluster.Coordinator.Tests.Serving;

/// <summary>Rows by the columns of the table, for a model that encodes them.</summary>
[Collection(nameof(ServedModels))]
public sealed class ColumnRowsTests : ServedModels
{
    private const string Rows = "size,city,day\n3.5,\"Bern, old\",2024-02-29\n,Rome,2023-12-01\n1e0,1,2024-01-31\n";

    [Fact]
    public async Task Texts_dates_and_missing_values_are_predicted_as_in_a_file()
    {
        string model = Encoded();
        await ServeAsync(model);
        JsonObject predicted = await PredictedAsync(model, Rows);

        JsonObject said = await PostAsync("/predict",
            """[{"size": 3.5, "city": "Bern, old", "day": "2024-02-29", "more": true}, {"size": null, "city": "Rome", "day": "2023-12-01"}, {"size": 1e0, "city": 1, "day": "2024-01-31"}]""");

        said["predictions"]!.ToJsonString().ShouldBe(predicted["predictions"]!.ToJsonString());
    }

    [Fact]
    public async Task Rows_by_the_names_of_encoded_columns_are_still_understood()
    {
        await ServeAsync(Encoded());
        string columns = "\"day.year\": 2024, \"day.month\": 2, \"day.day\": 29, \"day.weekday\": 4";
        string encoded = await PredictionAsync($$"""{"size": 3.5, "city=1": 0, "city=Bern, old": 1, "city=Rome": 0, {{columns}}}""");

        encoded.ShouldBe(await PredictionAsync("""{"size": 3.5, "city": "Bern, old", "day": "2024-02-29"}"""));
    }

    [Theory]
    [InlineData("""[{"size": 1, "city": "Rome", "day": "2024-01-01"}, {"size": 1, "city": "Roma", "day": "2024-01-01"}]""", "rows[1]: wanted a category that the model knows in column 'city', got 'Roma'")]
    [InlineData("""[{"size": 1, "city": "Rome", "day": "yesterday"}]""", "rows[0]: wanted a date in column 'day', got 'yesterday'")]
    [InlineData("""[{"size": 1, "city": "Rome"}]""", "rows[0]: wanted the column 'day', got none")]
    [InlineData("""[{"size": "1", "city": "Rome", "day": "2024-01-01"}]""", "rows[0].size: wanted a number, or null for a missing value, got a text")]
    [InlineData("""[{"size": 1, "city": ["Rome"], "day": "2024-01-01"}]""", "rows[0].city: wanted a text, or null for a missing value, got an array")]
    [InlineData("""[{"size": 1, "city": "Rome", "day": "2024-01-01"}, [1, 2, 3]]""", "rows[1]: wanted an object by column names, as the first row is one, got an array")]
    [InlineData("""[{"size": 1e999, "city": "Rome", "day": "2024-01-01"}]""", "rows[0].size: wanted a finite number")]
    public async Task What_a_row_has_wrong_is_named_by_its_place_in_the_request(string rows, string detail)
    {
        await ServeAsync(Encoded());

        await RefusedAsync("/predict", rows, 422, detail);
    }

    [Theory]
    [InlineData("""[{"size": 1, "city": "\ud800", "day": "2024-01-01"}]""")]
    [InlineData("""[{"\udc00": 1}]""")]
    public async Task Half_of_a_character_is_an_error_of_the_request(string rows)
    {
        await ServeAsync(Encoded());

        await RefusedAsync("/predict", rows, 400, "body: wanted texts of whole characters");
    }

    private string Encoded()
    {
        string table = Path.Combine(Folder.FullName, "mixed.csv");
        string[] cities = ["\"Bern, old\"", "Rome", "1"];
        File.WriteAllText(table, "size,city,day,target\n" + string.Concat(Enumerable.Range(0, 40).Select(i => FormattableString.Invariant(
            $"{(i % 7 == 3 ? "" : $"{i % 10}")},{cities[i % 3]},2024-01-{1 + (i % 28):00},{"uv"[i % 2]}\n"))));
        return Save(JobFile.Parse(
            $"name: mixed\ndata: {{ source: '{table}', target: target, scale: standard, missing: median, encode: {{ city: one-hot, day: date }} }}\nmodel: {{ kind: softmax }}\ntraining: {{ epochs: 3 }}",
            "job.yaml", Folder.FullName), "mixed");
    }
}
