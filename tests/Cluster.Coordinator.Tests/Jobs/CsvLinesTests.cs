using System.Runtime.InteropServices;
using Cluster.Coordinator.Cli.Runs;
using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Reports;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;

namespace Cluster.Coordinator.Tests.Jobs;

/// <summary>The CSV files beside a model are read back as they were meant, whatever layers are called.</summary>
public sealed class CsvLinesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-csv-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"x\"", "\"say \"\"x\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("", "")]
    public void A_field_is_quoted_where_it_must_be(string text, string field)
    {
        string path = Path.Combine(_folder.FullName, "lines.csv");
        string line = CsvLines.ToText([["1", text, "2"]]);
        File.WriteAllText(path, line);

        line.ShouldBe($"1,{field},2\n");
        CsvLines.Read(path).Single().ShouldBe(["1", text, "2"]);
    }

    [Fact]
    public void The_name_of_a_layer_may_have_commas()
    {
        double[] norms = [2, 1, 4, 3];
        TensorPayload payload = new(PayloadKind.Float64, MemoryMarshal.AsBytes(norms.AsSpan()).ToArray());
        string In(string name) => Path.Combine(_folder.FullName, name);
        File.WriteAllText(In(RunFiles.ResultFileName), "{}");
        File.WriteAllText(In(RunFiles.JobFileName), "");

        GradientCurve.Write(In(GradientCurve.FileName), ["conv 3, 3", "dense \"8\""], [new EpochTrained(new JobId("job"), 0, 7, 0, 0, 0, false, payload)]);

        RunReport.Read(_folder.FullName).Norms.ShouldBe([new NormLine(1, "conv 3, 3", 1, 2), new NormLine(1, "dense \"8\"", 3, 4)]);
    }
}
