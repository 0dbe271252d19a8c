using Cluster.Ml.Data;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Nn.Losses;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn;

/// <summary>Asks a network about rows, without learning from them.</summary>
internal sealed class NetworkReader
{
    /// <summary>The most rows that pass through the network at a time; no result depends on it.</summary>
    private const int RowsMax = 256;

    /// <summary>Numbers that the buffers of these rows may hold: 16 MiB, so that large networks read fewer rows at a time.</summary>
    private const int NumbersMax = 4 << 20;

    private readonly NetworkLearner _learner;
    private readonly NetworkModel _model;
    private readonly NetworkPass _pass;
    private readonly RowRandom? _random;
    private readonly int _rowsAtATime;

    public NetworkReader(NetworkLearner learner)
    {
        (_learner, _model) = (learner, learner.Model);
        _pass = new NetworkPass(_model.Asked);
        _rowsAtATime = Math.Clamp(NumbersMax / _pass.NumbersPerRow, 1, RowsMax);
        if (_model.Quality.DrawsRandom)
            _random = new RowRandom(learner.Spec.Seed, _model.RandomPerRow) { Training = false, ExampleIds = new int[_rowsAtATime] };
    }

    public void Evaluate(NumericBuffer state, RowRange rows, Span<double> sums)
    {
        ReadOnlySpan<int> order = rows.Order.Span;
        for (int first = 0; first < rows.Count; first += _rowsAtATime)
        {
            int count = Read(state, rows, first);
            for (int row = 0; row < count; row++) _model.Quality.Add(sums, _pass, row, Target.Of(rows.Table, order[first + row]));
        }
    }

    public void Predict(NumericBuffer state, RowRange rows, Span<double> predictions, Span<double> scores)
    {
        int classes = scores.IsEmpty || rows.Count == 0 ? 0 : scores.Length / rows.Count;
        for (int first = 0; first < rows.Count; first += _rowsAtATime)
        {
            int count = Read(state, rows, first);
            for (int row = 0; row < count; row++)
                predictions[first + row] = _model.Quality.Predict(
                    _pass, row, Target.Of(rows.Table, rows.Order.Span[first + row]), scores.Slice((first + row) * classes, classes));
        }
    }

    private int Read(NumericBuffer state, RowRange rows, int first)
    {
        _learner.Require(state, _learner.StateLength, "state");
        int count = Math.Min(_rowsAtATime, rows.Count - first);
        _pass.Begin(count);
        Span<float> inputs = _pass.Inputs;
        ReadOnlySpan<int> order = rows.Order.Span;
        for (int row = 0; row < count; row++)
        {
            rows.Table.CopyFloats(order[first + row], inputs[(row * rows.Table.Columns)..]);
            if (_random is not null) _random.ExampleIds[row] = order[first + row];
        }
        _pass.Forward(state.Floats, _random);
        return count;
    }
}
