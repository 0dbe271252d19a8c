using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Tests.Data;

public class CsvImageTests
{
    private const string Rows = "a,b,c,d,target\n1,2,3,4,x\n5,6,7,8,y\n1,3,5,7,x\n2,4,6,8,y\n";

    [Fact]
    public void Columns_are_the_image_that_the_job_says_they_are() => Load("[ 1, 2, 2 ]").Shape.Image.ShouldBe(new ImageShape(1, 2, 2));

    [Fact]
    public void An_image_of_another_size_than_the_columns_is_refused() =>
        Should.Throw<BadInputException>(() => Load("[ 2, 3, 1 ]")).Message.ShouldContain("4 numbers in an image");

    [Fact]
    public void Files_of_images_say_their_size_themselves() =>
        Should.Throw<BadInputException>(() => JobFile.Parse("data: { source: folder, format: idx, image: [ 2, 2, 1 ] }\nmodel: { kind: softmax }\n", "job.yaml", "/"))
            .Message.ShouldContain("data.image");

    private static PreparedData Load(string image)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("rows.csv", Rows);
        JobSpec job = JobFile.Parse(
            $"data: {{ source: '{path}', target: target, split: {{ train: 1 }}, image: {image} }}\nmodel: {{ kind: softmax }}\n", "job.yaml", "/");
        return PreparedData.Load(job, Learners.NumbersFor(job));
    }
}
