using Cluster.Ml.Nn.Losses;

namespace Cluster.Ml.Tests.Nn.Losses;

public class LossTests
{
    private static readonly Loss Softmax = new SoftmaxCrossEntropy(), Sigmoid = new SigmoidCrossEntropy(), Squared = new SquaredError(), Perceptron = new PerceptronCriterion();

    [Fact]
    public void Losses_and_gradients_are_those_of_pytorch()
    {
        GoldenLoss[] goldens = GoldenNn.Read().Losses;
        goldens.Length.ShouldBe(42);
        foreach (GoldenLoss golden in goldens)
        {
            Loss loss = golden.Kind switch { "softmax" => Softmax, "sigmoid" => Sigmoid, "perceptron" => Perceptron, _ => Squared };
            float[] gradient = new float[golden.Outputs.Length];
            double value = loss.Row(golden.Outputs, golden.Target, gradient);
            value.ShouldBe(golden.Loss, 3e-7 * Math.Max(1e-3, golden.Loss), golden.ToString());
            for (int i = 0; i < gradient.Length; i++)
                ((double)gradient[i]).ShouldBe(golden.Gradient[i], 2e-7 * Math.Max(1, Math.Abs(golden.Gradient[i])), golden.ToString());
        }
    }

    [Fact]
    public void Gradients_agree_with_central_differences()
    {
        float[] outputs = [0.5f, -1.25f, 2, 0.125f];
        Check(Softmax, outputs, 2);
        Check(Sigmoid, [0.75f], 0);
        Check(Sigmoid, [-1.5f], 1);
        Check(Squared, [3.5f], -1.25);
        foreach (float z in new[] { 1.5f, -1.5f, 1 / 32f, -1 / 32f })        // further from the kink than the step
        {
            Check(Perceptron, [z], 0);
            Check(Perceptron, [z], 1);
        }

        static void Check(Loss loss, float[] outputs, double target)
        {
            float[] gradient = new float[outputs.Length];
            loss.Row(outputs, target, gradient);
            const float h = 1 / 64f;                                        // exact in binary; the error is O(h²)
            for (int i = 0; i < outputs.Length; i++)
            {
                float[] up = [.. outputs], down = [.. outputs];
                up[i] += h;
                down[i] -= h;
                double slope = (loss.Row(up, target, []) - loss.Row(down, target, [])) / (2 * h);
                ((double)gradient[i]).ShouldBe(slope, 5e-5);
            }
        }
    }

    [Fact]
    public void A_shift_of_all_logits_changes_neither_loss_nor_gradient()
    {
        float[] near = [1, 2, 4], far = [1 + 1048576, 2 + 1048576, 4 + 1048576], nearGradient = new float[3], farGradient = new float[3];
        Softmax.Row(far, 1, farGradient).ShouldBe(Softmax.Row(near, 1, nearGradient));
        farGradient.ShouldBe(nearGradient);
    }

    [Fact]
    public void Equal_logits_of_any_size_cost_the_logarithm_of_their_number()
    {
        foreach (float size in new[] { 0, 1e-20f, -1e20f, 3e38f })
            for (int classes = 1; classes <= 40; classes++)
                Softmax.Row([.. Enumerable.Repeat(size, classes)], classes - 1, []).ShouldBe(Math.Log(classes), 1e-7);
    }

    [Fact]
    public void Losses_stay_finite_for_huge_logits_and_pass_on_what_is_not_finite()
    {
        Softmax.Row([float.MaxValue, 0], 1, new float[2]).ShouldBe(float.MaxValue, 1e31);
        Sigmoid.Row([float.MaxValue], 0, new float[1]).ShouldBe(float.MaxValue, 1e31);
        Sigmoid.Row([float.MaxValue], 1, new float[1]).ShouldBe(0);
        double.IsNaN(Softmax.Row([float.NaN, 0, 1], 1, [])).ShouldBeTrue();
        double.IsFinite(Softmax.Row([float.PositiveInfinity, 0], 1, [])).ShouldBeFalse();
        double.IsNaN(Sigmoid.Row([float.NaN], 1, [])).ShouldBeTrue();
        double.IsNaN(Squared.Row([float.NaN], 1, [])).ShouldBeTrue();
    }

    [Fact]
    public void Predictions_are_the_likeliest_class_the_first_of_equals_and_scores_add_up_to_one()
    {
        double[] scores = new double[3];
        Softmax.Predict([1, 5, 5], scores).ShouldBe(1);
        scores.Sum().ShouldBe(1, 1e-15);
        scores[1].ShouldBe(1 / (2 + Math.Exp(-4)), 1e-15);

        double[] two = new double[2];
        Sigmoid.Predict([2], two).ShouldBe(1);
        two.ShouldBe([1 / (1 + Math.Exp(2)), 1 / (1 + Math.Exp(-2))], 1e-15);
        Sigmoid.Predict([0], []).ShouldBe(0);
        Squared.Predict([2.5f], []).ShouldBe(2.5);
    }
}
