using Cluster.Ml.Learning;

namespace Cluster.Ml.Compression;

/// <summary>How a learner carries what a micro-batch leaves out of its contributions: within windows of steps, and never over their ends.</summary>
/// <remarks>
/// Equation  v(m, t) = g(m, t) + e(m, t);  sent = top-k of v, or v rounded;  e(m, t + 1) = v − sent;  e = 0 at the beginning of a window.
///           The last step of a window sends v itself, or v rounded at random: Σ sent over a window = Σ g, but for that one rounding
/// Range     windows of <paramref name="Window"/> steps from the beginning of each epoch. The last step of an epoch, which may have
///           fewer rows, is a separate window, so that nothing that other steps left out is divided by its number of rows
/// Source    Stich, Cordonnier, Jaggi, "Sparsified SGD with Memory", NeurIPS 2018, algorithm 1; Seide et al., Interspeech 2014; Karimireddy
///           et al., "Error Feedback Fixes SignSGD", ICML 2019
/// Differs   from the papers in that the memory is a micro-batch's, not a machine's, and is emptied at the end of each window: between
///           two windows the model alone says how training goes on
/// </remarks>
/// <param name="Window">Steps of a window, at least 1.</param>
/// <param name="Length">Numbers of a residual.</param>
public sealed record FeedbackPlan(int Window, int Length)
{
    /// <summary>Whether nothing is carried into this step.</summary>
    public bool Begins(in StepContext step) => step.StepInEpoch % Window == 0 || step.StepInEpoch >= step.StepsPerEpoch - 1;

    /// <summary>Whether nothing is carried out of this step.</summary>
    public bool Ends(in StepContext step) => Begins(step with { Step = step.Step + 1 }) || step.StepInEpoch >= step.StepsPerEpoch - 1;

    /// <summary>Where the window before began, seen from a step that begins one and is no epoch's first.</summary>
    public long BeginningBefore(in StepContext step) => step.Step - step.StepInEpoch + ((step.StepInEpoch - 1) / Window * Window);

    /// <summary>Room for what one micro-batch carries.</summary>
    public Residual CreateResidual() => new(Length);
}
