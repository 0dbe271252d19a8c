using System.Text.Json;
using Cluster.Ml.Randomness;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Nn.Embeddings;

public sealed class WindowStepTests
{
    private const float Rate = 0.125f;      // a power of two: dividing by it is exact

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Loss_and_displacements_are_those_of_automatic_differentiation(int index)
    {
        // tests/golden/nn/make_word2vec.py
        JsonElement golden = JsonDocument.Parse(File.ReadAllText(RepositoryFiles.Golden("nn/word2vec.json"))).RootElement.GetProperty("cases")[index];
        float[][] x = Floats(golden.GetProperty("x")), y = Floats(golden.GetProperty("y"));

        OneWindow.Moved moved = OneWindow.Step(x, y, Rate);

        moved.Loss.ShouldBe(golden.GetProperty("loss").GetDouble(), 2e-5);
        ShouldBeDescent(moved.Inputs, Floats(golden.GetProperty("dx")));
        ShouldBeDescent(moved.Targets, Floats(golden.GetProperty("dy")));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 6)]
    [InlineData(5, 7)]
    public void Displacements_agree_with_central_differences(int inputs, int targets)
    {
        const double h = 1e-5;
        float[][] x = Some(inputs, 18, 1), y = Some(targets, 18, 2);
        double[][] exactX = Doubles(x), exactY = Doubles(y);

        OneWindow.Moved moved = OneWindow.Step(x, y, Rate);

        foreach ((double[][] vectors, float[][] moves) in new[] { (exactX, moved.Inputs), (exactY, moved.Targets) })
            for (int row = 0; row < vectors.Length; row++)
                for (int i = 0; i < vectors[row].Length; i++)
                {
                    double kept = vectors[row][i];
                    vectors[row][i] = kept + h;
                    double above = OneWindow.Loss(exactX, exactY);
                    vectors[row][i] = kept - h;
                    double below = OneWindow.Loss(exactX, exactY);
                    vectors[row][i] = kept;
                    (moves[row][i] / -Rate).ShouldBe((float)((above - below) / (2 * h)), 2e-5f);
                }
    }

    [Fact]
    public void The_order_of_the_inputs_changes_no_bit_of_their_displacements()
    {
        float[][] x = Some(5, 40, 3), y = Some(6, 40, 4);

        OneWindow.Moved forward = OneWindow.Step(x, y, Rate), backward = OneWindow.Step([.. x.Reverse()], y, Rate);

        for (int n = 0; n < x.Length; n++) backward.Inputs[x.Length - 1 - n].ShouldBe(forward.Inputs[n]);
    }

    [Fact]
    public void A_rate_of_zero_measures_and_moves_nothing()
    {
        float[][] x = Some(3, 20, 5), y = Some(9, 20, 6);

        OneWindow.Moved moved = OneWindow.Step(x, y, 0);

        moved.Loss.ShouldBe(OneWindow.Step(x, y, Rate).Loss);
        moved.Targets.ShouldAllBe(move => move.All(number => number == 0));
    }

    [Fact]
    public void Vectors_of_zeros_lose_ln_2_a_pair()
    {
        OneWindow.Moved moved = OneWindow.Step([new float[16]], [new float[16], new float[16]], Rate);

        moved.Loss.ShouldBe(2 * Math.Log(2), 1e-6);
        moved.Inputs[0].ShouldAllBe(number => number == 0);
    }

    [Fact]
    public void A_score_that_is_huge_and_right_moves_nothing()
    {
        float[] large = [.. Enumerable.Repeat(10f, 16)], opposite = [.. Enumerable.Repeat(-10f, 16)];

        OneWindow.Moved moved = OneWindow.Step([large], [large, opposite], Rate);

        moved.Loss.ShouldBe(0);
        moved.Targets.ShouldAllBe(move => move.All(number => number == 0));
    }

    private static void ShouldBeDescent(float[][] moves, float[][] gradient)
    {
        for (int row = 0; row < moves.Length; row++)
            for (int i = 0; i < moves[row].Length; i++) (moves[row][i] / -Rate).ShouldBe(gradient[row][i], 4e-6f);
    }

    private static float[][] Some(int rows, int width, long major) =>
    [
        .. Enumerable.Range(0, rows).Select(row =>
        {
            RandomStream stream = RandomStream.At(3, RandomPurpose.Initialize, major, row);
            return Enumerable.Range(0, width).Select(_ => (float)(0.4 * stream.NextGaussian())).ToArray();
        }),
    ];

    private static double[][] Doubles(float[][] rows) => [.. rows.Select(row => row.Select(number => (double)number).ToArray())];

    private static float[][] Floats(JsonElement rows) => [.. rows.EnumerateArray().Select(row => row.EnumerateArray().Select(number => number.GetSingle()).ToArray())];
}
