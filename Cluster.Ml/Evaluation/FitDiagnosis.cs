using System.Globalization;

namespace Cluster.Ml.Evaluation;

/// <summary>How a model fits.</summary>
public enum Fit
{
    /// <summary>It learned too little of its training rows.</summary>
    Underfitting,

    /// <summary>It learned its training rows, and does about as well on others.</summary>
    JustRight,

    /// <summary>It does much better on its training rows than on others.</summary>
    Overfitting,

    /// <summary>It learned too little, and part of that holds for its training rows alone.</summary>
    Both,
}

/// <summary>Whether a model underfits or overfits, and what helps.</summary>
/// <param name="Verdict">Which.</param>
/// <param name="TrainingError">Of the training rows, as a share of the error of a model that knows only the targets.</param>
/// <param name="HeldOutError">The same of rows that it has not learned from.</param>
/// <param name="Noise">Two standard errors of the held-out error.</param>
/// <remarks>
/// Equation  t = E(training) / E₀, h = E(held out) / E₀, E₀ the error of the best constant: the most frequent class, or the mean.
///           Underfitting: t &gt; ½.  Overfitting: h − t &gt; max(⅒, 2σ), σ the standard error of h over its n rows:
///           √(h·E₀(1 − h·E₀)/n) / E₀ of classes, h·√(2/n) of numbers with normal errors
/// Units     E is the share of rows whose class is wrong, or the share of the variance that is unexplained (E₀ = 1)
/// Range     undefined, and null, without training rows, held-out rows, or where the constant is never wrong
/// Source    Ng, Machine Learning Yearning (2018), ch. 20 to 23: training error for bias, the gap to held-out error for variance;
///           Goodfellow, Bengio, Courville, Deep Learning (2016), §§ 5.2, 11.3. Neither gives thresholds: ½ and ⅒ are this library's choice
/// Differs   from Ng's optimal error, which nobody knows: where targets are noise in part no model gets below ½, and "underfitting" is wrong
/// </remarks>
public sealed record FitDiagnosis(Fit Verdict, double TrainingError, double HeldOutError, double Noise)
{
    /// <summary>Above this share of the constant's error the training rows are not learned.</summary>
    public const double LearnedShare = 0.5;

    /// <summary>A gap up to this share of the constant's error is none to act on.</summary>
    public const double GapShare = 0.1;

    /// <summary>Of a classifier; null if it is undefined.</summary>
    /// <param name="training">Accuracy on training rows.</param>
    /// <param name="heldOut">Accuracy on other rows.</param>
    /// <param name="heldOutRows">How many those are.</param>
    /// <param name="constant">Accuracy of saying the most frequent class of the training rows.</param>
    public static FitDiagnosis? OfAccuracy(double training, double heldOut, int heldOutRows, double constant)
    {
        if (heldOutRows < 1 || !(constant < 1) || !double.IsFinite(training) || !double.IsFinite(heldOut)) return null;
        double worst = 1 - constant, wrong = 1 - heldOut;
        return Of((1 - training) / worst, wrong / worst, Math.Sqrt(wrong * (1 - wrong) / heldOutRows) / worst);
    }

    /// <summary>Of a regression; null if it is undefined.</summary>
    /// <param name="training">R² on training rows.</param>
    /// <param name="heldOut">R² on other rows.</param>
    /// <param name="heldOutRows">How many those are.</param>
    public static FitDiagnosis? OfR2(double training, double heldOut, int heldOutRows) =>
        heldOutRows < 1 || !double.IsFinite(training) || !double.IsFinite(heldOut) ? null
            : Of(1 - training, 1 - heldOut, (1 - heldOut) * Math.Sqrt(2.0 / heldOutRows));

    /// <summary>In words, a sentence each: the verdict, then what it is based on.</summary>
    public IReadOnlyList<string> Reasons =>
    [
        Verdict switch
        {
            Fit.Underfitting => "Underfitting: the model has learned too little of its training rows.",
            Fit.Overfitting => "Overfitting: the model does much better on its training rows than on others.",
            Fit.Both => "Underfitting and overfitting: the model has learned too little, and part of that holds for its training rows alone.",
            _ => "Just right: the model does about as well on other rows as on those it has learned from.",
        },
        string.Create(CultureInfo.InvariantCulture,
            $"Of the error of the best constant answer, {100 * TrainingError:F1} % are left on training rows and {100 * HeldOutError:F1} % on others (give or take {100 * Noise:F1})."),
    ];

    /// <summary>What helps, the most promising first.</summary>
    public IReadOnlyList<string> Remedies => Verdict switch
    {
        Fit.Underfitting => s_againstBias,
        Fit.Overfitting => s_againstVariance,
        Fit.Both => [.. s_againstVariance.Take(1), .. s_againstBias],
        _ => ["Measure it on new rows; to get further, search its settings (tune), or learn from more rows."],
    };

    private static readonly string[] s_againstBias =
    [
        "Train longer, or raise the learning rate, while the training loss still falls.",
        "Take a larger model: more or wider layers, a deeper tree, more components, a kernel.",
        "Penalise less: lower model.alpha, training.regularize or dropout.",
        "Give it better columns; scale them (data.scale: standard). Targets that are noise in part cannot be learned by any model.",
    ];

    private static readonly string[] s_againstVariance =
    [
        "Learn from more rows, or from changed copies of them (data.augment of images).",
        "Penalise more: raise model.alpha or training.regularize, add dropout.",
        "Stop earlier (training.early-stopping, with data.split.validation).",
        "Take a smaller model: fewer layers, a shallower or pruned tree, a forest in place of a tree, fewer columns.",
    ];

    private static FitDiagnosis Of(double training, double heldOut, double error)
    {
        bool unlearned = training > LearnedShare, gap = heldOut - training > Math.Max(GapShare, 2 * error);
        return new FitDiagnosis((unlearned, gap) switch
        {
            (true, true) => Fit.Both,
            (true, false) => Fit.Underfitting,
            (false, true) => Fit.Overfitting,
            _ => Fit.JustRight,
        }, training, heldOut, 2 * error);
    }
}
