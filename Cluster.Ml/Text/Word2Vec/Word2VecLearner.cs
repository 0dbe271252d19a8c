using System.Globalization;
using System.Numerics.Tensors;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Text.Word2Vec;

/// <summary>Word2Vec: vectors of words by skip-gram or CBOW with negative sampling.</summary>
/// <remarks>
/// Objective    Σ over windows of −ln σ(⟨x, y⟩) − Σ over noise words ln σ(−⟨x, y′⟩); x: the input vector of a word nearby (skip-gram),
///              or the mean of all of them (CBOW); y: the output vector of the word in the middle
/// Shapes       see EmbeddingLayout; a contribution holds the rows that its passages touch, and no others
/// Update       a micro-batch walks from the published vectors, one step of gradient descent a window, and contributes the
///              displacement Δₘ of each row and how many terms nₘ moved it; w += s·Σₘ Δₘ, s = h(Σₘ nₘ) / Σₘ h(nₘ),
///              h(n) = n / (1 + c·n), c = η/4: s is 1 if one micro-batch alone moved the row, near 1 for rare words, and near
///              1/M for words so frequent that each micro-batch alone brings them to convergence
/// Determinism  randomness depends on (seed, epoch, position in the text); the walk of a micro-batch on nothing but the state and its passages
/// Complexity   6·(inputs)·(1 + negatives)·width operations a window; rows that are not touched cost nothing
/// Source       Mikolov, Sutskever, Chen, Corrado, Dean, "Distributed Representations of Words and Phrases and their
///              Compositionality", NIPS 2013, § 2; Mikolov, Chen, Corrado, Dean, "Efficient Estimation of Word Representations in Vector
///              Space", ICLR 2013, § 3
/// Differs      from the authors' program in that the noise words of a window are shared by its inputs and all different (Ji et al.,
///              2016), and that micro-batches do not see each other's steps; like it, CBOW gives each input the whole gradient of the mean
/// </remarks>
public sealed class Word2VecLearner : ILearner, IVaryingLength
{
    internal const int LossSum = 0, Windows = 1;
    private const float PacePerRate = 0.25f;     // the steepest that ln σ bends, for vectors of length 1
    private const int NearestShown = 5, WordsShown = 8;
    private readonly EmbeddingUpdate _update;

    internal Word2VecLearner(EmbeddingPlan plan, long passagesAStep)
    {
        Plan = plan;
        int words = plan.Counts.Count;
        Layout = new EmbeddingLayout(words, plan.Embedding.Dimensions, (int)Math.Min(2L * words, passagesAStep * plan.RowsOfPassage));
        Noise = new NegativeSampler(plan.Counts);
        _update = new EmbeddingUpdate(Layout);
    }

    /// <inheritdoc/>
    public NumberKind Numbers => NumberKind.Float32;

    /// <inheritdoc/>
    public int StateLength => Layout.StateLength;

    /// <inheritdoc/>
    public int OptimizerStateLength => 0;

    /// <inheritdoc/>
    public int ContributionLength => Layout.ContributionLength;

    /// <inheritdoc/>
    public int LeastLength => EmbeddingLayout.Lane;

    /// <inheritdoc/>
    public int StatisticsStart => 0;

    /// <inheritdoc/>
    public int EvaluationLength => 2;

    /// <inheritdoc/>
    public bool FullBatch => false;

    internal EmbeddingPlan Plan { get; }

    internal EmbeddingLayout Layout { get; }

    internal NegativeSampler Noise { get; }

    private WordCounts? Words { get; init; }

    /// <summary>The learner of a job of kind word2vec.</summary>
    /// <exception cref="BadInputException">There are too many words or dimensions.</exception>
    public static Word2VecLearner Create(JobSpec spec, DataShape shape)
    {
        EmbeddingPlan plan = EmbeddingPlan.For(spec, shape);
        double numbers = 2.0 * plan.Counts.Count * (plan.Embedding.Dimensions + (2 * EmbeddingLayout.Lane));
        if (numbers > NumericBuffer.LengthMax)
            throw new BadInputException(spec.Data.Source, null, null, $"words x dimensions of at most {NumericBuffer.LengthMax / 2}", $"{plan.Counts.Count} words", "raise data.minimum-count, or lower model.dimensions");
        if ((double)plan.Counts.Sum() * 2 * plan.Embedding.Negatives > int.MaxValue)
            throw new BadInputException(spec.Data.Source, null, null, $"words x model.negatives of at most {int.MaxValue / 2}", $"{plan.Counts.Sum()} words", "use a shorter text, or lower model.negatives");
        return new Word2VecLearner(plan, spec.Training.Batch) { Words = shape.Words };
    }

