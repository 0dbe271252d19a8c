using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Nn.Recurrent;

namespace Cluster.Ml.Nn.Layers;

/// <summary>What a job says about a recurrent layer over the moments of a row.</summary>
/// <param name="Cell">lstm or rnn.</param>
/// <param name="Units">Outputs of a moment.</param>
/// <param name="Time">Moments that a row is cut into; 0 for the first size of what comes in.</param>
/// <param name="All">Whether every moment's output goes on, and not the last alone.</param>
public sealed record RecurrentOptions(string Cell, int Units, int Time, bool All) : LayerSpec
{
    private const string EveryMoment = "all", LastMoment = "last";

    internal static readonly NamedChoice Lstm = Declare(LstmCell.CellName, "a recurrent layer of long short-term memory");

    internal static readonly NamedChoice Rnn = Declare(TanhCell.CellName, "a recurrent layer of Elman's kind");

    /// <inheritdoc/>
    public override string Kind => Cell;

    internal override Layer Create(TensorShape input) => new RecurrentLayer(input, Cell, Units, Time, All);

    private static NamedChoice Declare(string cell, string meaning) => new(cell, meaning, new KeySet<RecurrentOptions>(new(cell, 128, 0, false))
        .Whole(cell, "Outputs of a moment.", o => o.Units, (o, value) => o with { Units = value }, 1, JobDefaults.RecurrentUnitsMax, unit: "units").Required("64")
        .Whole("time", "Moments that a row is cut into.", o => o.Time, (o, value) => o with { Time = value }, 1, JobDefaults.WindowMax, unit: "moments")
        .Otherwise("the first size of what comes in", written: o => o.Time > 0)
        .Word(
            "output", "Whether the last moment's output goes on, or every moment's.", o => o.All ? EveryMoment : LastMoment,
            (o, value) => o with { All = value == EveryMoment }, [LastMoment, EveryMoment]));
}

/// <summary>A recurrent layer over the moments of a row, from zeros: many-to-one (its last output) or many-to-many (all of them).</summary>
/// <remarks>
/// Equation    <see cref="Recurrence"/> with h₀ = c₀ = 0;  y = h_T, or h₁ … h_T
/// Shapes      x [N, T, I] or [N, T·I] → y [N, H] or [N, T, H]; W [I, G·H], U [H, G·H], then b [G·H]
/// Parameters  <see cref="RecurrentStart"/>, uniform
/// Norms       those of <see cref="Recurrence"/>
/// Source      see <see cref="LstmCell"/> and <see cref="TanhCell"/>
/// </remarks>
internal sealed class RecurrentLayer : Layer
{
    private readonly Recurrence _recurrence;
    private readonly int _time;
    private readonly bool _all;

    /// <summary>A layer.</summary>
    /// <param name="input">What one row holds.</param>
    /// <param name="cell">rnn or lstm.</param>
    /// <param name="units">H.</param>
    /// <param name="time">T; 0 for the first size of a shape of several.</param>
    /// <param name="all">Whether every moment's output goes on, and not the last alone.</param>
    /// <exception cref="ArgumentException">The row cannot be cut into so many moments.</exception>
    public RecurrentLayer(TensorShape input, string cell, int units, int time, bool all)
        : base(input, all ? TensorShape.Of(TimeOf(input, cell, time), units) : TensorShape.Of(units))
    {
        _time = TimeOf(input, cell, time);
        _all = all;
        _recurrence = new Recurrence(CellRegistry.Of(cell), input.Count / _time, units, _time);
    }

    public override string Name => $"{_recurrence.Cell.Name} {_recurrence.Units}";

    public override int WeightCount => _recurrence.WeightCount;

    public override int ParameterCount => _recurrence.ParameterCount;

    // The outputs of all moments and their gradients, if only the last are given; then what the recurrence keeps.
    public override int SavedPerRow => (_all ? 0 : 2 * _time * _recurrence.Units) + _recurrence.SavedPerRow;

    public override bool ReadsOutputBackward => false;

    public override bool HasRowNorms => true;

