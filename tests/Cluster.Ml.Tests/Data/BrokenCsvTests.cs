using System.Text;
using Cluster.Ml.Data;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Data;

public class BrokenCsvTests
{
    public static TheoryData<string, string, string, int?, int?, string, string, string> Texts => new()
    {
        // name, kind, text, line, column, part of wanted, part of got, part of advice
        { "empty file", "softmax", "", 1, 1, "header row", "empty file", "written to its end" },
        { "only line ends", "softmax", "\n\r\n", 1, 1, "header row", "empty file", "" },
        { "header only", "softmax", "a,b,target\n", 1, 11, "at least one row", "none", "" },
        { "missing target column", "softmax", "a,b,traget\n1,2,x\n", 1, null, "the target column 'target'", "no such column", "did you mean 'traget'" },
        { "missing target with nothing near", "softmax", "a,b\n1,2\n", 1, null, "'target'", "no such column", "a, b" },
        { "duplicate column", "softmax", "a,b,a,target\n1,2,3,x\n", 1, 5, "different names", "'a' again (it is column 1 too)", "rename" },
        { "column without name", "softmax", "a,,target\n1,2,x\n", 1, 3, "the name of a column", "an empty field", "column 2" },
        { "no header", "softmax", "1,2,3\n4,5,6\n", 1, 1, "header row of names", "numbers ('1')", "first line" },
        { "text for a number", "softmax", "a,b,target\n1,2,x\n3,four,y\n", 3, 3, "a number in column 'b'", "'four'", "data.ignore" },
        { "missing value", "softmax", "a,b,target\n1,2,x\n3,,y\n", 3, 3, "a number in column 'b'", "an empty field", "missing value" },
        { "missing value in quotes", "softmax", "a,b,target\n1,\"\",x\n", 2, 4, "a number in column 'b'", "an empty field", "" },
        { "missing last value", "linear-regression", "a,b,target\n1,2,\n", 2, 5, "a number in column 'target'", "an empty field", "" },
        { "missing value at the end of the file", "linear-regression", "a,target\n1,", 2, 3, "a number in column 'target'", "an empty field", "" },
        { "not a number", "softmax", "a,b,target\n1,NaN,x\n", 2, 3, "a finite number in column 'b'", "'NaN'", "" },
        { "infinity", "softmax", "a,b,target\n-Infinity,1,x\n", 2, 1, "a finite number in column 'a'", "'-Infinity'", "" },
        { "number too large", "softmax", "a,b,target\n1,1e999,x\n", 2, 3, "a finite number in column 'b'", "'1e999'", "" },
        { "NA for a missing value", "softmax", "a,b,target\n1,NA,x\n", 2, 3, "a finite number in column 'b'", "'NA'", "fill in" },
        { "row too short", "softmax", "a,b,target\n1,2,x\n3,4\n", 3, 4, "3 fields", "2", "from 'target' on" },
        { "row too long", "softmax", "a,b,target\n1,2,x,9\n", 2, 7, "3 fields", "4", "quotes" },
        { "text target of a regression", "linear-regression", "a,target\n1,2\n3,high\n", 3, 3, "a number in column 'target'", "'high'", "" },
        { "missing class", "softmax", "a,target\n1,x\n2,\n", 3, 3, "a class in column 'target'", "an empty field", "" },
        { "one class", "softmax", "a,target\n1,x\n2,x\n", null, null, "at least 2 classes", "every row is 'x'", "another column" },
        { "three classes for logistic", "logistic", "a,target\n1,x\n2,y\n3,z\n", null, null, "2 classes for model.kind logistic", "3", "softmax" },
        { "numbers for classes", "softmax", "a,target\n1,1\n2,2.5\n3,3\n4,4.75\n", 3, 3, "classes in column 'target'", "4 different numbers with decimals, such as '2.5'", "linear-regression" },
        { "numbers for two classes", "logistic", "a,target\n1,0.1\n2,0.2\n3,0.3\n", 2, 3, "classes in column 'target'", "decimals", "task: regression" },
        { "decimal comma", "softmax", "a,b,target\n1,\"2,5\",x\n", 2, 4, "a number in column 'b'", "'2,5'", "" },
        { "hidden NUL", "softmax", "a,b,target\n1,2\0,x\n", 2, 3, "a number in column 'b'", "", "" },
        { "open quote", "softmax", "a,target\n1,x\n2,\"y\n", 3, 3, "a closing quote", "the end of the file", "" },
        { "text after a quote", "softmax", "a,target\n1,\"x\"y\n", 2, 6, "a comma or the end of the line", "'y'", "twice" },
        { "only a target", "softmax", "target\nx\ny\n", 1, null, "at least one feature column", "", "" },
        { "another separator", "softmax", "a:b:target\n1:2:x\n", 1, null, "'target'", "no such column", "there are: a:b:target" },
        { "text column in clustering", "kmeans", "a,name\n1,setosa\n", 2, 3, "a number in column 'name'", "'setosa'", "data.ignore" },
        { "line ends CRLF, character beyond ASCII, mark of UTF-8", "softmax", "\uFEFFä,b,target\r\n1,2,\"é\r\né\"\r\n3,x,y\r\n", 4, 3, "a number in column 'b'", "'x'", "" },
        { "line ends CR", "softmax", "a,b,target\r1,2,x\r3,?,y\r", 3, 3, "a finite number in column 'b'", "'?'", "" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_broken_table_is_refused_with_its_place(
        string name, string kind, string text, int? line, int? column, string wanted, string got, string advice)
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("rows.csv", text);

        BadInputException error = Should.Throw<BadInputException>(() => PreparedData.Load(DataJobs.Of(file, kind), NumberKind.Float32), name);

        error.File.ShouldBe(file);
        (error.Line, error.Column).ShouldBe((line, column));
        error.Wanted.ShouldContain(wanted);
        error.Got.ShouldContain(got);
        error.Advice.ShouldContain(advice);
        error.Message.ShouldStartWith(file + (line is null ? "" : $":{line}") + (column is null ? "" : $":{column}") + ": wanted ");
    }

    [Fact]
    public void An_ignored_column_that_is_not_there_is_refused()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("rows.csv", "height,weight,target\n1,2,x\n3,4,y\n");

        BadInputException error = Should.Throw<BadInputException>(() => PreparedData.Load(DataJobs.Of(file, "softmax", "data.ignore=[wieght]"), NumberKind.Float32));

        error.Message.ShouldContain("the ignored column 'wieght'");
        error.Advice.ShouldBe("did you mean 'weight'");
    }

