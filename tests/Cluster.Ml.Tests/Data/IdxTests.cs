using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Data;

public class IdxTests
{
    private const string Images = "train-images-idx3-ubyte", Labels = "train-labels-idx1-ubyte";
    private const string TestImages = "t10k-images-idx3-ubyte", TestLabels = "t10k-labels-idx1-ubyte";

    private static byte[] ImageFile(int count, int height, int width, uint magic = 0x803, int? bytes = null) =>
        [.. BigEndian(magic), .. BigEndian((uint)count), .. BigEndian((uint)height), .. BigEndian((uint)width), .. Enumerable.Range(0, bytes ?? count * height * width).Select(i => unchecked((byte)(i * 7)))];

    private static byte[] LabelFile(int count, uint magic = 0x801, int? bytes = null) =>
        [.. BigEndian(magic), .. BigEndian((uint)count), .. Enumerable.Range(0, bytes ?? count).Select(i => (byte)(i % 3))];

    private static byte[] BigEndian(uint value) => unchecked([(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value]);

    private static JobSpec Job(string source, params string[] settings) => JobFile.Parse(
        $"data: {{ source: '{source}', format: idx }}\nmodel: {{ kind: softmax }}", "test.yaml", "/", settings);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_folder_with_the_standard_names_is_read(bool packed)
    {
        using TemporaryFolder folder = new();
        foreach ((string name, byte[] bytes) in new[] { (Images, ImageFile(20, 2, 3)), (Labels, LabelFile(20)), (TestImages, ImageFile(5, 2, 3)), (TestLabels, LabelFile(5)) })
            folder.Write(packed ? name + ".gz" : name, packed ? TemporaryFolder.Gzip(bytes) : bytes);

        PreparedData data = PreparedData.Load(Job(folder.Path, "data.split={ train: 0.8, validation: 0.2 }"), NumberKind.Float32);

        (data.Training.Count, data.Validation.Count, data.Test.Count).ShouldBe((16, 4, 5));
        data.Test.Order.ToArray().ShouldBe([20, 21, 22, 23, 24]);
        data.Shape.Image.ShouldBe(new ImageShape(2, 3, 1));
        data.Shape.Classes.ShouldBe(["0", "1", "2"]);
        data.Shape.FeatureNames.ShouldBe(["pixel_0_0", "pixel_0_1", "pixel_0_2", "pixel_1_0", "pixel_1_1", "pixel_1_2"]);
        data.Training.Table.FloatsOf(1).ToArray().ShouldBe([.. Enumerable.Range(6, 6).Select(i => (float)(unchecked((byte)(i * 7)) / 255.0))]);
        data.Training.Table.Targets.Take(4).ShouldBe([0, 1, 2, 0]);
    }

    [Fact]
    public void A_label_that_no_image_has_is_no_class()
    {
        using TemporaryFolder folder = new();
        folder.Write(Images, ImageFile(20, 2, 3));
        folder.Write(Labels, [.. BigEndian(0x801), .. BigEndian(20), .. Enumerable.Range(0, 20).Select(i => (byte)(i % 2 == 0 ? 7 : 12))]);

        PreparedData data = PreparedData.Load(Job(folder.Path), NumberKind.Float32);

        data.Shape.Classes.ShouldBe(["7", "12"]);
        data.Training.Table.Targets.Distinct().Order().ShouldBe([0, 1]);
    }

    [Theory]
    [InlineData("none", 1.0)]
    [InlineData("unit255", 255.0)]
    public void Bytes_that_are_all_scaled_alike_are_the_double_quotient_rounded_once(string scale, double divisor)
    {
        const int Pixels = 7 * 43;        // all 256 bytes; 16 x 18, 4 x 3 and 1 of them, so that each width of vector has its turn
        using TemporaryFolder folder = new();
        folder.Write(Images, ImageFile(20, 7, 43));
        folder.Write(Labels, LabelFile(20));

        PreparedData data = PreparedData.Load(Job(folder.Path, $"data.scale={scale}"), NumberKind.Float32);

        for (int row = 0; row < 20; row++)
        {
            float[] wanted = [.. Enumerable.Range(row * Pixels, Pixels).Select(i => (float)(unchecked((byte)(i * 7)) / divisor))], copied = new float[Pixels + 1];
            data.Training.Table.FloatsOf(row).ToArray().ShouldBe(wanted);
            data.Training.Table.CopyFloats(row, copied);
            copied.ShouldBe([.. wanted, 0]);
        }
        Should.Throw<InvalidOperationException>(() => data.Training.Table.Features);        // they are bytes still
    }

    [Fact]
    public void Standard_scaling_of_bytes_is_that_of_numbers()
    {
        using TemporaryFolder folder = new();
        folder.Write(Images, ImageFile(30, 2, 2));
        folder.Write(Labels, LabelFile(30));
        string csv = "a,b,c,d,target\n" + string.Concat(Enumerable.Range(0, 30).Select(r => string.Join(',', Enumerable.Range(4 * r, 4).Select(i => unchecked((byte)(i * 7)))) + $",{r % 3}\n"));

        Scaler bytes = PreparedData.Load(Job(folder.Path, "data.scale=standard", "data.split={ train: 1 }"), NumberKind.Float32).Scaler;
        Scaler numbers = PreparedData.Load(DataJobs.Of(folder.Write("rows.csv", csv), "softmax", "data.scale=standard"), NumberKind.Float32).Scaler;

        for (int c = 0; c < 4; c++)
        {
            bytes.Offsets[c].ShouldBe(numbers.Offsets[c], 1e-12);
            bytes.Divisors[c].ShouldBe(numbers.Divisors[c], 1e-12);
        }
    }

    public static TheoryData<string, byte[]?, byte[]?, string, string> Broken => new()
    {
        { "no images", null, LabelFile(4), "a file train-images-idx3-ubyte", "none" },
        { "no labels", ImageFile(4, 2, 2), null, "a file train-labels-idx1-ubyte", "none" },
        { "labels for images", LabelFile(40), LabelFile(4), "magic 0x00000803", "magic 0x00000801" },
        { "images for labels", ImageFile(4, 2, 2), ImageFile(4, 2, 2), "magic 0x00000801", "magic 0x00000803" },
        { "elements that are floats", ImageFile(4, 2, 2, 0xD03), LabelFile(4), "magic 0x00000803", "magic 0x00000D03" },
        { "images cut short", ImageFile(4, 2, 2, bytes: 15), LabelFile(4), "4 images of 2 x 2 bytes", "15 bytes" },
        { "too many bytes", ImageFile(4, 2, 2, bytes: 17), LabelFile(4), "4 images of 2 x 2 bytes", "17 bytes" },
        { "labels cut short", ImageFile(4, 2, 2), LabelFile(4, bytes: 3), "4 labels", "3 bytes" },
        { "another number of labels", ImageFile(4, 2, 2), LabelFile(5), "4 labels, one for each image", "5" },
        { "header cut short", [0, 0, 8, 3, 0], LabelFile(4), "an IDX header of 16 bytes", "5 bytes" },
        { "no image", ImageFile(0, 2, 2), LabelFile(0), "at least one image", "0 of 2 x 2" },
        { "sizes whose product overflows", ImageFile(int.MaxValue, int.MaxValue, int.MaxValue, bytes: 4), LabelFile(4), "2147483647 images", "4 bytes" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_set_is_refused(string name, byte[]? images, byte[]? labels, string wanted, string got)
    {
        using TemporaryFolder folder = new();
        if (images is not null) folder.Write(Images, images);
        if (labels is not null) folder.Write(Labels, labels);

        BadInputException error = Should.Throw<BadInputException>(() => PreparedData.Load(Job(folder.Path), NumberKind.Float32), name);

        error.Wanted.ShouldContain(wanted);
        error.Got.ShouldContain(got);
        error.File.ShouldStartWith(folder.Path);
    }

    [Fact]
    public void Prediction_takes_a_folders_test_images_or_one_file()
    {
        using TemporaryFolder folder = new();
        string images = folder.Write(Images, ImageFile(20, 2, 3));
        folder.Write(Labels, LabelFile(20));
        Preprocessing trained = PreparedData.Load(Job(folder.Path), NumberKind.Float32).Preprocessing;
        folder.Write(TestImages, ImageFile(5, 2, 3));

        PreparedData.LoadForPrediction(folder.Path, trained, NumberKind.Float32).Count.ShouldBe(5);
        PreparedData.LoadForPrediction(images, trained, NumberKind.Float32).Table.Targets.ShouldBeEmpty();
        PreparedData.LoadForEvaluation(folder.Path, trained, [], NumberKind.Float32).Table.Targets.ShouldBeEmpty();
        PreparedData.LoadForEvaluation(images, trained, [], NumberKind.Float32).Table.Targets.Length.ShouldBe(20);
    }

    [SkippableFact]
    public void Mnist_has_its_published_facts()
    {
        string? source = SharedData.Find("data", "mnist");
        Skip.If(source is null, "shared/data/mnist is not beside the repository.");

        PreparedData data = PreparedData.Load(Job(source!, "data.scale=none", "data.split={ train: 0.9, validation: 0.1 }"), NumberKind.Float32);

        (data.Training.Count, data.Validation.Count, data.Test.Count).ShouldBe((54_000, 6_000, 10_000));
        RowTable table = data.Training.Table;
        table.Targets.Take(10).ShouldBe([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
        table.Targets.Skip(60_000).Take(10).ShouldBe([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
        table.Targets.Take(60_000).CountBy(t => t).OrderBy(p => p.Key).Select(p => p.Value).ShouldBe([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
        table.Targets.Skip(60_000).CountBy(t => t).OrderBy(p => p.Key).Select(p => p.Value).ShouldBe([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
        Sum(table, 0, 60_000).ShouldBe(1_567_298_545);
        Sum(table, 60_000, 70_000).ShouldBe(264_923_200);
    }

    private static double Sum(RowTable table, int first, int end)
    {
        double sum = 0;
        for (int row = first; row < end; row++)
            foreach (float value in table.FloatsOf(row)) sum += value;
        return sum;
    }
}
