using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Nn;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Nn;

namespace Cluster.Ml.Tests.Data;

public class AugmentationTests
{
    private static readonly ImageShape Shape = new(6, 5, 2);

    private static float[] Changed(AugmentSpec spec, float[] x, int epoch = 0, int example = 0, ulong seed = 42)
    {
        float[] y = new float[x.Length];
        new Augmentation(spec, SomeImages.Shape(Shape), seed, "job").Apply(x, y, epoch, example);
        return y;
    }

    private static float[] Image => [.. Enumerable.Range(1, 60).Select(i => (float)i)];

    [Fact]
    public void An_image_depends_on_seed_epoch_and_example_alone()
    {
        AugmentSpec spec = new(2, true, 1, 0.5);
        float[] first = Changed(spec, Image);
        Changed(spec, Image).ShouldBe(first);
        Changed(spec, Image, epoch: 1).ShouldNotBe(first);
        Changed(spec, Image, example: 1).ShouldNotBe(first);
        Changed(spec, Image, seed: 43).ShouldNotBe(first);
    }

    [Fact]
    public void Nothing_asked_for_changes_nothing() => Changed(new AugmentSpec(0, false, 0, 0), Image).ShouldBe(Image);

    [Fact]
    public void Flips_mirror_every_row_about_half_of_the_time()
    {
        float[] mirrored = [.. from row in Enumerable.Range(0, 6) from column in Enumerable.Range(0, 5) from channel in Enumerable.Range(0, 2) select Image[(((row * 5) + 4 - column) * 2) + channel]];
        float[][] all = [.. Enumerable.Range(0, 400).Select(example => Changed(new AugmentSpec(0, true, 0, 0), Image, example: example))];
        all.ShouldAllBe(y => y.SequenceEqual(Image) || y.SequenceEqual(mirrored));
        all.Count(y => y.SequenceEqual(mirrored)).ShouldBeInRange(150, 250);
    }

    [Fact]
    public void Shifts_reach_every_offset_and_bring_in_zeros()
    {
        HashSet<(int, int)> seen = [];
        for (int example = 0; example < 400; example++)
        {
            float[] y = Changed(new AugmentSpec(2, false, 0, 0), Image, example: example);
            (int Down, int Right) = (from down in Enumerable.Range(-2, 5) from right in Enumerable.Range(-2, 5) where y.SequenceEqual(Moved(down, right)) select (down, right)).Single();
            seen.Add((Down, Right));
        }
        seen.Count.ShouldBe(25);
    }

    [Fact]
    public void Crops_take_pixels_of_the_image_only_and_keep_its_size()
    {
        for (int example = 0; example < 100; example++)
            Changed(new AugmentSpec(0, false, 3, 0), Image, example: example).ShouldAllBe(v => Image.Contains(v));
    }

    [Fact]
    public void Noise_has_its_deviation()
    {
        float[] noise = [.. Enumerable.Range(0, 200).SelectMany(example => Changed(new AugmentSpec(0, false, 0, 0.5), new float[60], example: example))];
        noise.Average().ShouldBe(0, 0.02f);
        Math.Sqrt(noise.Average(v => v * v)).ShouldBe(0.5, 0.02);
    }

    [Fact]
    public void Training_sees_changed_images_and_measuring_does_not()
    {
        const string layers = "{ conv: 3, size: 3 }, { flatten: true }";
        NetworkLearner plain = NetworkLearner.Create(SomeImages.Job(layers), SomeImages.Shape(Shape), 0);
        NetworkLearner changing = NetworkLearner.Create(SomeImages.Job(layers, data: "source: none, format: idx, augment: { shift: 2, flip: true }"), SomeImages.Shape(Shape), 0);
        NumericBuffer state = SomeNetwork.Start(plain);
        RowTable table = SomeNetwork.Rows(20, 60, 3);
        MicroBatch[] batches = SomeNetwork.Batches(SomeNetwork.Shard(table), 20);
        SomeNetwork.Contribution(changing, state, batches).Floats.ToArray().ShouldNotBe(SomeNetwork.Contribution(plain, state, batches).Floats.ToArray());

        double[] expected = new double[plain.EvaluationLength], actual = new double[plain.EvaluationLength];
        RowRange rows = new(table, Enumerable.Range(0, 20).ToArray());
        plain.CreateContributor().Evaluate(state, rows, expected);
        changing.CreateContributor().Evaluate(state, rows, actual);
        actual.ShouldBe(expected);
    }

    [Fact]
    public void What_cannot_be_changed_is_refused()
    {
        Should.Throw<BadInputException>(() => new Augmentation(new AugmentSpec(1, false, 0, 0), SomeNetwork.Shape(9, 2), 42, "job")).Message.ShouldContain("wanted images");
        Should.Throw<BadInputException>(() => new Augmentation(new AugmentSpec(5, false, 0, 0), SomeImages.Shape(Shape), 42, "job")).Message.ShouldContain("below 5");
        Should.Throw<BadInputException>(() => JobFile.Parse("data: { source: a.csv, augment: { shift: 1 } }\nmodel: { kind: kmeans }", "j.yaml", "/")).Message.ShouldContain("absent with kind: kmeans");
    }

    private static float[] Moved(int down, int right) =>
        [.. from row in Enumerable.Range(0, 6) from column in Enumerable.Range(0, 5) from channel in Enumerable.Range(0, 2)
            let inside = row - down is >= 0 and < 6 && column - right is >= 0 and < 5
            select inside ? Image[((((row - down) * 5) + column - right) * 2) + channel] : 0];
}
