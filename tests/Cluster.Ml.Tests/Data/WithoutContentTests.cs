using System.Text;
using Cluster.Ml.Data;
using Cluster.Ml.Export;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Data;

/// <summary>Whoever may name a file in a job but not read it learns nothing of it from the errors that it is refused with.</summary>
public sealed class WithoutContentTests : IDisposable
{
    private const string Secret = "hunter2";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("softmax", "hunter2\n")]
    [InlineData("softmax", "hunter2:x:0:0:root\nhunter2:x:1:1:bin\n")]
    [InlineData("softmax", "hunter2,b\n1,2\n")]
    [InlineData("softmax", "hunter2,hunter2,target\n1,2,x\n")]
    [InlineData("softmax", "a,hunter2,target\n1,2,x\n3,four,y\n")]
    [InlineData("softmax", "a,it's hunter2,target\n1,2,x\n3,don't,y\n")]
    [InlineData("softmax", "a,b,target\n1,2,x\n3,hunter2,y\n")]
    [InlineData("softmax", "a,b,target\n1,\"hunter2\"z,x\n")]
    [InlineData("softmax", "a,target\n1,hunter2\n2,hunter2\n")]
    [InlineData("linear-regression", "a,target\n1,2\n3,hunter2\n")]
    [InlineData("linear-regression", "a,hunter2,target\n1,2,3\n4\n")]
    [InlineData("kmeans", "a,hunter2\n1,setosa\n")]
    [InlineData("logistic", "a,target\n1,hunter2\n2,y\n3,z\n")]
    public void Of_a_table_the_place_alone_is_told(string kind, string text)
    {
        string file = _folder.Write("rows.csv", text);

        BadInputException error = Should.Throw<BadInputException>(() => PreparedData.Load(DataJobs.Of(file, kind), NumberKind.Float32));

        string told = error.WithoutContent("job.yaml");
        told.ShouldStartWith(file);
        told.ShouldContain(": wanted ");
        if (error.Line is { } line) told.ShouldStartWith($"{file}:{line}");
        told.ShouldNotContain(Secret);
    }

    [Theory]
    [InlineData("train-images-idx3-ubyte")]
    [InlineData("data_batch_1.bin")]
    [InlineData("model.cluster")]
    [InlineData("rows.csv.gz")]
    public void Of_other_files_not_even_their_first_bytes_are_told(string name)
    {
        string file = _folder.Write(name, Encoding.ASCII.GetBytes("ZQZQZQZQZQZQZQZQ"));
        _folder.Write("train-labels-idx1-ubyte", new byte[12]);

        BadInputException error = Should.Throw<BadInputException>(() =>
        {
            if (name == "model.cluster") ModelFile.Read(file);
            else PreparedData.Load(DataJobs.Of(file, "softmax"), NumberKind.Float32);
        });

        foreach (string content in new[] { "ZQ", "5A51", "90" }) error.WithoutContent().ShouldNotContain(content);
    }

    [Theory]
    [InlineData("data.target=label", "wanted the target column 'label', got no such column;")]
    [InlineData("data.ignore=[id]", "wanted the ignored column 'id', got no such column;")]
    public void Columns_that_the_job_names_are_no_secret_and_those_of_the_file_are(string setting, string text)
    {
        string file = _folder.Write("rows.csv", "a,hunter2,target\n1,2,x\n");

        string told = Should.Throw<BadInputException>(() => PreparedData.Load(DataJobs.Of(file, "softmax", setting), NumberKind.Float32)).WithoutContent();

        told.ShouldContain(text);
        told.ShouldNotContain(Secret);
    }

    [Fact]
    public void Faults_of_the_submitters_own_text_are_told_whole()
    {
        BadInputException own = new("job.yaml", 3, 1, "a key", "'colour'", "did you mean 'color'?"), data = new("rows.csv", 1, 1, "a number", "'hunter2'", "correct it");

        BadInputException.Of([own, data]).WithoutContent("job.yaml").Split('\n').ShouldBe(
            [own.Message, "rows.csv:1:1: wanted a number, got something else, which the log of the node that read it tells; correct it."]);
        DataRoots.TextOf(null, data, "job").ShouldContain(Secret);
        DataRoots.TextOf(new DataRoots([]), data, "job").ShouldNotContain(Secret);
    }
}
