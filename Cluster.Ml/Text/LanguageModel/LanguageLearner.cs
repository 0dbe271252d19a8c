using System.Globalization;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Optimizers;
using Cluster.Ml.Nn.Recurrent;
using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Text.LanguageModel;

/// <summary>A recurrent language model that learns to predict the next token of a text, by truncated back-propagation through time.</summary>
/// <remarks>
/// Equation   contribution = Σ gradients of −ln P(next token) over the windows of this step;  update: one
///            <see cref="OptimizerStep"/>
/// Shapes     state: <see cref="LanguageLayout"/>; optimizer state: the optimizer's vectors, then <see cref="GradientCells"/>; contribution: gradient, what each stream carries
///            on, the step's statistics
/// Range      step t of an epoch takes window t of every stream. The hidden state of a stream is not kept by the worker that computed it:
///            it comes back with the contribution, each stream's from exactly one micro-batch and zeros from the others, and is
///            published with the next state. So a step is a pure function of (state, rows, step), and may be repeated by any worker
/// Source     Elman (1990); Hochreiter and Schmidhuber (1997); Mikolov et al., "Recurrent neural network based language model" (2010)
/// </remarks>
public sealed class LanguageLearner : GradientLearner
{
    private readonly JobSpec _spec;

    private LanguageLearner(JobSpec spec, LanguageLayout layout)
        : base(new OptimizerStep(spec, layout.LayOutSteps(spec.Training.Optimizer.Create()))) => (_spec, Layout) = (spec, layout);

    /// <inheritdoc/>
    public override int EvaluationLength => LanguageSums.Length;

    internal LanguageLayout Layout { get; }

    /// <summary>The learner of a job of kind language-model.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="shape">Its classes are the vocabulary.</param>
    /// <exception cref="ArgumentException">The job is of another kind, or there is no vocabulary.</exception>
    public static LanguageLearner Create(JobSpec spec, DataShape shape)
    {
        if (shape.Classes.Count < 2) throw new ArgumentException($"LanguageLearner: wanted a vocabulary of at least 2 tokens, got {shape.Classes.Count}.", nameof(shape));
        return new LanguageLearner(spec, new LanguageLayout(spec.Model.As<LanguageOptions>(), shape.Classes.Count, spec.Training.Batch));
    }

    /// <inheritdoc/>
    public override void Initialize(NumericBuffer state, NumericBuffer optimizerState)
    {
        Require(state, StateLength, "state");
        Require(optimizerState, OptimizerStateLength, "optimizerState");
        state.Clear();
        optimizerState.Clear();
        Philox.FillGaussian(Layout.Embedding.Of(state.Floats), _spec.Seed, RandomPurpose.Initialize, Layout.Embedding.Index, 0);
        for (int layer = 0; layer < Layout.Recurrences.Length; layer++)
        {
            LanguageBlock block = Layout.RecurrentBlocks[layer];
            RecurrentStart.Fill(Layout.Recurrences[layer], block.Of(state.Floats), Layout.Spec.BeginsOrthogonal, _spec.Seed, block.Index);
        }
        RecurrentStart.FillUniform(
            Layout.Output.Of(state.Floats)[..Layout.Output.Weights], 1 / Math.Sqrt(Layout.Spec.Units), _spec.Seed, Layout.Output.Index);
    }

    /// <inheritdoc/>
    public override IContributor CreateContributor() => new LanguageContributor(this);

    /// <inheritdoc/>
    public override Metrics Measure(ReadOnlySpan<double> evaluationSums) => LanguageSums.Measure(evaluationSums);

    /// <inheritdoc/>
    public override ModelSummary Summarize(NumericBuffer state)
    {
        static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
        List<IReadOnlyList<string>> rows = [["tokens", "", "0"]];
        foreach (LanguageBlock block in Layout.Blocks)
            rows.Add([block.Name, Number(block == Layout.Embedding ? Layout.Spec.Embedding : block == Layout.Output ? Layout.Vocabulary : Layout.Spec.Units), Number(block.Count)]);
        rows.Add(["total", "", Number(Layout.ParameterCount)]);
        return new ModelSummary(
            $"{_spec.Model.Kind}: {Number(Layout.Vocabulary)} tokens, {Number(Layout.ParameterCount)} parameters", ["part", "output", "parameters"], rows,
            [$"{Layout.Streams} streams, cut off after {Layout.Spec.Window} tokens"]);
    }
}
