using Cluster.Ml.Data;
using Cluster.Ml.Data.Text;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Text.LanguageModel;

/// <summary>Computes gradients, evaluations and predictions of a language model on one thread.</summary>
/// <remarks>
/// A row is a window of a stream. While training, what a stream carries into its window comes with the published state and
/// goes back with the contribution; while measuring, it is handed from row to row of the range, so both are pure functions.
/// </remarks>
internal sealed class LanguageContributor(LanguageLearner learner) : IContributor
{
    /// <summary>The most streams that are measured side by side; no result depends on it.</summary>
    private const int StreamsAtOnce = 32;

    private readonly LanguageLayout _layout = learner.Layout;
    private readonly LanguagePass _pass = new(learner.Layout);
    private readonly int _time = learner.Layout.Spec.Window;
    private float[] _targets = [];
    private int[] _streams = [];
    private int[] _ends = [];
    private float[] _statistics = [];
    private float[] _carried = [];

    public void Contribute(NumericBuffer state, ReadOnlySpan<MicroBatch> subtree, NumericBuffer contribution, in StepContext step)
    {
        learner.Require(state, _layout.StateLength, "state");
        learner.Require(contribution, learner.ContributionLength, "contribution");
        if (!int.IsPow2(subtree.Length))
            throw new ArgumentException($"LanguageLearner: wanted a power of two of micro-batches, got {subtree.Length}.", nameof(subtree));

        int rows = Gather(state.Floats, subtree);
        if (rows == 0)
        {
            contribution.Clear();
            return;
        }
        ReadOnlySpan<float> parameters = state.Floats[.._layout.ParameterCount];
        Span<float> sums = contribution.Floats;
        ReadOnlySpan<int> ends = _ends.AsSpan(0, subtree.Length);
        _pass.Forward(parameters);
        Carry(sums[_layout.ParameterCount.._layout.StateLength]);
        Lose(_layout.Output.Of(parameters)[_layout.Output.Weights..], ends, sums[_layout.StateLength..], step);
        _pass.Backward(parameters, ends, sums[.._layout.ParameterCount]);
    }

    public void Evaluate(NumericBuffer state, RowRange rows, Span<double> sums)
    {
        learner.Require(state, _layout.StateLength, "state");
        List<(int First, int Count)> streams = StreamsOf(rows);
        for (int first = 0; first < streams.Count; first += StreamsAtOnce)
            MeasureStreams(state.Floats[.._layout.ParameterCount], rows, streams[first..Math.Min(streams.Count, first + StreamsAtOnce)], sums);
    }

    public void Predict(NumericBuffer state, RowRange rows, Span<double> predictions, Span<double> scores)
    {
        learner.Require(state, _layout.StateLength, "state");
        ReadOnlySpan<float> parameters = state.Floats[.._layout.ParameterCount], bias = _layout.Output.Of(parameters)[_layout.Output.Weights..];
        int vocabulary = _layout.Vocabulary;
        for (int row = 0; row < rows.Count; row++)
        {
            Begin(1);
            Read(rows.Table.FloatsOf(rows.Order.Span[row]), 0);
            _pass.SetStart(0, []);
            _pass.Forward(parameters);
            int last = Math.Max(0, LengthOf(_pass.Tokens) - 1);
            Span<float> next = _pass.Logits.Slice(last * vocabulary, vocabulary);
            SoftmaxRows.Normalize(next, bias);
            predictions[row] = Reductions.IndexOfMax(next);
            for (int token = 0; token < vocabulary && !scores.IsEmpty; token++) scores[(row * vocabulary) + token] = next[token];
        }
    }

    /// <summary>Copies the windows of all micro-batches into the pass, one after another, each with what its stream carries.</summary>
    private int Gather(ReadOnlySpan<float> state, ReadOnlySpan<MicroBatch> subtree)
    {
        if (_ends.Length < subtree.Length)
        {
            _ends = new int[subtree.Length];
            _statistics = new float[subtree.Length * StepStatistics.Length];
        }
        int rows = 0;
        for (int i = 0; i < subtree.Length; i++) _ends[i] = rows += subtree[i].Count;
        Begin(rows);
        int row = 0;
        foreach (MicroBatch batch in subtree)
            foreach (int position in batch.Positions.Span)
            {
                int place = batch.Shard.Rows[position];
                _streams[row] = batch.Shard.Ids[position] % _layout.Streams;
                Read(batch.Shard.Table.FloatsOf(place), row);
                bool fresh = batch.Shard.Table.Targets[place] == TextWindows.BeginsStream;
                _pass.SetStart(row, fresh ? [] : state.Slice(_layout.CarriedOffset(_streams[row]), _layout.CarriedPerStream));
                row++;
            }
        return rows;
    }

    private void Begin(int rows)
    {
        _pass.Begin(rows);
        if (_streams.Length >= rows) return;
        _streams = new int[rows];
        _targets = new float[rows * _time];
    }

    /// <summary>A row of the table holds one token more than the window: all but the last come in, all but the first are predicted.</summary>
    private void Read(ReadOnlySpan<float> window, int row)
    {
        window[.._time].CopyTo(_pass.Tokens[(row * _time)..]);
        window[1..].CopyTo(_targets.AsSpan(row * _time));
    }

