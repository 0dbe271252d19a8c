using Cluster.Ml.Jobs;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Security.Defences;

/// <summary>Changes the rows of a step against the network as it is, in buffers of one thread.</summary>
internal sealed class AdversarialRows
{
    private readonly AdversarialSpec _spec;
    private readonly ulong _seed;
    private readonly Network _network;
    private readonly NetworkPass _pass;
    private readonly float _low, _high;

    public AdversarialRows(AdversarialSpec spec, NetworkLearner learner)
    {
        (_spec, _seed) = (spec, learner.Spec.Seed);
        _network = learner.Model.Objectives[0].Network;
        _pass = new NetworkPass(_network, wantsInputGradient: true);
        bool unit = learner.Spec.Data.Scale is ScaleKind.Unit255 or ScaleKind.MinMax;
        (_low, _high) = unit ? (0, 1) : (float.NegativeInfinity, float.PositiveInfinity);
    }

    /// <summary>Changes rows.</summary>
    /// <param name="parameters">Of the network.</param>
    /// <param name="inputs">[rows × features], changed.</param>
    /// <param name="sources">[rows]: where their classes are.</param>
    /// <param name="ids">[rows]: their numbers among all training rows.</param>
    /// <param name="step">Which step.</param>
    public void Change(ReadOnlySpan<float> parameters, Span<float> inputs, ReadOnlySpan<MicroBatchRow> sources, ReadOnlySpan<int> ids, long step)
    {
        int width = _network.Inputs;
        float[] clean = inputs.ToArray();
        for (int row = 0; row < sources.Length; row++) Begin(inputs.Slice(row * width, width), ids[row], step);
        Clamp(clean, inputs);
        for (int turn = 0; turn < _spec.Steps; turn++)
        {
            ReadOnlySpan<float> gradients = Gradients(parameters, inputs, sources);
            for (int i = 0; i < inputs.Length; i++) inputs[i] += (float)(_spec.Size * Math.Sign(gradients[i]));
            Clamp(clean, inputs);
        }
    }

    private void Begin(Span<float> row, int id, long step)
    {
        RandomStream random = RandomStream.At(_seed, RandomPurpose.AdversarialStart, step, id);
        for (int c = 0; c < row.Length; c++) row[c] += (float)(_spec.Epsilon * ((2 * random.NextDouble()) - 1));
    }

    private ReadOnlySpan<float> Gradients(ReadOnlySpan<float> parameters, ReadOnlySpan<float> inputs, ReadOnlySpan<MicroBatchRow> sources)
    {
        _pass.Begin(sources.Length);
        inputs.CopyTo(_pass.Inputs);
        _pass.Forward(parameters, null);
        Head head = _network.Heads[0];
        foreach (Head other in _network.Heads) _pass.OutputGradientOf(other).Clear();
        int outputs = _network.ShapeOf(head.Tensor).Count;
        Span<float> gradients = _pass.OutputGradientOf(head);
        for (int row = 0; row < sources.Length; row++) head.Loss.Row(_pass.OutputOf(head, row), sources[row].Target, gradients.Slice(row * outputs, outputs));
        _pass.BackwardInputs(parameters);
        return _pass.InputGradient;
    }

    private void Clamp(ReadOnlySpan<float> clean, Span<float> inputs)
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            double change = Math.Clamp((double)inputs[i] - clean[i], -_spec.Epsilon, _spec.Epsilon);
            inputs[i] = Math.Clamp((float)(clean[i] + change), Math.Min(clean[i], _low), Math.Max(clean[i], _high));
        }
    }
}
