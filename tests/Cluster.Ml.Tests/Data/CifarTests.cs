using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Data;

public sealed class CifarTests
{
    private const int Plane = 1024;

    private static byte[] Records(int count, int label = 0) =>
        [.. Enumerable.Range(0, count).SelectMany(row => new[] { (byte)((label + row) % 10) }.Concat(Enumerable.Range(0, 3 * Plane).Select(i => unchecked((byte)((i * 7) + row)))))];

    private static JobSpec Job(string source, string format = "auto") => JobFile.Parse(
        $"data: {{ source: '{source}', format: {format}, split: {{ train: 1 }} }}\nmodel: {{ kind: softmax }}", "test.yaml", "/");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_folder_with_the_standard_names_is_read_pixel_by_pixel(bool packed)
    {
        using TemporaryFolder folder = new();
        foreach ((string name, byte[] bytes) in new[] { ("data_batch_1.bin", Records(12)), ("data_batch_2.bin", Records(3, 5)), ("test_batch.bin", Records(4)) })
            folder.Write(packed ? name + ".gz" : name, packed ? TemporaryFolder.Gzip(bytes) : bytes);
        folder.Write("batches.meta.txt", "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n");

        PreparedData data = PreparedData.Load(Job(folder.Path), NumberKind.Float32);

        (data.Training.Count, data.Test.Count).ShouldBe((15, 4));
        data.Shape.Image.ShouldBe(new ImageShape(32, 32, 3));
        data.Shape.Classes[9].ShouldBe("truck");
        data.Shape.FeatureNames[5].ShouldBe("pixel_0_1_blue");
        data.Training.Table.Targets.Skip(12).Take(3).ShouldBe([5, 6, 7]);
        float[] row = data.Training.Table.FloatsOf(1).ToArray();
        for (int pixel = 0; pixel < Plane; pixel += 37)
            for (int channel = 0; channel < 3; channel++)
                row[(3 * pixel) + channel].ShouldBe(unchecked((byte)((((channel * Plane) + pixel) * 7) + 1)) / 255f);
    }

    [Fact]
    public void Without_names_classes_have_numbers()
    {
        using TemporaryFolder folder = new();
        PreparedData.Load(Job(folder.Write("data_batch_1.bin", Records(20))), NumberKind.Float32).Shape.Classes.ShouldBe(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    }

    [Fact]
    public void What_is_no_CIFAR_is_refused()
    {
        using TemporaryFolder folder = new();
        string cut = folder.Write("cut.bin", Records(2)[..^1]), hundred = folder.Write("hundred.bin", Records(1, 17 % 10).Select((b, i) => i == 0 ? (byte)17 : b).ToArray());
        Message(cut).ShouldContain("wanted records of 3073 bytes (CIFAR-10, binary version), got 6145 bytes");
        Message(hundred).ShouldContain("wanted labels from 0 to 9, got 17 in record 1");
        Message(folder.Write("empty.bin", [])).ShouldContain("got 0 bytes");
        Message(folder.Path).ShouldContain("a file data_batch_1.bin or data_batch_1.bin.gz");

        static string Message(string source) => Should.Throw<BadInputException>(() => PreparedData.Load(Job(source, "cifar"), NumberKind.Float32)).Message;
    }

    [SkippableFact]
    public void The_real_images_have_the_means_that_are_known()
    {
        string? source = SharedData.Find("data", "cifar10");
        Skip.If(source is null, "CIFAR-10 is not beside this repository.");
        PreparedData data = PreparedData.Load(Job(source), NumberKind.Float32);
        (data.Training.Count, data.Test.Count).ShouldBe((10_000, 2_000));
        data.Training.Table.Targets.Take(10).ShouldBe([3, 6, 8, 5, 6, 9, 5, 0, 3, 1]);
        double[] means = new double[3];
        for (int row = 0; row < 10_000; row++)
        {
            ReadOnlySpan<float> numbers = data.Training.Table.FloatsOf(row);
            for (int i = 0; i < numbers.Length; i++) means[i % 3] += numbers[i] / (10_000.0 * Plane);
        }
        means[0].ShouldBe(0.4934, 5e-5);
        means[1].ShouldBe(0.4831, 5e-5);
        means[2].ShouldBe(0.4470, 5e-5);
    }
}
