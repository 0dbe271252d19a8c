using Cluster.Ml.Learning;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn;

/// <summary>The gradient of a network's logits by its input, as the network is asked: without dropout and noise.</summary>
internal sealed class NetworkInputGradient : IInputGradient
{
    private const int RowsMost = 256;
    private const int NumbersMax = 4 << 20;

    private readonly NetworkModel _model;
    private readonly NumericBuffer _state;
    private readonly NetworkPass _pass;
    private readonly Head _head;
    private readonly int _width;

    public NetworkInputGradient(NetworkLearner learner, NumericBuffer state)
    {
        learner.Require(state, learner.StateLength, nameof(state));
        (_model, _state) = (learner.Model, state);
        _pass = new NetworkPass(_model.Asked, wantsInputGradient: true);
        _head = _model.Asked.Heads[0];
        _width = _model.Asked.ShapeOf(_head.Tensor).Count;
        RowsMax = Math.Clamp(NumbersMax / _pass.NumbersPerRow, 1, RowsMost);
    }

    public int RowsMax { get; }

    public void Forward(ReadOnlySpan<float> rows, int count, Span<float> logits)
    {
        _pass.Begin(count);
        rows[..(count * _model.Asked.Inputs)].CopyTo(_pass.Inputs);
        _pass.Forward(_state.Floats, null);
        ReadOnlySpan<float> outputs = _pass.OutputOf(_head);
        if (_width > 1)
        {
            outputs.CopyTo(logits);
            return;
        }
        for (int row = 0; row < count; row++) (logits[2 * row], logits[(2 * row) + 1]) = (0, outputs[row]);
    }

    public void Backward(ReadOnlySpan<float> logitGradients, Span<float> rowGradients)
    {
        foreach (Head other in _model.Asked.Heads) _pass.OutputGradientOf(other).Clear();
        Span<float> gradients = _pass.OutputGradientOf(_head);
        if (_width > 1) logitGradients[..gradients.Length].CopyTo(gradients);
        else
            for (int row = 0; row < gradients.Length; row++) gradients[row] = logitGradients[(2 * row) + 1];
        _pass.BackwardInputs(_state.Floats);
        _pass.InputGradient.CopyTo(rowGradients);
    }
}
