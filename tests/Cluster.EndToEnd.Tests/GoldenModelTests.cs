namespace Cluster.EndToEnd.Tests;

/// <summary>
/// Every job of `deploy/jobs/`, shortened, gives the model that it gave when `tests/golden/jobs/models.tsv` was written. A change that must
/// change bits rewrites its line, and says why in the commit. `tests/golden/jobs/models.sh` writes the whole list.
/// </summary>
public sealed class GoldenModelTests
{
    private static readonly string s_list = Path.Combine(Repository.Root, "tests", "golden", "jobs", "models.tsv");

    public static TheoryData<string, string, string> Jobs
    {
        get
        {
            TheoryData<string, string, string> jobs = [];
            foreach ((string job, string settings, string sha256) in List) jobs.Add(job, settings, sha256);
            return jobs;
        }
    }

    /// <summary>The list: a job, the settings that shorten it, and its model.</summary>
    internal static IEnumerable<(string Job, string Settings, string Sha256)> List =>
        File.ReadLines(s_list).Select(line => line.Split('\t')).Select(columns => (columns[0], columns[1], columns[2]));

    [Fact]
    public void Every_job_is_listed() => List.Select(line => line.Job).Distinct().Order(StringComparer.Ordinal)
        .ShouldBe(Directory.GetFiles(Path.Combine(Repository.Root, "deploy", "jobs"), "*.yaml")
            .Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal));

    [SkippableTheory]
    [MemberData(nameof(Jobs))]
    public async Task Gives_the_model_that_it_gave(string job, string settings, string sha256)
    {
        bool shipped = !settings.Contains("data.source=", StringComparison.Ordinal);
        Skip.If(!shipped && Environment.GetEnvironmentVariable("CLUSTER_SLOW_TESTS") != "1", "Its data is not shipped: set CLUSTER_SLOW_TESTS=1 where it stands beside the repository.");
        using TemporaryFolder folder = new();
        string startFrom = folder["start"];
        if (settings.Contains("START", StringComparison.Ordinal)) await TrainAsync("mnist-low-digits", "data.source=DATA/mnist training.epochs=1", startFrom);

        ClusterProcess.Finished finished = await TrainAsync(job, settings, folder["run"]);

        finished.ModelSha256.ShouldBe(sha256);

        Task<ClusterProcess.Finished> TrainAsync(string name, string with, string into) => ClusterProcess.RunAsync(
        [
            "train", Repository.Job(name), "--workers", "2", "--out", into, "--json", .. SecretFile.FlagsIn(folder),
            .. with.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(setting => (string[])["--set",
                setting.Replace("DATA", Repository.SharedData, StringComparison.Ordinal).Replace("START", Path.Combine(startFrom, "model.cluster"), StringComparison.Ordinal)]),
        ]);
    }
}
