using Cluster.Ml.Data;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Data;

public sealed class KeptColumnsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Preprocessing Trained => PreparedData.Load(DataJobs.Of(_folder.Write("train.csv", "a,target\n1,x\n2,y\n"), "softmax"), NumberKind.Float32).Preprocessing;

    [Fact]
    public void Fields_are_kept_as_they_are_written()
    {
        using KeptColumns kept = KeptColumns.Open(_folder.Write("new.csv", ",id,a\n0,\"00,7\",1\n1, x ,2\n"), Trained, ["id", ""])!;

        kept.Next().ShouldBe(["00,7", "0"]);
        kept.Next().ShouldBe(["x", "1"]);
        Should.Throw<BadInputException>(kept.Next).Got.ShouldBe("one that was changed");
    }

    [Fact]
    public void A_column_that_is_not_there_is_named() => Should.Throw<BadInputException>(
        () => KeptColumns.Open(_folder.Write("new.csv", "ident,a\n0,1\n"), Trained, ["idend"])).Message.ShouldContain("did you mean 'ident'");

    [Fact]
    public void Images_have_no_columns_to_keep()
    {
        SomeIdx.Write(_folder, 12, 0, 2, 2, packed: false);

        Should.Throw<BadInputException>(() => KeptColumns.Open(_folder.Path, Trained, ["id"])).Got.ShouldBe("images");
        KeptColumns.Open(_folder.Path, Trained, []).ShouldBeNull();
    }

    [Theory]
    [InlineData("\"\",a,target\n0,1,x\n1,2,y\n")]
    [InlineData(",a,target,\n0,1,x,8\n1,2,y,9\n")]
    public void Columns_without_a_name_can_be_left_out(string table)
    {
        string file = _folder.Write("new.csv", table);

        PreparedData.Load(DataJobs.Of(file, "softmax", "data.ignore=[ \"\" ]"), NumberKind.Float32).Shape.FeatureNames.ShouldBe(["a"]);
        PreparedData.LoadForPrediction(file, Trained, NumberKind.Float32).Count.ShouldBe(2);
        Should.Throw<BadInputException>(() => PreparedData.Load(DataJobs.Of(file, "softmax"), NumberKind.Float32)).Advice.ShouldContain("data.ignore: [ \"\" ]");
    }

    [Fact]
    public void A_link_leads_to_the_same_file()
    {
        string file = _folder.Write("rows.csv", ""), folder = Path.Combine(_folder.Path, "folder"), link = Path.Combine(folder, "..", "link.csv");
        Directory.CreateSymbolicLink(folder, _folder.Path);
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "link.csv"), "rows.csv");

        SourceFiles.AreSame(file, Path.Combine(folder, "rows.csv")).ShouldBeTrue();
        SourceFiles.AreSame(file, link).ShouldBeTrue();
        SourceFiles.AreSame(file, _folder.Write("other.csv", "")).ShouldBeFalse();
    }
}
