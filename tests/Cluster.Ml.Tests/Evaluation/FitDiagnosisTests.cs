using Cluster.Ml.Evaluation;

namespace Cluster.Ml.Tests.Evaluation;

public sealed class FitDiagnosisTests
{
    [Theory]
    [InlineData(1.0, 0.97, 270, 0.1, Fit.JustRight)]        // a gap, but of 3 % of what there is to get wrong
    [InlineData(1.0, 0.70, 270, 0.1, Fit.Overfitting)]
    [InlineData(0.40, 0.39, 270, 0.1, Fit.Underfitting)]
    [InlineData(0.45, 0.15, 270, 0.1, Fit.Both)]
    [InlineData(1.0, 0.80, 10, 0.5, Fit.JustRight)]         // two errors of ten rows are random
    [InlineData(0.95, 0.95, 1000, 0.95, Fit.Underfitting)]  // says the most frequent class
    [InlineData(1.0, 1.0, 38, 0.33, Fit.JustRight)]
    public void Accuracies_are_judged_by_what_a_constant_gets_wrong(double training, double heldOut, int rows, double constant, Fit wanted)
    {
        FitDiagnosis diagnosis = FitDiagnosis.OfAccuracy(training, heldOut, rows, constant)!;

        diagnosis.Verdict.ShouldBe(wanted);
        diagnosis.TrainingError.ShouldBe((1 - training) / (1 - constant), 1e-12);
        diagnosis.Reasons.Count.ShouldBe(2);
        diagnosis.Remedies.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(0.52, 0.47, 88, Fit.JustRight)]
    [InlineData(0.99, 0.40, 88, Fit.Overfitting)]
    [InlineData(0.10, 0.09, 88, Fit.Underfitting)]
    [InlineData(0.30, -2.0, 1000, Fit.Both)]
    public void R2_is_judged_by_the_variance_that_is_left(double training, double heldOut, int rows, Fit wanted) =>
        FitDiagnosis.OfR2(training, heldOut, rows)!.Verdict.ShouldBe(wanted);

    [Fact]
    public void The_noise_is_two_standard_errors()
    {
        FitDiagnosis.OfAccuracy(1, 0.9, 100, 0.5)!.Noise.ShouldBe(2 * Math.Sqrt(0.1 * 0.9 / 100) / 0.5, 1e-15);
        FitDiagnosis.OfR2(1, 0.5, 50)!.Noise.ShouldBe(2 * 0.5 * Math.Sqrt(2.0 / 50), 1e-15);
    }

    [Fact]
    public void Nothing_is_said_where_nothing_can_be()
    {
        FitDiagnosis.OfAccuracy(1, 1, 0, 0.5).ShouldBeNull();
        FitDiagnosis.OfAccuracy(1, 1, 10, 1).ShouldBeNull();
        FitDiagnosis.OfAccuracy(double.NaN, 1, 10, 0.5).ShouldBeNull();
        FitDiagnosis.OfR2(0.5, double.NaN, 1).ShouldBeNull();
    }
}