    /// <inheritdoc/>
    public void Initialize(NumericBuffer state, NumericBuffer optimizerState)
    {
        state.Clear();
        for (int word = 0; word < Layout.Words; word++)
        {
            Span<float> vector = state.Floats.Slice(word * Layout.Width, Layout.Dimensions);
            Philox.FillUniform(vector, Plan.Seed, RandomPurpose.Initialize, 0, (long)word * Layout.Dimensions);
            foreach (ref float number in vector) number = (number - 0.5f) / Layout.Dimensions;
        }
    }

    /// <inheritdoc/>
    public IContributor CreateContributor() => new Word2VecContributor(this);

    /// <inheritdoc/>
    public void Combine(NumericBuffer left, NumericBuffer right) =>
        new EmbeddingSum(Layout, left.Floats).Merge(new EmbeddingSum(Layout, right.Floats));

    /// <inheritdoc/>
    public int UsedLength(NumericBuffer contribution) => new EmbeddingSum(Layout, contribution.Floats).UsedLength;

    /// <inheritdoc/>
    public bool IsSound(NumericBuffer contribution, int length) => new EmbeddingSum(Layout, contribution.Floats).IsSound(length);

    /// <inheritdoc/>
    public UpdateOutcome Update(NumericBuffer state, NumericBuffer optimizerState, NumericBuffer sum, in StepContext step) =>
        Update(new UpdateBuffers(state, state, optimizerState, sum), step, PartsInTurn.Instance);

    /// <inheritdoc/>
    public UpdateOutcome Update(in UpdateBuffers buffers, in StepContext step, IPartRunner runner)
    {
        Span<float> statistics = new EmbeddingSum(Layout, buffers.Sum.Floats).Statistics;
        if (buffers.Rest is { } rest) TensorPrimitives.Add(statistics, new EmbeddingSum(Layout, rest.Floats).Statistics, statistics);
        double loss = statistics[StepStatistics.LossSum], examples = statistics[StepStatistics.Examples];
        if (!double.IsFinite(loss)) throw new DivergedException(step.Step, "loss", $"{loss}");
        if (_update.Run(buffers, PaceAt(Plan.RateAt(step)), runner) is { } row)
            throw new DivergedException(step.Step, $"vector of '{Words?.Texts[row % Layout.Words] ?? $"word {row % Layout.Words}"}'", "new numbers that are not");
        return new UpdateOutcome(false, examples > 0 ? loss / examples : 0, (long)examples);
    }

    /// <inheritdoc/>
    public Metrics Measure(ReadOnlySpan<double> evaluationSums) => evaluationSums[Windows] == 0
        ? Metrics.None
        : new([KeyValuePair.Create("loss", evaluationSums[LossSum] / evaluationSums[Windows])]);

    /// <inheritdoc/>
    public ModelSummary Summarize(NumericBuffer state)
    {
        NearestWords nearest = VectorsOf(state);
        IEnumerable<int> frequent = Enumerable.Range(0, Layout.Words).Where(word => Plan.Counts[word] > 0).Take(WordsShown);
        return new ModelSummary(
            string.Create(CultureInfo.InvariantCulture, $"word2vec: {Plan.Counts.Count(count => count > 0)} words in {Layout.Dimensions} dimensions by {Plan.Embedding.Architecture}"),
            ["word", "count", "nearest words"],
            [.. frequent.Select(word => (IReadOnlyList<string>)[
                Words!.Texts[word], Plan.Counts[word].ToString(CultureInfo.InvariantCulture),
                string.Join(", ", nearest.Of(Words.Texts[word], NearestShown).Select(near => near.Word))])],
            ["--nearest WORD and --analogy A,B,C ask for others"]);
    }

    /// <summary>The words' vectors, to be compared.</summary>
    public NearestWords VectorsOf(NumericBuffer state) => new(Words!, state.Floats[..(Layout.Words * Layout.Width)], Layout.Width);

    /// <summary>A word's vector, of its number, [dimensions].</summary>
    public ReadOnlySpan<float> VectorOf(NumericBuffer state, int word) => state.Floats.Slice(word * Layout.Width, Layout.Dimensions);

    /// <summary>c of the update, of a learning rate.</summary>
    internal static float PaceAt(float rate) => PacePerRate * rate;

    /// <summary>h(n) of the update.</summary>
    internal static float ShareOf(float terms, float pace) => terms / (1 + (pace * terms));
}
