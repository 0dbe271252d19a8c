using Cluster.Ml.Data;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Security.Attacks;

/// <summary>A trained model of classes as an attacker meets it: rows in the source's own units go in; it counts what it is asked.</summary>
/// <remarks>
/// Equation  scaled x̃ = (x − o) / d by column;  ∂L/∂x = (∂L/∂x̃) / d
/// Range     an attack's rows stay in [<see cref="Low"/>, <see cref="High"/>]. One thread
/// </remarks>
internal sealed class AttackedModel
{
    private const int RowsAtOnce = 256;

    private readonly ILearner _learner;
    private readonly NumericBuffer _state;
    private readonly IContributor _contributor;
    private readonly IInputGradient? _gradient;
    private readonly double[] _offsets, _divisors;
    private readonly float[] _low, _high;
    private float[] _scaled = [], _logits = [], _logitGradients = [];

    /// <param name="learner">The learner of the model.</param>
    /// <param name="state">Its trained state.</param>
    /// <param name="classes">How many classes it tells apart.</param>
    /// <param name="units">From the attacker's units to the model's, and the range of the data.</param>
    public AttackedModel(ILearner learner, NumericBuffer state, int classes, AttackUnits units)
    {
        (_learner, _state, Classes) = (learner, state, classes);
        (_offsets, _divisors, _low, _high) = (units.Offsets, units.Divisors, units.Low, units.High);
        _contributor = learner.CreateContributor();
        if (learner is IInputGradients { WithoutInputGradient: null } gradients) _gradient = gradients.CreateInputGradient(state);
    }

    /// <summary>Writes the gradient of something by the logits of a row.</summary>
    public delegate void LogitGradient(int row, ReadOnlySpan<float> logits, Span<float> gradient);

    public int Columns => _low.Length;

    public int Classes { get; }

    /// <summary>Least value of each column.</summary>
    public ReadOnlySpan<float> Low => _low;

    /// <summary>Greatest value of each column.</summary>
    public ReadOnlySpan<float> High => _high;

    /// <summary>The image that a row is, or null.</summary>
    public ImageShape? Image { get; init; }

    /// <summary>Whether it tells gradients.</summary>
    public bool HasGradients => _gradient is not null;

    /// <summary>Rows that it was asked about.</summary>
    public long Queries { get; private set; }

    /// <summary>Rows whose gradient was taken.</summary>
    public long Gradients { get; private set; }

    /// <summary>A model that the attacker has, and whose gradients it may follow in the place of this one's.</summary>
    public AttackedModel? Substitute { get; init; }

    /// <summary>The class of each row, [n], overwritten.</summary>
    public void Predict(ReadOnlySpan<float> rows, Span<int> classes) => Ask(rows, classes, []);

    /// <summary>The probability of each class for each row, [n × classes], overwritten.</summary>
    public void Scores(ReadOnlySpan<float> rows, Span<double> scores) => Ask(rows, [], scores);

    /// <summary>The gradient by each row of what the caller takes of its logits, [n × columns], overwritten.</summary>
    public void GradientsOf(ReadOnlySpan<float> rows, LogitGradient of, Span<float> gradients)
    {
        IInputGradient follow = _gradient ?? throw new InvalidOperationException("AttackedModel: wanted a model with gradients by its rows, got one without.");
        int count = rows.Length / Columns, atOnce = Math.Min(count, follow.RowsMax);
        Grow(atOnce);
        for (int first = 0; first < count; first += atOnce)
        {
            int some = Math.Min(atOnce, count - first);
            Scale(rows.Slice(first * Columns, some * Columns), _scaled);
            follow.Forward(_scaled, some, _logits);
            for (int row = 0; row < some; row++)
                of(first + row, _logits.AsSpan(row * Classes, Classes), _logitGradients.AsSpan(row * Classes, Classes));
            Span<float> part = gradients.Slice(first * Columns, some * Columns);
            follow.Backward(_logitGradients.AsSpan(0, some * Classes), part);
            for (int start = 0; start < part.Length; start += Columns)
                for (int c = 0; c < _divisors.Length; c++) part[start + c] = (float)(part[start + c] / _divisors[c]);
        }
        Queries += count;
        Gradients += count;
    }

    private void Ask(ReadOnlySpan<float> rows, Span<int> classes, Span<double> scores)
    {
        int count = rows.Length / Columns;
        double[] said = new double[Math.Min(count, RowsAtOnce)];
        for (int first = 0; first < count; first += RowsAtOnce)
        {
            int some = Math.Min(RowsAtOnce, count - first);
            NumericBuffer features = new(_learner.Numbers, some * Columns);
            ReadOnlySpan<float> part = rows.Slice(first * Columns, some * Columns);
            if (_learner.Numbers == NumberKind.Float32) Scale(part, features.Floats);
            else Scale(part, features.Doubles);
            RowRange range = new(new RowTable(features, Columns, []), Enumerable.Range(0, some).ToArray());
            _contributor.Predict(_state, range, said.AsSpan(0, some), scores.IsEmpty ? [] : scores.Slice(first * Classes, some * Classes));
            for (int row = 0; row < some && !classes.IsEmpty; row++) classes[first + row] = (int)said[row];
        }
        Queries += count;
    }

    private void Grow(int rows)
    {
        if (_scaled.Length >= rows * Columns) return;
        _scaled = new float[rows * Columns];
        (_logits, _logitGradients) = (new float[rows * Classes], new float[rows * Classes]);
    }

    private void Scale(ReadOnlySpan<float> rows, Span<float> to)
    {
        for (int start = 0; start < rows.Length; start += Columns)
            for (int c = 0; c < _divisors.Length; c++) to[start + c] = (float)((rows[start + c] - _offsets[c]) / _divisors[c]);
    }

    private void Scale(ReadOnlySpan<float> rows, Span<double> to)
    {
        for (int start = 0; start < rows.Length; start += Columns)
            for (int c = 0; c < _divisors.Length; c++) to[start + c] = (rows[start + c] - _offsets[c]) / _divisors[c];
    }
}
