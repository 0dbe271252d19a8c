using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Cluster.Coordinator.Tests.Serving;

/// <summary>Rows of several requests are predicted together, and each has what it would have alone.</summary>
[Collection(nameof(ServedModels))]
public sealed class ModelBatcherTests : ServedModels
{
    [Fact]
    public async Task Requests_that_are_batched_get_the_bits_of_requests_alone()
    {
        string model = Model("letters");
        string[] rows = [.. Enumerable.Range(0, 200).Select(i => string.Create(CultureInfo.InvariantCulture, $"[{i % 17 / 3.0}, {i % 23 / 7.0}]"))];
        await ServeAsync(model, options => options with { BatchRows = 1 });
        string[] alone = new string[rows.Length];
        for (int i = 0; i < rows.Length; i++) alone[i] = await PredictionAsync(rows[i]);
        await Server!.DisposeAsync();

        await ServeAsync(model, options => options with { BatchRows = 32, BatchDelay = TimeSpan.FromMilliseconds(50), Threads = 2 });
        string[] together = await Task.WhenAll(rows.Select(PredictionAsync));

        together.ShouldBe(alone);
        string metrics = await Client.GetStringAsync(Uri("/metrics"));
        Metric(metrics, "cluster_serving_batch_rows_sum").ShouldBe(rows.Length);
        Metric(metrics, "cluster_serving_batch_rows_count").ShouldBeLessThan(rows.Length);
    }

    [Fact]
    public async Task A_row_that_the_model_refuses_does_not_touch_others_of_its_batch()
    {
        string model = Model("tokens", "model: { kind: mlp, layers: [ { embedding: 2, tokens: 12 }, { flatten: true } ] }", "scale: none");
        await ServeAsync(model, options => options with { BatchRows = 64, BatchDelay = TimeSpan.FromMilliseconds(100) });

        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => SendAsync("/predict", i % 3 == 0 ? "[[99, 1]]" : "[[3, 1]]")));

        answers.Select(answer => answer.StatusCode).ShouldBe(
            Enumerable.Range(0, 30).Select(i => i % 3 == 0 ? HttpStatusCode.UnprocessableEntity : HttpStatusCode.OK));
        (await DetailAsync(answers[0])).ShouldContain("wanted whole numbers from 0 to 11");
    }

    [Fact]
    public async Task Rows_of_a_model_that_draws_random_numbers_are_answered_alike_alone_and_together()
    {
        await ServeAsync(Model("vae", "model: { kind: vae, latent: 2, encoder: [ { dense: 4 } ], decoder: [ { dense: 4 } ] }", "scale: minmax, ignore: [ target ]", target: false));

        JsonArray together = (await PostAsync("/predict", "[[1, 1], [2, 3], [1, 1]]"))["predictions"]!.AsArray();

        (await PostAsync("/predict", "[[2, 3]]"))["predictions"]![0]!.ToJsonString().ShouldBe(together[1]!.ToJsonString());
        together[0]!.ToJsonString().ShouldBe(together[2]!.ToJsonString());
    }
}
