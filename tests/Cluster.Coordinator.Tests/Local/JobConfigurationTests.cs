using System.Collections.Immutable;
using System.Net;
using Cluster.Coordinator.Local;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node;
using Cluster.Seed.Dashboard;

namespace Cluster.Coordinator.Tests.Local;

public sealed class JobConfigurationTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-configuration-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void What_differs_from_the_defaults_is_told()
    {
        ImmutableArray<ConfigurationLine> lines = JobConfiguration.Of(TestData.Mlp(epochs: 4));

        lines.Single(line => line.Key == "training.epochs").ShouldBe(new ConfigurationLine("training.epochs", "4", "20", true));
        lines.Single(line => line.Key == "training.micro-batches").Differs.ShouldBeFalse();
        lines.Single(line => line.Key == "data.source").ShouldSatisfyAllConditions(line => line.Default.ShouldBeEmpty(), line => line.Differs.ShouldBeTrue());
        lines.Select(line => line.Key).ShouldBeUnique();
    }

    [Theory]
    [InlineData("")]
    [InlineData("model: [")]
    [InlineData("name: x")]
    public void A_text_that_is_no_job_has_no_keys(string text) => JobConfiguration.Of(text).ShouldBeEmpty();

    [Fact]
    public async Task The_dashboard_of_a_training_knows_its_job_and_takes_no_other()
    {
        SubmitJob job = new(new JobId("watched"), TestData.Mlp(epochs: 4), TestData.Directory, _folder.FullName, null, 0);
        const string token = "a-token-drawn-for-a-run";
        LocalClusterOptions options = new(1, 1, _folder.FullName) { Http = new NodeAddress("127.0.0.1", 0), Token = token, Watched = job };
        await using LocalCluster cluster = await LocalCluster.StartAsync(options, _ => { });
        await cluster.Jobs.Ask<JobAccepted>(job, Deadline);
        using HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = true, CookieContainer = new CookieContainer() }) { Timeout = Deadline };
        client.DefaultRequestHeaders.Add("Origin", $"http://{cluster.Http}");

        using HttpResponseMessage jobs = await client.PostAsync(new Uri($"{cluster.Dashboard}/login"), new FormUrlEncodedContent([new("token", token)]));
        string list = await jobs.Content.ReadAsStringAsync(), page = await client.GetStringAsync(new Uri($"{jobs.RequestMessage!.RequestUri}/watched"));

        list.ShouldNotContain("Submit a job");
        page.ShouldContain("<code>training.epochs</code></th><td>4</td><td>20</td>");
    }
}