    /// <summary>Writes what each stream carries on. A negative zero becomes a positive one, as adding the zeros of others makes it.</summary>
    private void Carry(Span<float> carried)
    {
        carried.Clear();
        for (int row = 0; row < _pass.Rows; row++)
        {
            Span<float> slot = carried.Slice(_streams[row] * _layout.CarriedPerStream, _layout.CarriedPerStream);
            _pass.CopyEnd(row, slot);
            foreach (ref float number in slot) number += 0f;
        }
    }

    /// <summary>Losses, and their gradients in place of the logits; the statistics of each micro-batch are added up as its gradient will be.</summary>
    private void Lose(ReadOnlySpan<float> bias, ReadOnlySpan<int> ends, Span<float> statistics, in StepContext step)
    {
        int token = 0;
        for (int batch = 0; batch < ends.Length; batch++)
        {
            double sum = 0;
            int count = 0, correct = 0;
            for (; token < ends[batch] * _time; token++)
            {
                Span<float> scores = _pass.Logits.Slice(token * bias.Length, bias.Length);
                if (_targets[token] < 0)
                {
                    scores.Clear();
                    continue;
                }
                sum += SoftmaxRows.LoseToGradient(scores, bias, (int)_targets[token], out bool highest);
                count++;
                correct += highest ? 1 : 0;
            }
            if (!float.IsFinite((float)sum)) throw new DivergedException(step.Step, _pass.FirstNotFinite() ?? "loss", $"a loss of {sum}");
            Span<float> tail = _statistics.AsSpan(batch * StepStatistics.Length, StepStatistics.Length);
            tail[StepStatistics.LossSum] = (float)sum;
            tail[StepStatistics.Examples] = count;
            tail[StepStatistics.Correct] = correct;
        }
        Span<int> leaves = stackalloc int[ends.Length];
        for (int i = 0; i < leaves.Length; i++) leaves[i] = i + 1;
        SegmentedSum.SumRows(_statistics, StepStatistics.Length, leaves, statistics);
    }

    /// <summary>Cuts a range into streams: runs of consecutive rows, of which only the first begins a stream.</summary>
    private static List<(int First, int Count)> StreamsOf(RowRange rows)
    {
        List<(int First, int Count)> streams = [];
        ReadOnlySpan<int> order = rows.Order.Span;
        for (int first = 0; first < order.Length;)
        {
            int end = first + 1;
            while (end < order.Length && order[end] == order[end - 1] + 1 && rows.Table.Targets[order[end]] != TextWindows.BeginsStream) end++;
            streams.Add((first, end - first));
            first = end;
        }
        return streams;
    }

    /// <summary>Measures streams side by side, window after window; the sums of each are added in the order of the streams.</summary>
    private void MeasureStreams(ReadOnlySpan<float> parameters, RowRange rows, List<(int First, int Count)> streams, Span<double> sums)
    {
        ReadOnlySpan<float> bias = _layout.Output.Of(parameters)[_layout.Output.Weights..];
        double[] streamSums = new double[streams.Count * LanguageSums.Length];
        int carriedPerStream = _layout.CarriedPerStream, longest = streams.Max(stream => stream.Count);
        if (_carried.Length < streams.Count * carriedPerStream) _carried = new float[StreamsAtOnce * carriedPerStream];
        for (int window = 0; window < longest; window++)
        {
            int[] active = [.. Enumerable.Range(0, streams.Count).Where(stream => streams[stream].Count > window)];
            Begin(active.Length);
            for (int row = 0; row < active.Length; row++)
            {
                Read(rows.Table.FloatsOf(rows.Order.Span[streams[active[row]].First + window]), row);
                _pass.SetStart(row, window == 0 ? [] : _carried.AsSpan(active[row] * carriedPerStream, carriedPerStream));
            }
            _pass.Forward(parameters);
            for (int row = 0; row < active.Length; row++)
            {
                _pass.CopyEnd(row, _carried.AsSpan(active[row] * carriedPerStream, carriedPerStream));
                MeasureRow(row, bias, streamSums.AsSpan(active[row] * LanguageSums.Length, LanguageSums.Length));
            }
        }
        for (int i = 0; i < streamSums.Length; i++) sums[i % LanguageSums.Length] += streamSums[i];
    }

    private void MeasureRow(int row, ReadOnlySpan<float> bias, Span<double> sums)
    {
        for (int token = row * _time; token < (row + 1) * _time; token++)
        {
            if (_targets[token] < 0) continue;
            sums[LanguageSums.Tokens]++;
            sums[LanguageSums.LossSum] += SoftmaxRows.Lose(_pass.Logits.Slice(token * bias.Length, bias.Length), bias, (int)_targets[token], out bool highest);
            if (highest) sums[LanguageSums.Correct]++;
        }
    }

    private static int LengthOf(ReadOnlySpan<float> tokens)
    {
        int length = 0;
        while (length < tokens.Length && tokens[length] >= 0) length++;
        return length;
    }
}
