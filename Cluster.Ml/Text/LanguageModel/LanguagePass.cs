using Cluster.Ml.Nn.Recurrent;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Text.LanguageModel;

/// <summary>The buffers of one thread: what windows of tokens are while they pass through a language model, forward and back.</summary>
/// <remarks>
/// Shapes  tokens [rows, T], targets [rows, T]; value 0 [rows, T, D] is the embedding, value l [rows, T, H] the output of layer l
/// Range   a negative token is no token: it is embedded as zeros; a negative target costs nothing
/// Cost    grows to the most rows seen, then allocates nothing
/// </remarks>
internal sealed class LanguagePass(LanguageLayout layout)
{
    private readonly GemmWorkspace _workspace = new();
    private readonly float[][] _values = new float[layout.Recurrences.Length + 1][];
    private readonly float[][] _gradients = new float[layout.Recurrences.Length + 1][];
    private readonly float[][] _kept = new float[layout.Recurrences.Length][];
    private readonly int _time = layout.Spec.Window;
    private float[] _tokens = [];
    private float[] _start = [];
    private float[] _logits = [];
    private float[] _work = [];
    private float[] _withOne = [];
    private int[] _tokenEnds = [];
    private int _capacity;

    /// <summary>How many windows are in the buffers.</summary>
    public int Rows { get; private set; }

    /// <summary>[Rows × T]: the tokens that come in, to be filled.</summary>
    public Span<float> Tokens => _tokens.AsSpan(0, Rows * _time);

    /// <summary>[Rows × T × V]: the scores of the next token, without the bias; then their gradient, to be put in their place.</summary>
    public Span<float> Logits => _logits.AsSpan(0, Rows * _time * layout.Vocabulary);

    /// <summary>Makes room for windows; what was in the buffers is lost.</summary>
    public void Begin(int rows)
    {
        Rows = rows;
        if (rows <= _capacity) return;
        _capacity = rows;
        int tokens = checked(rows * _time);
        _tokens = new float[tokens];
        _start = new float[rows * layout.CarriedPerStream];
        _logits = new float[checked(tokens * layout.Vocabulary)];
        _withOne = new float[checked(tokens * (layout.Spec.Units + 1))];
        _work = new float[ScatterSums.WorkFor(tokens)];
        for (int i = 0; i < _values.Length; i++)
        {
            _values[i] = new float[checked(tokens * WidthOf(i))];
            _gradients[i] = new float[_values[i].Length];
            if (i < _kept.Length) _kept[i] = new float[checked(rows * layout.Recurrences[i].SavedPerRow)];
        }
    }

    /// <summary>From the tokens to the logits.</summary>
    public void Forward(ReadOnlySpan<float> parameters)
    {
        Embed(layout.Embedding.Of(parameters));
        int carried = 0;
        for (int layer = 0; layer < layout.Recurrences.Length; layer++)
        {
            layout.Recurrences[layer].Forward(PassOf(layer, parameters, _start.AsSpan(carried * Rows)));
            carried += layout.Recurrences[layer].CarriedPerRow;
        }
        MatrixProduct.Multiply(Top(), OutputWeights(parameters), Logits, _workspace);
    }

    /// <summary>From the gradient in place of the logits to that of all parameters.</summary>
    /// <param name="parameters">All parameters.</param>
    /// <param name="ends">[micro-batches]: the row before which each ends; added up as a fixed tree.</param>
    /// <param name="gradient">[ParameterCount], overwritten.</param>
    public void Backward(ReadOnlySpan<float> parameters, ReadOnlySpan<int> ends, Span<float> gradient)
    {
        ReadOnlySpan<int> tokenEnds = TokenEnds(ends);
        BackwardOutput(parameters, tokenEnds, layout.Output.Of(gradient));
        for (int layer = layout.Recurrences.Length - 1; layer >= 0; layer--)
        {
            RecurrentPass pass = PassOf(layer, parameters);
            layout.Recurrences[layer].Backward(pass);
            layout.Recurrences[layer].BackwardParameters(pass, tokenEnds, layout.RecurrentBlocks[layer].Of(gradient));
        }
        ScatterSums.SumRows(Gradient(0), Tokens, layout.Spec.Embedding, tokenEnds, layout.Embedding.Of(gradient), _work);
    }

