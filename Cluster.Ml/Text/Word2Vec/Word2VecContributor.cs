using Cluster.Ml.Data;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Text.Word2Vec;

/// <summary>Walks over passages window by window, each step from the vectors that the one before left.</summary>
internal sealed unsafe class Word2VecContributor : LeafContributor
{
    private readonly EmbeddingPlan _plan;
    private readonly EmbeddingLayout _layout;
    private readonly bool _skipGram;
    private readonly PassageReader _reader;
    private readonly NegativeSampler _noise;
    private readonly LocalRows _rows;
    private readonly WindowStep _step;
    private readonly int[] _minors;
    private readonly ulong[] _random;
    private readonly nint[] _targets, _inputs;
    private readonly int[] _targetWords;

    public Word2VecContributor(Word2VecLearner learner)
        : base(learner)
    {
        (_plan, _layout, _skipGram) = (learner.Plan, learner.Layout, learner.Plan.Embedding.IsSkipGram);
        _reader = new PassageReader(_plan);
        _noise = learner.Noise;
        _rows = new LocalRows(_layout);
        _step = new WindowStep(_layout.Width, _skipGram ? 2 * _plan.Embedding.Window : 1);
        (_minors, _random) = (new int[_plan.Embedding.Negatives], new ulong[_plan.Embedding.Negatives]);
        (_targets, _targetWords, _inputs) = (new nint[_plan.Targets], new int[_plan.Targets], new nint[2 * _plan.Embedding.Window]);
    }

    public override void Evaluate(NumericBuffer state, RowRange rows, Span<double> sums)
    {
        fixed (float* numbers = state.Floats)
        {
            _rows.Begin(numbers, _layout.Rows);
            foreach (int row in rows.Order.Span)
                (sums[Word2VecLearner.LossSum], sums[Word2VecLearner.Windows]) = Walk(
                    rows.Table.FloatsOf(row), row, _plan.Epochs, 0, (sums[Word2VecLearner.LossSum], sums[Word2VecLearner.Windows]));
            _rows.Forget();
        }
    }

    public override void Predict(NumericBuffer state, RowRange rows, Span<double> predictions, Span<double> scores) =>
        throw new NotSupportedException("Word2VecContributor.Predict: wanted a model that says something of a row, got vectors of words; ask for their nearest words.");

    protected override void ContributeLeaf(NumericBuffer state, in MicroBatch leaf, NumericBuffer contribution, in StepContext step)
    {
        EmbeddingSum sum = new(_layout, contribution.Floats);
        float rate = _plan.RateAt(step);
        long words = 0;
        (double Loss, double Windows) walked = (0, 0);
        sum.Clear();
        fixed (float* numbers = state.Floats)
        {
            _rows.Begin(numbers, (int)Math.Min(_layout.Rows, (long)leaf.Count * _plan.RowsOfPassage));
            foreach (int position in leaf.Positions.Span)
            {
                int row = leaf.Shard.Rows[position];
                walked = Walk(leaf.Shard.Table.FloatsOf(row), row, step.Epoch, rate, walked);
                words += _reader.WordsRead;
            }
            _rows.WriteTo(sum, Word2VecLearner.PaceAt(rate));
        }
        sum.Statistics[StepStatistics.LossSum] = (float)walked.Loss;
        sum.Statistics[StepStatistics.Examples] = words;
    }

    /// <summary>One step a word of the passage that has others around it.</summary>
    private (double Loss, double Windows) Walk(ReadOnlySpan<float> passage, int row, int major, float rate, (double Loss, double Windows) sum)
    {
        _reader.Read(passage, row, major);
        for (int kept = 0; kept < _reader.Kept; kept++)
        {
            if (!_reader.IsCentre(kept)) continue;
            (int first, int end) = _reader.WindowOf(kept);
            if (end - first < 2) continue;
            int inputs = GatherInputs(kept, first, end), targets = DrawTargets(kept, major, inputs);
            sum.Loss += _step.Run(_skipGram ? inputs : 1, _targets.AsSpan(0, targets), rate);
            sum.Windows++;
            if (rate != 0) MoveInputs(inputs);
        }
        return sum;
    }

    /// <summary>The words around one: each an input of skip-gram, their mean the only one of CBOW.</summary>
    private int GatherInputs(int kept, int first, int end)
    {
        // A word of CBOW is one of several in a mean: a step along it moves what is scored by that share of the step alone.
        int count = 0, terms = _skipGram ? _plan.Targets : Math.Max(1, _plan.Targets / (end - first - 1));
        for (int other = first; other < end; other++)
        {
            if (other == kept) continue;
            float* vector = _rows.Touch(_reader.Words[other], terms);
            _inputs[count] = (nint)vector;
            Span<float> place = new(_step.InputAt(_skipGram ? count : 0), _layout.Width);
            if (_skipGram || count == 0) new ReadOnlySpan<float>(vector, _layout.Width).CopyTo(place);
            else WindowStep.Add(vector, _step.InputAt(0), _layout.Width);
            count++;
        }
        if (!_skipGram) Reductions.Scale(new Span<float>(_step.InputAt(0), _layout.Width), 1f / count);
        return count;
    }

    /// <summary>The true word, then noise: words that are drawn twice, or are the true one, count once.</summary>
    private int DrawTargets(int kept, int major, int inputs)
    {
        int position = _reader.PositionOf(kept), count = 1, terms = _skipGram ? inputs : 1;
        for (int i = 0; i < _minors.Length; i++) _minors[i] = (position * _plan.Embedding.Negatives) + i;
        Philox.FillFirst(_random, _plan.Seed, RandomPurpose.NoiseWord, major, _minors);
        _targetWords[0] = _reader.Words[kept];
        foreach (ulong bits in _random)
        {
            int word = _noise.Draw(bits);
            if (!_targetWords.AsSpan(0, count).Contains(word)) _targetWords[count++] = word;
        }
        for (int k = 0; k < count; k++) _targets[k] = (nint)_rows.Touch(_layout.Words + _targetWords[k], terms);
        return count;
    }

    private void MoveInputs(int inputs)
    {
        for (int n = 0; n < inputs; n++)
            WindowStep.Add(_step.DecisionOf(_skipGram ? n : 0), (float*)_inputs[n], _layout.Width);
    }
}
