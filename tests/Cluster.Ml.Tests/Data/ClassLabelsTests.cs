using Cluster.Ml.Data;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Data;

/// <summary>A label is its text; only spellings of one exact number are one class.</summary>
public sealed class ClassLabelsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("9007199254740993,9007199254740992", "9007199254740992,9007199254740993")]
    [InlineData("123456789012345678901,123456789012345678902,123456789012345678901", "123456789012345678901,123456789012345678902")]
    [InlineData("0.1,0.10000000000000001", "0.1,0.10000000000000001")]
    [InlineData("7,007,07", "007,07,7")]
    [InlineData("1e2,3", "3,1e2")]
    [InlineData("1e2,100,1.0e2,3", "3,100")]
    [InlineData("-0,0,+0.0,3", "0,3")]
    [InlineData("1.50,1.5,+1.5,3", "1.5,3")]
    [InlineData("1e400,1e401", "1e400,1e401")]
    [InlineData("1e-400,0", "0,1e-400")]
    [InlineData("-2,-10,1", "-10,-2,1")]
    [InlineData("1e,e1,.,+", "+,.,1e,e1")]
    [InlineData("None,-,+", "+,-,None")]
    [InlineData("1E9999999999,1", "1,1E9999999999")]
    [InlineData("0x10,16", "0x10,16")]
    public void Classes_are_told_apart_by_text_and_exact_value(string labels, string classes) =>
        Load(labels.Split(',')).Shape.Classes.ShouldBe(classes.Split(','));

    [Fact]
    public void The_shown_spelling_does_not_depend_on_the_order_of_the_rows()
    {
        Load("1.0", "2", "1", "+1").Shape.Classes.ShouldBe(["1", "2"]);
        Load("1", "2", "1.0", "+1").Shape.Classes.ShouldBe(["1", "2"]);
        Load("1.0", "2", "1").Training.Table.Targets.ShouldBe([0, 1, 0]);
    }

    [Theory]
    [InlineData("NA")]
    [InlineData("nan")]
    [InlineData("?")]
    [InlineData("null")]
    [InlineData("N/A")]
    [InlineData("#N/A")]
    [InlineData("\" na \"")]
    [InlineData("")]
    public void A_missing_target_is_refused_where_it_is(string label)
    {
        BadInputException error = Should.Throw<BadInputException>(() => Load("a", "b", label));

        (error.Line, error.Column).ShouldBe((4, label.StartsWith('"') ? 4 : 3));
        error.Wanted.ShouldBe("a class in column 'target'");
    }

    [Fact]
    public void A_class_that_looks_missing_can_be_named()
    {
        string table = Write("NA", "EU", "SA", "NA");

        PreparedData.Load(DataJobs.Of(table, "softmax", "data.classes=[ NA, EU, SA ]"), NumberKind.Float32).Shape.Classes.ShouldBe(["EU", "NA", "SA"]);
    }

    [Fact]
    public void Only_the_exact_class_of_a_model_is_known()
    {
        ClassNames names = new(["7", "100", "0.5"]);

        new[] { "7.0", "+7", "007", "1e2", "5e-1", "0.50000000000000001", "x" }.Select(names.IndexOf).ShouldBe([0, 0, -1, 1, 2, -1, -1]);
    }

    private PreparedData Load(params string[] labels) => PreparedData.Load(DataJobs.Of(Write(labels), "softmax"), NumberKind.Float32);

    private string Write(params string[] labels) => _folder.Write("table.csv", "a,target\n" + string.Concat(labels.Select((label, i) => $"{i},{label}\n")));
}