    public override void Initialize(Span<float> parameters, ulong seed, int layer) =>
        RecurrentStart.Fill(_recurrence, parameters, orthogonal: false, seed, layer);

    public override IReadOnlyList<LayerTensor> Tensors => _recurrence.Tensors;

    public override string? WriteOnnx(OnnxGraph graph, string input, ReadOnlySpan<float> parameters)
    {
        // ONNX takes moments first, and gives [moments, directions, rows, units] and the last [directions, rows, units].
        string moments = graph.Add("Transpose", [graph.Reshape(input, _time, Inputs / _time)], OnnxAttribute.Of("perm", [1, 0, 2]));
        string[] inputs = [moments, .. _recurrence.WriteOnnxWeights(graph, parameters)];
        OnnxAttribute units = OnnxAttribute.Of("hidden_size", _recurrence.Units);
        if (!_all) return graph.Add("Squeeze", [graph.AddOne(_recurrence.Cell.OnnxOperator, 1, inputs, units), graph.Wholes(0)]);
        string all = graph.Add("Squeeze", [graph.Add(_recurrence.Cell.OnnxOperator, inputs, units), graph.Wholes(1)]);
        return graph.Add("Transpose", [all], OnnxAttribute.Of("perm", [1, 0, 2]));
    }

    public override void Forward(in LayerPass pass)
    {
        RecurrentPass moments = PassOf(pass);
        _recurrence.Forward(moments);
        if (_all) return;
        int units = _recurrence.Units;
        for (int row = 0; row < pass.Rows; row++)
            moments.Output.Slice(((row * _time) + _time - 1) * units, units).CopyTo(pass.Output[(row * units)..]);
    }

    public override void BackwardInput(in LayerPass pass)
    {
        if (!_all) SpreadLast(pass);
        _recurrence.Backward(PassOf(pass));
    }

    public override void BackwardParameters(in LayerPass pass, ReadOnlySpan<int> ends, Span<float> gradient)
    {
        Span<int> momentEnds = stackalloc int[ends.Length];
        for (int i = 0; i < ends.Length; i++) momentEnds[i] = ends[i] * _time;
        _recurrence.BackwardParameters(PassOf(pass), momentEnds, gradient);
    }

    public override void AddSquaredNorms(in LayerPass pass, Span<float> squaredNorms) => _recurrence.AddSquaredNorms(PassOf(pass), squaredNorms);

    public override void ScaleRows(in LayerPass pass, ReadOnlySpan<float> factors) => _recurrence.ScaleRows(PassOf(pass), factors);

    /// <summary>Only the last moment's output has a gradient.</summary>
    private void SpreadLast(in LayerPass pass)
    {
        int units = _recurrence.Units;
        Span<float> gradients = pass.SavedForBackward.Slice(pass.Rows * _time * units, pass.Rows * _time * units);
        gradients.Clear();
        for (int row = 0; row < pass.Rows; row++)
            pass.OutputGradient.Slice(row * units, units).CopyTo(gradients[(((row * _time) + _time - 1) * units)..]);
    }

    private RecurrentPass PassOf(in LayerPass pass)
    {
        int outputs = pass.Rows * _time * _recurrence.Units;
        return new RecurrentPass
        {
            Rows = pass.Rows,
            Input = pass.Input,
            Output = _all ? pass.Output : pass.SavedForBackward[..outputs],
            Parameters = pass.Parameters,
            SavedForBackward = _all ? pass.SavedForBackward : pass.SavedForBackward[(2 * outputs)..],
            OutputGradient = _all ? pass.OutputGradient : pass.SavedForBackward.Slice(outputs, outputs),
            InputGradient = pass.InputGradient,
            Workspace = pass.Workspace,
        };
    }

    private static int TimeOf(TensorShape input, string cell, int time)
    {
        int moments = time > 0 ? time : input.Rank > 1 ? input[0]
            : throw new ArgumentException($"{cell}: wanted time, the moments that a row of {input} is cut into, got none", nameof(time));
        return input.Count % moments == 0 ? moments
            : throw new ArgumentException($"{cell}: wanted a row of {input} to be cut into {moments} moments of equal size, got {input.Count} numbers", nameof(time));
    }
}
