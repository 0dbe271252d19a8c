using System.Collections.Concurrent;
using System.Net;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;

namespace Cluster.Coordinator.Tests.Serving;

/// <summary>Which models and versions are served, and how new ones are put in.</summary>
[Collection(nameof(ServedModels))]
public sealed class ModelShelfTests : ServedModels
{
    [Fact]
    public async Task Several_models_and_versions_are_asked_by_name()
    {
        string first = Model("letters"), second = Model("letters", seed: 2, folder: "second"), numbers = Model("numbers", "model: { kind: linear-regression }", target: "b");
        await ServeAsync(first, second, $"other={numbers}");

        (await PostAsync("/models/letters/predict", $"[{Row}]"))["version"]!.GetValue<string>().ShouldBe("2");
        (await PostAsync("/models/letters/versions/1/predict", $"[{Row}]"))["version"]!.GetValue<string>().ShouldBe("1");
        (await PostAsync("/models/other/predict", "[{\"a\": 2}]"))["predictions"]![0]!["prediction"]!.GetValue<double>().ShouldNotBe(0);
        (await GetAsync("/v2/models"))["models"]!.ToJsonString().ShouldBe("[\"letters\",\"other\"]");
        (await GetAsync("/v2/models/letters"))["versions"]!.ToJsonString().ShouldBe("[\"1\",\"2\"]");

        await RefusedAsync("/predict", $"[{Row}]", 404, "of 2 models");
        await RefusedAsync("/models/nothing/predict", $"[{Row}]", 404, "there are: letters, other");
        await RefusedAsync("/models/letters/versions/3/predict", $"[{Row}]", 404, "there are: 1, 2");
    }

    [Fact]
    public async Task A_new_version_is_put_in_without_a_lost_request()
    {
        string path = Model("letters");
        await ServeAsync(path, options => options with { BatchDelay = TimeSpan.FromMilliseconds(5) });
        using CancellationTokenSource late = new(Patience);
        ConcurrentDictionary<string, bool> versions = [];
        bool swapped = false;
        int answered = 0;

        Task[] callers = [.. Enumerable.Range(0, 8).Select(async _ =>
        {
            while (!Volatile.Read(ref swapped) || !versions.ContainsKey("3"))
            {
                late.Token.ThrowIfCancellationRequested();
                HttpResponseMessage answer = await SendAsync("/predict", $"[{Row}]");
                answer.StatusCode.ShouldBe(HttpStatusCode.OK);
                string version = (await ReadAsync(answer))["version"]!.GetValue<string>();
                versions[version] = true;
                Interlocked.Increment(ref answered);
            }
        })];
        foreach (int seed in new[] { 2, 3 })
        {
            Model("letters", seed: seed);
            await Server!.Shelf.ReloadAsync();
        }
        Volatile.Write(ref swapped, true);
        await Task.WhenAll(callers);

        answered.ShouldBeGreaterThan(0);
        versions.Keys.ShouldContain("3");
        (await GetAsync("/v2/models/letters"))["versions"]!.ToJsonString().ShouldBe("[\"3\"]");
    }

    [Fact]
    public async Task A_file_that_is_damaged_leaves_its_version_and_says_so()
    {
        string path = Model("letters");
        await ServeAsync(path);
        await File.WriteAllTextAsync(path, "nothing");

        await Server!.Shelf.ReloadAsync();
        await Server.Shelf.ReloadAsync();

        (await PostAsync("/predict", $"[{Row}]"))["version"]!.GetValue<string>().ShouldBe("1");
        Said.Count(line => line.Contains("wanted a model file", StringComparison.Ordinal)).ShouldBe(1);
        Metric(await Client.GetStringAsync(Uri("/metrics")), "cluster_serving_reloads_total").ShouldBe(1);
    }

    [Fact]
    public async Task Folders_of_versions_come_and_go()
    {
        string root = Path.Combine(Folder.FullName, "versions");
        Model("letters", folder: "versions/1");
        await ServeAsync($"letters={root}");

        Model("letters", seed: 2, folder: "versions/7");
        await Server!.Shelf.ReloadAsync();
        (await GetAsync("/v2/models/letters"))["versions"]!.ToJsonString().ShouldBe("[\"1\",\"7\"]");

        Directory.Delete(Path.Combine(root, "1"), recursive: true);
        await Server.Shelf.ReloadAsync();
        (await GetAsync("/v2/models/letters"))["versions"]!.ToJsonString().ShouldBe("[\"7\"]");
    }

    [Fact]
    public async Task A_model_of_texts_is_refused()
    {
        JobSpec job = JobFile.Parse("data: { source: t.txt, unit: character }\nmodel: { kind: language-model, window: 4 }\ntraining: { epochs: 1, batch: 2, micro-batches: 2 }", "job.yaml", Folder.FullName);
        await File.WriteAllTextAsync(Path.Combine(Folder.FullName, "t.txt"), string.Concat(Enumerable.Repeat("to be or not ", 40)));
        string path = Save(job, "texts");

        (await Should.ThrowAsync<BadInputException>(() => ServeAsync(path))).Message.ShouldContain("wanted a model that says something of a row of numbers");
    }
}