    /// <summary>What a row carries on after its window.</summary>
    /// <param name="row">Which row.</param>
    /// <param name="carried">[CarriedPerStream], overwritten.</param>
    public void CopyEnd(int row, Span<float> carried)
    {
        for (int layer = 0; layer < layout.Recurrences.Length; layer++)
        {
            Recurrence recurrence = layout.Recurrences[layer];
            recurrence.CopyEnd(PassOf(layer, default), row, carried[..recurrence.CarriedPerRow]);
            carried = carried[recurrence.CarriedPerRow..];
        }
    }

    /// <summary>Sets what a row starts from.</summary>
    /// <param name="row">Which row.</param>
    /// <param name="carried">[CarriedPerStream], or empty for zeros.</param>
    public void SetStart(int row, ReadOnlySpan<float> carried)
    {
        int before = 0;
        foreach (Recurrence recurrence in layout.Recurrences)
        {
            Span<float> start = _start.AsSpan((before * Rows) + (row * recurrence.CarriedPerRow), recurrence.CarriedPerRow);
            if (carried.IsEmpty) start.Clear();
            else carried.Slice(before, start.Length).CopyTo(start);
            before += recurrence.CarriedPerRow;
        }
    }

    /// <summary>The first part whose output is not finite, or null.</summary>
    public string? FirstNotFinite()
    {
        for (int i = 0; i < _values.Length; i++)
            if (!Reductions.AllFinite(Value(i))) return layout.Blocks[i].Name;
        return null;
    }

    private void Embed(ReadOnlySpan<float> embedding)
    {
        int width = layout.Spec.Embedding;
        Span<float> value = Value(0);
        for (int i = 0; i < Tokens.Length; i++)
        {
            Span<float> row = value.Slice(i * width, width);
            if (Tokens[i] < 0) row.Clear();
            else embedding.Slice((int)Tokens[i] * width, width).CopyTo(row);
        }
    }

    private void BackwardOutput(ReadOnlySpan<float> parameters, ReadOnlySpan<int> tokenEnds, Span<float> gradient)
    {
        MatrixView<float> delta = new(Logits, Rows * _time, layout.Vocabulary);
        MatrixProduct.Multiply(delta, OutputWeights(parameters).Transposed, Gradient(layout.Recurrences.Length), _workspace);
        // A one behind every output makes the biases' gradient the last row of the same product: a second pass over all scores is saved.
        int units = layout.Spec.Units, width = units + 1;
        for (int i = 0; i < Rows * _time; i++)
        {
            Value(layout.Recurrences.Length).Slice(i * units, units).CopyTo(_withOne.AsSpan(i * width));
            _withOne[(i * width) + units] = 1;
        }
        MatrixProduct.MultiplyTree(new MatrixView<float>(_withOne, Rows * _time, width).Transposed, delta, tokenEnds, gradient, _workspace);
    }

    private RecurrentPass PassOf(int layer, ReadOnlySpan<float> parameters, ReadOnlySpan<float> start = default) => new()
    {
        Start = start,
        Rows = Rows,
        Input = Value(layer),
        Output = Value(layer + 1),
        Parameters = parameters.IsEmpty ? parameters : layout.RecurrentBlocks[layer].Of(parameters),
        SavedForBackward = _kept[layer].AsSpan(0, Rows * layout.Recurrences[layer].SavedPerRow),
        OutputGradient = Gradient(layer + 1),
        InputGradient = Gradient(layer),
        Workspace = _workspace,
    };

    private ReadOnlySpan<int> TokenEnds(ReadOnlySpan<int> ends)
    {
        if (_tokenEnds.Length < ends.Length) _tokenEnds = new int[ends.Length];
        for (int i = 0; i < ends.Length; i++) _tokenEnds[i] = ends[i] * _time;
        return _tokenEnds.AsSpan(0, ends.Length);
    }

    private MatrixView<float> Top() => new(Value(layout.Recurrences.Length), Rows * _time, layout.Spec.Units);

    private MatrixView<float> OutputWeights(ReadOnlySpan<float> parameters) =>
        new(layout.Output.Of(parameters), layout.Spec.Units, layout.Vocabulary);

    private int WidthOf(int value) => value == 0 ? layout.Spec.Embedding : layout.Spec.Units;

    private Span<float> Value(int i) => _values[i].AsSpan(0, Rows * _time * WidthOf(i));

    private Span<float> Gradient(int i) => _gradients[i].AsSpan(0, Rows * _time * WidthOf(i));
}
