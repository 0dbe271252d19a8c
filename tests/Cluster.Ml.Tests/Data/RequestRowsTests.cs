using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Data;

/// <summary>Rows of a request have the bits of rows of a file.</summary>
public sealed class RequestRowsTests
{
    [Theory]
    [InlineData("iris-gmm", "data.scale=standard")]
    [InlineData("digits-mlp", "data.scale=minmax")]
    [InlineData("digits-embedding", "data.scale=none")]
    public void They_are_scaled_as_the_rows_of_a_file(string job, string scale)
    {
        JobSpec spec = JobFile.Read(RepositoryFiles.Path("deploy", "jobs", $"{job}.yaml"), [scale]);
        Preprocessing preprocessing = PreparedData.Load(spec, Learners.NumbersFor(spec)).Preprocessing;
        NumberKind numbers = spec.Form.Numbers;
        RowRange raw = PreparedData.LoadForPrediction(spec.Data.Source, preprocessing with { Scaler = Scaler.Identity }, NumberKind.Float64);
        byte[] wanted = PreparedData.LoadForPrediction(spec.Data.Source, preprocessing, numbers).Table.Features.Bytes.ToArray();

        RequestRows.Scale("rows", raw.Table.Features.Doubles.ToArray(), preprocessing, numbers).Bytes.ToArray().ShouldBe(wanted);
        RequestRows.ReadCsv("rows", File.ReadAllBytes(spec.Data.Source), preprocessing, numbers).Bytes.ToArray().ShouldBe(wanted);
    }

    [Fact]
    public void A_number_that_scaling_makes_infinite_is_refused_with_its_column()
    {
        Preprocessing model = new(["a", "b"], null, TargetKind.None, [], new Scaler(ScaleKind.Standard, [0, 0], [1, 1e-10]), null);

        Should.Throw<BadInputException>(() => RequestRows.Scale("rows", [1, 2, 1, 1e300], model, NumberKind.Float64)).Message.ShouldContain("'b'");
        Should.Throw<BadInputException>(() => RequestRows.ReadCsv("rows", "a,b\n1,x\n"u8.ToArray(), model, NumberKind.Float64)).Message.ShouldContain("rows:2:3");
    }
}
