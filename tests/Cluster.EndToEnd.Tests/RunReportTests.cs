using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Cluster.EndToEnd.Tests;

/// <summary>What lies beside the model after training.</summary>
public sealed class RunReportTests
{
    private const int Across = 10, Side = 8, Gap = 1, HeaderBytes = 33;

    private static readonly byte[] s_pngSignature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    [Theory]
    [InlineData("digits-vae")]
    [InlineData("digits-gan")]
    [InlineData("digits-adversarial-autoencoder")]
    public async Task A_model_that_makes_images_leaves_a_sheet_of_a_hundred(string job)
    {
        using TemporaryFolder folder = new();
        await ClusterProcess.RunAsync("train", Repository.Job(job), "--set", "training.epochs=2", "--out", folder["run"], "--json");

        byte[] png = File.ReadAllBytes(Path.Combine(folder["run"], "samples.png"));
        png.Length.ShouldBeGreaterThan(HeaderBytes);
        png[..8].ShouldBe(s_pngSignature);
        const int wanted = (Across * (Side + Gap)) - Gap;
        BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)).ShouldBe(wanted);
        BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)).ShouldBe(wanted);
    }

    [Fact]
    public async Task The_learning_curve_has_a_line_an_epoch_and_is_the_same_for_any_number_of_workers()
    {
        using TemporaryFolder folder = new();
        string[] curves = [await CurveAsync(1), await CurveAsync(3)];
        curves[0].ShouldBe(curves[1]);
        string[] lines = curves[0].TrimEnd().Split('\n');
        lines.Length.ShouldBe(4);
        lines[0].ShouldStartWith("epoch,training loss,training accuracy,validation ");
        lines[3].ShouldStartWith("3,");
        double[] losses = [.. lines[1..].Select(line => double.Parse(line.Split(',')[1], CultureInfo.InvariantCulture))];
        losses[2].ShouldBeLessThan(losses[0]);

        async Task<string> CurveAsync(int workers)
        {
            string run = folder[$"{workers}"];
            await ClusterProcess.RunAsync(
                "train", Repository.Job("digits-mlp"), "--workers", $"{workers}", "--set", "training.epochs=3", "--out", run, "--json");
            return File.ReadAllText(Path.Combine(run, "learning-curve.csv"));
        }
    }

    [Fact]
    public async Task The_norms_of_gradients_are_the_same_for_any_number_of_workers_and_through_a_kill()
    {
        using TemporaryFolder folder = new();
        string[] job = ["train", Repository.Job("digits-deep-relu"), "--set", "training.epochs=3", "--set", "checkpoint.every-steps=5", "--json"];
        await ClusterProcess.RunAsync([.. job, "--workers", "1", "--out", folder["1"]]);
        using (ClusterProcess process = ClusterProcess.Start([.. job, "--workers", "3", "--out", folder["3"]]))
        {
            await process.SeeAsync(line => line.StartsWith("epoch ", StringComparison.Ordinal));
            await process.KillAsync();
        }
        await ClusterProcess.RunAsync([.. job, "--workers", "3", "--out", folder["3"], "--resume"]);

        string norms = Norms("1");
        Norms("3").ShouldBe(norms);
        string[] lines = norms.TrimEnd().Split('\n');
        lines[0].ShouldBe("epoch,step,layer,norm,rms norm");
        lines.Length.ShouldBe(1 + (3 * 11));
        lines[1].ShouldStartWith("1,");
        lines[^1].ShouldStartWith("3,");
        lines[1..].ShouldAllBe(line => double.Parse(line.Split(',')[3], CultureInfo.InvariantCulture) > 0);

        await ClusterProcess.RunAsync("train", Repository.Job("digits-private"), "--set", "training.epochs=1", "--out", folder["private"], "--json");
        File.Exists(Path.Combine(folder["private"], "gradient-norms.csv")).ShouldBeFalse();

        string Norms(string run) => File.ReadAllText(Path.Combine(folder[run], "gradient-norms.csv"));
    }

    [Fact]
    public async Task A_report_has_an_image_of_every_figure_of_the_gradients_and_of_what_is_said_of_rows()
    {
        using TemporaryFolder folder = new();
        ClusterProcess.Finished trained = await ClusterProcess.RunAsync("train", Repository.Job("digits-mlp"), "--set", "training.epochs=3", "--out", folder["run"], "--json");
        ClusterProcess.Finished finished = await ClusterProcess.RunAsync("report", folder["run"], "--json");
        trained.Json["diagnosis"]!.ToJsonString().ShouldBe(finished.Json["diagnosis"]!.ToJsonString());
        ((string)trained.Json["diagnosis"]!["held_out"]!).ShouldBe("validation");

        string page = File.ReadAllText((string)finished.Json["page"]!);
        page.Split("<svg").Length.ShouldBe(1 + 6);       // loss, accuracy, gradients; thresholds twice, calibration
        page.ShouldContain("layer 1 (dense 128)");
        JsonObject json = JsonNode.Parse(File.ReadAllText((string)finished.Json["json"]!))!.AsObject();
        json["curve"]!.AsArray().Count.ShouldBe(3);
        json["curve"]![2]!["validation accuracy"]!.GetValue<double>().ShouldBeGreaterThan(0.5);
        json["gradient_norms"]!.AsArray().Count.ShouldBe(3 * json["gradient_norms"]!.AsArray().Select(line => (string)line!["layer"]!).Distinct().Count());
        json["result"]!["epochs"]!.GetValue<int>().ShouldBe(3);

        ClusterProcess.Finished refused = await ClusterProcess.RunAsync("report", folder["nothing"]);
        refused.ExitCode.ShouldBe(3);
        refused.Messages.ShouldContain("the folder of a finished run");
    }

    [Fact]
    public async Task The_gradient_vanishes_through_ten_sigmoids_and_not_through_ten_rectifiers()
    {
        (await ShareAsync("digits-deep-sigmoid")).ShouldBeLessThan(1e-3);
        (await ShareAsync("digits-deep-relu")).ShouldBeGreaterThan(0.1);

        static async Task<double> ShareAsync(string job)
        {
            ClusterProcess.Finished finished = await ClusterProcess.RunAsync("inspect", Repository.Job(job), "--gradients", "--json");
            double[] norms = [.. finished.Json["rows"]!.AsArray().Select(row => double.Parse((string)row![1]!, CultureInfo.InvariantCulture))];
            norms.Length.ShouldBe(11);
            return norms[0] / norms[9];
        }
    }
}
