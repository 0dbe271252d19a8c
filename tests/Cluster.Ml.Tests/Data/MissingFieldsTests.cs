using Cluster.Ml.Data;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Data;

public sealed class MissingFieldsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a,b,target\n1,2,x\n3,,y\nNA,?,x\n5,6,\n", 3, 3, "data.missing: mean fills in all 3 that are missing (1 of 'a', 2 of 'b')")]
    [InlineData("a,b,target\n1,2,x\nnull,4,y\n", 3, 1, "data.missing: mean fills in the one that is missing (1 of 'a')")]
    [InlineData("a,b,target\n1,,x\n2,\"3\n", 2, 3, "data.missing: mean fills in this and others")]
    public void The_first_is_named_with_its_place_and_all_are_counted(string text, int line, int column, string advice)
    {
        BadInputException error = Should.Throw<BadInputException>(
            () => PreparedData.Load(DataJobs.Of(_folder.Write("rows.csv", text), "softmax"), NumberKind.Float64));

        (error.Line, error.Column).ShouldBe((line, column));
        error.Advice.ShouldEndWith(advice);
        error.WithoutContent().ShouldNotContain("fills in");
    }
}
