using System.Text.Json;
using Cluster.Ml.Randomness;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Text.Word2Vec;

public sealed class WindowStepTests
{
    private const float Rate = 0.125f;      // that of the golden file

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
        ShouldBe(moved.Inputs, Floats(golden.GetProperty("x_moves")));
        ShouldBe(moved.Targets, Floats(golden.GetProperty("y_moves")));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 6)]
    [InlineData(5, 7)]
    public void Displacements_agree_with_central_differences_input_by_input(int inputs, int targets)
    {
        float[][] x = Some(inputs, 18, 1), y = Some(targets, 18, 2);

        OneWindow.Moved moved = OneWindow.Step(x, y, Rate), wanted = OneWindow.ByDifferences(x, y, Rate);

        moved.Loss.ShouldBe(wanted.Loss, 2e-5);
        ShouldBe(moved.Inputs, wanted.Inputs);
        ShouldBe(moved.Targets, wanted.Targets);
    }

    [Fact]
    public void An_input_meets_the_targets_as_those_before_it_have_moved_them()
    {
        float[][] x = Some(2, 40, 3), y = Some(7, 40, 4);

        OneWindow.Moved both = OneWindow.Step(x, y, Rate), first = OneWindow.Step(x[..1], y, Rate);
        OneWindow.Moved second = OneWindow.Step(x[1..], first.TargetsAfter, Rate);

        both.Inputs.ShouldBe([first.Inputs[0], second.Inputs[0]]);
        both.TargetsAfter.ShouldBe(second.TargetsAfter);
    }

    [Fact]
    public void The_order_of_the_noise_words_changes_no_bit_of_how_they_move()
    {
        float[][] x = Some(5, 40, 3), y = Some(9, 40, 4);

        OneWindow.Moved forward = OneWindow.Step(x, y, Rate), backward = OneWindow.Step(x, [y[0], .. y[1..].Reverse()], Rate);

        backward.TargetsAfter.ShouldBe([forward.TargetsAfter[0], .. forward.TargetsAfter[1..].Reverse()]);
    }

    [Fact]
    public void A_rate_of_zero_measures_and_moves_nothing()
    {
        float[][] x = Some(3, 20, 5), y = Some(9, 20, 6);

        OneWindow.Moved moved = OneWindow.Step(x, y, 0);

        moved.Loss.ShouldBe(OneWindow.ByDifferences(x, y, 0).Loss, 2e-5);
        moved.Inputs.ShouldAllBe(move => move.All(number => number == 0));
        moved.TargetsAfter.ShouldBe(y);
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

    private static void ShouldBe(float[][] moves, float[][] wanted)
    {
        for (int row = 0; row < moves.Length; row++)
            for (int i = 0; i < moves[row].Length; i++) moves[row][i].ShouldBe(wanted[row][i], 5e-7f);
    }

    private static float[][] Some(int rows, int width, long major) =>
    [
        .. Enumerable.Range(0, rows).Select(row =>
        {
            RandomStream stream = RandomStream.At(3, RandomPurpose.Initialize, major, row);
            return Enumerable.Range(0, width).Select(_ => (float)(0.4 * stream.NextGaussian())).ToArray();
        }),
    ];

    private static float[][] Floats(JsonElement rows) => [.. rows.EnumerateArray().Select(row => row.EnumerateArray().Select(number => number.GetSingle()).ToArray())];
}
