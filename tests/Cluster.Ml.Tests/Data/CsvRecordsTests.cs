using Cluster.Ml.Data;

namespace Cluster.Ml.Tests.Data;

/// <summary>Where the window of a file ends makes no difference to its records, nor to the places that errors name.</summary>
public sealed class CsvRecordsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a,b\n1,2\n", "1:1 a|1:3 b|2:1 1|2:3 2")]
    [InlineData("\uFEFFä,b\r\n\r\n\n1,\"x\r\ny\"\r\n3,4", "1:1 ä|1:3 b|4:1 1|4:4 x\r\ny|6:1 3|6:3 4")]
    [InlineData("a,b\r1,2\r\r3,\"\"\"q\"\"\"\r", "1:1 a|1:3 b|2:1 1|2:3 2|4:1 3|4:4 \"q\"")]
    [InlineData("a,\"\"\n,\n1,", "1:1 a|1:4 |2:1 |2:2 |3:1 1|3:3 ")]
    [InlineData("long field of a record,éééééééééééééééé,z\r\n\"a \"\"quoted\"\" field, with a comma\",y,x", "1:1 long field of a record|1:24 éééééééééééééééé|1:41 z|2:2 a \"quoted\" field, with a comma|2:36 y|2:38 x")]
    [InlineData("\n\r\r\n", "")]
    public void Windows_of_every_size_show_the_same_records(string text, string wanted)
    {
        string file = _folder.Write("rows.csv", text);
        for (int window = 4; window <= 64; window++) Read(file, window).ShouldBe(wanted, $"a window of {window} bytes");
    }

    [Fact]
    public void A_quote_that_is_never_closed_is_named_where_it_opens_whatever_the_window()
    {
        string file = _folder.Write("rows.csv", "a,b\n1,2\r\n3,\"" + new string('x', 100));
        for (int window = 4; window <= 64; window++)
        {
            BadInputException error = Should.Throw<BadInputException>(() => Read(file, window));
            (error.Line, error.Column, error.Wanted).ShouldBe((3, 3, "a closing quote"));
        }
    }

    private static string Read(string file, int window)
    {
        using DataReader reader = DataReader.Open(file);
        CsvRecords records = new(file, reader, windowBytes: window);
        List<string> found = [];
        while (records.Read())
            foreach (CsvField field in records.Fields)
            {
                BadInputException place = records.Error(field.Start, "", "", "");
                found.Add($"{place.Line}:{place.Column} {records.Text(field)}");
            }
        return string.Join('|', found);
    }
}
