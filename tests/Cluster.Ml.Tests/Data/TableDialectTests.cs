using Cluster.Ml.Data;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Data;

/// <summary>Tables that are not parted by commas, or whose numbers have decimal commas.</summary>
public sealed class TableDialectTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a,b\n1,2\n", ',')]
    [InlineData("a;b\r\n1;2\r\n", ';')]
    [InlineData("\n\na\tb\n1\t2\n", '\t')]
    [InlineData("a|b\r1|2\r", '|')]
    [InlineData("a\n1\n", ',')]
    [InlineData("", ',')]
    [InlineData("a;b\n1,5;2,5\n", ';')]
    [InlineData("x;y, in km;z\n1;2;3\n", ';')]
    [InlineData("\"a;b;c\",d\n\"1;\n2;3\",4\n", ',')]
    [InlineData("a,b;c\n1,2\n", ',')]
    [InlineData("a;b;c\n1;2\n", ';')]
    public void A_file_shows_its_separator(string text, char separator) =>
        TableDialect.Usual.SeparatorOf(System.Text.Encoding.UTF8.GetBytes(text)).ShouldBe(separator);

    [Theory]
    [InlineData("a;b;target\n1,5;-2;x\n,25;1e2;y\n", "")]
    [InlineData("a,b,target\n\"1,5\",-2,x\n\",25\",1e2,y\n", "")]
    [InlineData("a:b\n", "data.separator=pipe")]
    public void Numbers_may_have_decimal_commas(string text, string more)
    {
        if (more.Length > 0) text = "a|b|target\n1,5|-2|x\n0,25|100|y\n";
        string[] settings = more.Length > 0 ? ["data.decimal=comma", more] : ["data.decimal=comma"];

        PreparedData data = PreparedData.Load(DataJobs.Of(_folder.Write("rows.csv", text), "softmax", settings), NumberKind.Float64);

        data.Training.Table.Features.Doubles.ToArray().ShouldBe([1.5, -2, 0.25, 100]);
    }

    [Theory]
    [InlineData("1.5", "no separators of thousands")]
    [InlineData("1.234,5", "no separators of thousands")]
    [InlineData("1,2,3", "")]
    public void With_decimal_commas_a_point_is_no_part_of_a_number(string number, string advice)
    {
        string file = _folder.Write("rows.csv", $"a;target\n1,5;x\n{number};y\n");

        BadInputException error = Should.Throw<BadInputException>(() => PreparedData.Load(DataJobs.Of(file, "softmax", "data.decimal=comma"), NumberKind.Float64));

        (error.Line, error.Column, error.Got).ShouldBe((3, 1, $"'{number}'"));
        error.Advice.ShouldContain(advice);
    }

    [Fact]
    public void A_decimal_comma_that_nobody_spoke_of_is_refused_and_the_key_named() =>
        Should.Throw<BadInputException>(() => PreparedData.Load(DataJobs.Of(_folder.Write("rows.csv", "a;target\n1,5;x\n2;y\n"), "softmax"), NumberKind.Float64))
            .Advice.ShouldContain("data.decimal: comma");

    [Fact]
    public void A_model_reads_new_tables_as_it_read_those_to_train_on()
    {
        string train = _folder.Write("rows.csv", "a;b;target\n1,5;2;x\n2;3,25;y\n"), other = _folder.Write("new.csv", "b\ta\n1,5\t2\n");
        Preprocessing trained = Preprocessing.FromJson(PreparedData.Load(DataJobs.Of(train, "softmax", "data.decimal=comma"), NumberKind.Float64).Preprocessing.ToJson());

        PreparedData.LoadForPrediction(other, trained, NumberKind.Float64).Table.DoublesOf(0).ToArray().ShouldBe([2, 1.5]);
    }

    [Fact]
    public void A_separator_that_is_named_is_believed() =>
        Should.Throw<BadInputException>(() => PreparedData.Load(DataJobs.Of(_folder.Write("rows.csv", "a;target\n1;x\n"), "softmax", "data.separator=comma"), NumberKind.Float64))
            .Message.ShouldContain("columns are parted by commas here; data.separator names what parts them");
}