    [Fact]
    public void A_file_that_is_not_there_is_refused()
    {
        BadInputException error = Should.Throw<BadInputException>(() => PreparedData.Load(DataJobs.Of("/nowhere/rows.csv", "softmax"), NumberKind.Float32));

        error.File.ShouldBe("/nowhere/rows.csv");
        error.Wanted.ShouldBe("a file that exists");
    }

    [Fact]
    public void A_folder_named_as_a_table_is_refused()
    {
        using TemporaryFolder folder = new();

        Should.Throw<BadInputException>(() => PreparedData.Load(DataJobs.Of(folder.Path, "softmax", "data.format=csv", "data.target=x"), NumberKind.Float32))
            .Got.ShouldBe("a folder");
    }

    [Fact]
    public void A_file_named_gz_that_is_not_gzip_is_refused()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("rows.csv.gz", "a,target\n1,x\n");

        BadInputException error = Should.Throw<BadInputException>(() => PreparedData.Load(DataJobs.Of(file, "softmax"), NumberKind.Float32));

        error.Wanted.ShouldContain("gzip");
        error.Got.ShouldContain("612C");
    }

    [Theory]
    [InlineData("cut short")]
    [InlineData("one byte changed")]
    [InlineData("header only")]
    [InlineData("wrong checksum")]
    public void A_damaged_gzip_file_is_refused(string damage)
    {
        using TemporaryFolder folder = new();
        string text = "a,target\n" + string.Concat(Enumerable.Range(0, 500).Select(i => $"{i},{i % 2}\n"));
        byte[] packed = TemporaryFolder.Gzip(Encoding.UTF8.GetBytes(text));
        byte[] damaged = damage switch
        {
            "cut short" => packed[..^20],
            "header only" => packed[..10],
            "one byte changed" => [.. packed[..200], (byte)(packed[200] ^ 0x55), .. packed[201..]],
            _ => [.. packed[..^8], (byte)(packed[^8] ^ 1), .. packed[^7..]],
        };
        string file = folder.Write("rows.csv.gz", damaged);

        BadInputException error = Should.Throw<BadInputException>(() => PreparedData.Load(DataJobs.Of(file, "softmax"), NumberKind.Float32));

        error.Wanted.ShouldBe("a whole gzip file");
    }

    [Fact]
    public void Utf16_text_is_refused()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("rows.csv", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("a,target\n1,x\n")]);

        Should.Throw<BadInputException>(() => PreparedData.Load(DataJobs.Of(file, "softmax"), NumberKind.Float32)).Got.ShouldBe("UTF-16 text");
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("rows.csv", [.. "a,target\n1,"u8, 0xE9, .. "\n"u8]);

        BadInputException error = Should.Throw<BadInputException>(() => PreparedData.Load(DataJobs.Of(file, "softmax"), NumberKind.Float32));

        (error.Line, error.Column).ShouldBe((2, 3));
    }

    [Fact]
    public void Too_few_rows_for_the_folds_are_refused()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("rows.csv", "a,target\n1,x\n2,y\n3,x\n");

        Should.Throw<BadInputException>(() => PreparedData.LoadFold(DataJobs.Of(file, "softmax"), NumberKind.Float32, 0, 5)).Wanted.ShouldContain("5 rows for 5 folds");
    }
}
