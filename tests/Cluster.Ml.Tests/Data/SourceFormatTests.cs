using System.Diagnostics;
using Cluster.Ml.Data;
using Cluster.Ml.Export;
using Cluster.Ml.Jobs;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Data;

/// <summary>What layout a source has is decided once, for reading and for the defaults alike.</summary>
public sealed class SourceFormatTests : IDisposable
{
    private const string Table = "a,b,target\n1,200,x\n2,100,y\n3,50,x\n4,25,y\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("wine.data", DataFormat.Csv)]
    [InlineData("IRIS.DATA.GZ", DataFormat.Csv)]
    [InlineData("train-idx.csv", DataFormat.Csv)]
    [InlineData("data_batch_1.csv", DataFormat.Csv)]
    [InlineData("a.txt.gz", DataFormat.Text)]
    [InlineData("data_batch_1.bin", DataFormat.Cifar)]
    [InlineData("train-images-idx3-ubyte.gz", DataFormat.Idx)]
    [InlineData("train-images.idx3-ubyte", DataFormat.Idx)]
    [InlineData("wine.names", DataFormat.Auto)]
    [InlineData("mnist", DataFormat.Auto)]
    public void A_name_says_what_a_source_holds(string name, DataFormat format) => SourceFormat.OfName(name).ShouldBe(format);

    [Theory]
    [InlineData("table.data", "auto")]
    [InlineData("table.dat", "csv")]
    [InlineData("table", "csv")]
    public void A_table_of_another_name_is_prepared_as_one(string name, string format)
    {
        PreparedData wanted = Load(_folder.Write("table.csv", Table), "auto"), got = Load(_folder.Write(name, Table), format);

        got.Sha256.ShouldBe(wanted.Sha256);
        got.Training.Order.ToArray().ShouldBe(wanted.Training.Order.ToArray());
        got.Training.Table.FloatsOf(0)[1].ShouldBe(200);
    }

    [Theory]
    [InlineData("table.dat", "write data.format: csv for a table")]
    [InlineData("table", "write data.format: csv for a table")]
    [InlineData("wine.names", "name the .data file")]
    public void A_file_that_nothing_describes_is_refused(string name, string advice) =>
        Should.Throw<BadInputException>(() => Load(_folder.Write(name, Table), "auto")).Message.ShouldContain(advice);

    [Fact]
    public void The_text_of_a_job_keeps_its_defaults()
    {
        JobSpec job = DataJobs.Of("wine.data", "softmax");

        (job.Data.Scale, job.Data.Target, job.Data.Split.Stratify).ShouldBe((ScaleKind.None, "target", true));
        JobFile.Parse(job.Text, "job.yaml", "/").Data.ShouldBe(job.Data);
    }

    [Theory]
    [InlineData("/dev/null", "a device")]
    [InlineData("/dev/zero", "a device")]
    public void A_device_is_no_data(string path, string got) =>
        Should.Throw<BadInputException>(() => Load(path, "csv")).Got.ShouldBe(got);

    [Fact]
    public void A_pipe_is_refused_whatever_it_is_called()
    {
        string pipe = Path.Combine(_folder.Path, "rows.csv");
        using (Process made = Process.Start("mkfifo", [pipe, Path.ChangeExtension(pipe, null)])) made.WaitForExit();

        Should.Throw<BadInputException>(() => Load(pipe, "auto")).Got.ShouldBe("a pipe");
        Should.Throw<BadInputException>(() => Load(Path.ChangeExtension(pipe, null), "auto")).Got.ShouldBe("a pipe");
    }

    [Fact]
    public void A_pipe_is_no_model()
    {
        string pipe = Path.Combine(_folder.Path, "model.cluster");
        using (Process made = Process.Start("mkfifo", pipe)) made.WaitForExit();

        Should.Throw<BadInputException>(() => ModelFile.Read(pipe)).Got.ShouldBe("a pipe");
    }

    private static PreparedData Load(string source, string format) => PreparedData.Load(DataJobs.Of(source, "softmax", $"data.format={format}"), NumberKind.Float32);
}
