using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn.Recurrent;

/// <summary>A recurrent cell unrolled over a fixed number of moments: its parameters, and the passes of many rows at once.</summary>
/// <remarks>
/// Equation    zₜ = xₜ·W + hₜ₋₁·U + b, (hₜ, cₜ) = cell(zₜ, cₜ₋₁), t = 1 … T, from h₀ and c₀, through which no gradient passes
/// Shapes      x [rows, T, I] → h [rows, T, H]; W [I, G·H], U [H, G·H], b [G·H] with the cell's G gates side by side
/// Gradient    δzₜ from δhₜ + δzₜ₊₁·Uᵀ;  ∂L/∂W = Σ xₜᵀδzₜ, ∂L/∂U = Σ hₜ₋₁ᵀδzₜ, ∂L/∂b = Σ δzₜ over rows and moments;  ∂L/∂xₜ = δzₜ·Wᵀ
/// Norms       one row's squared gradient norm is Σ (xₛ·xₜ + hₛ₋₁·hₜ₋₁ + 1)(δzₛ·δzₜ) over pairs of its moments s, t
/// Cost        the products with W are one matrix product over all moments; only the product with U is formed moment by moment, from U packed once
/// Source      Werbos, "Backpropagation Through Time", Proc. IEEE 78 (1990); cutting it off after T moments: Williams and Peng (1990)
/// </remarks>
internal sealed class Recurrence(RecurrentCell cell, int inputs, int units, int time)
{
    private readonly int _gates = cell.Gates * units;
    private readonly int _cells = cell.HasCellState ? time + 1 : 0;

    /// <summary>The cell.</summary>
    public RecurrentCell Cell => cell;

    /// <summary>Numbers a moment coming in.</summary>
    public int Inputs => inputs;

    /// <summary>Numbers a moment going out.</summary>
    public int Units => units;

    /// <summary>Parameters that are weights: W, then U.</summary>
    public int WeightCount => checked((inputs + units) * _gates);

    /// <summary>All parameters: after the weights the biases.</summary>
    public int ParameterCount => checked(WeightCount + _gates);

    /// <summary>Numbers a row that are carried from the last moment of one pass to the first of another: h, then c if there is one.</summary>
    public int CarriedPerRow => cell.HasCellState ? 2 * units : units;

    /// <summary>Numbers a row that the passes keep: gates, h and c before each moment, and the work space of one moment.</summary>
    public int SavedPerRow => (time * (_gates + units)) + (_cells * units) + _gates + (2 * units);

    /// <summary>The parameters as tensors.</summary>
    public IReadOnlyList<LayerTensor> Tensors => [new("input.weight", [inputs, _gates]), new("recurrent.weight", [units, _gates]), new("bias", [_gates])];

    /// <summary>W, R and B of the cell's operator: [1, G·H, I], [1, G·H, H] and [1, 2·G·H], whose second half stays 0.</summary>
    public string[] WriteOnnxWeights(OnnxGraph graph, ReadOnlySpan<float> parameters)
    {
        float[] bias = new float[2 * _gates];
        for (int gate = 0; gate < cell.Gates; gate++)
            parameters.Slice(WeightCount + (cell.OnnxGates[gate] * units), units).CopyTo(bias.AsSpan(gate * units));
        return
        [
            graph.Constant(OnnxTensor.Of(Turned(parameters[..(inputs * _gates)], inputs), 1, _gates, inputs)),
            graph.Constant(OnnxTensor.Of(Turned(parameters[(inputs * _gates)..WeightCount], units), 1, _gates, units)),
            graph.Constant(OnnxTensor.Of(bias, 1, 2 * _gates)),
        ];
    }

    /// <summary>Writes the outputs of all moments.</summary>
    public unsafe void Forward(in RecurrentPass pass)
    {
        SavedForBackward kept = Regions(pass);
        MatrixProduct.Multiply(new MatrixView<float>(pass.Input, pass.Rows * time, inputs), InputWeights(pass), kept.Gates, pass.Workspace);
        Begin(pass, kept);
        PackedFactor weights = PackedFactor.Pack(RecurrentWeights(pass), pass.Workspace);
        fixed (float* gates = kept.Gates, before = kept.Before, cellState = kept.CellState, product = kept.Product)
        fixed (float* bias = pass.Parameters[WeightCount..], output = pass.Output)
            for (int t = 0; t < time; t++)
            {
                weights.Multiply(At(kept.Before, pass.Rows, t, units), kept.Product);
                CellStep step = StepAt(t, pass.Rows, gates, cellState);
                step.Product = product;
                step.Bias = bias;
                step.Output = output + (t * units);
                step.Next = t + 1 < time ? before + ((t + 1) * units) : null;
                step.NextRow = time * units;
                cell.Forward(step);
            }
    }

    /// <summary>From the gradient by the outputs to that by z, kept for <see cref="BackwardParameters"/>, and by the inputs unless nobody wants it.</summary>
    public unsafe void Backward(in RecurrentPass pass)
    {
        SavedForBackward kept = Regions(pass);
        kept.CellGradient.Clear();
        PackedFactor weights = PackedFactor.Pack(RecurrentWeights(pass).Transposed, pass.Workspace);
        fixed (float* gates = kept.Gates, cellState = kept.CellState, returned = kept.Returned, later = kept.CellGradient, above = pass.OutputGradient)
            for (int t = time - 1; t >= 0; t--)
            {
                if (t + 1 < time) weights.Multiply(At(kept.Gates, pass.Rows, t + 1, _gates), kept.Returned);
                CellStep step = StepAt(t, pass.Rows, gates, cellState);
                step.OutputGradient = above + (t * units);
                step.Returned = t + 1 < time ? returned : null;
                step.CellGradient = later;
                cell.Backward(step);
            }
        if (!pass.InputGradient.IsEmpty)
            MatrixProduct.Multiply(Deltas(pass, kept), InputWeights(pass).Transposed, pass.InputGradient, pass.Workspace);
    }

    /// <summary>The gradient of the parameters, each micro-batch summed over its rows and moments in order, these added up as a fixed tree.</summary>
    /// <param name="pass">After <see cref="Backward"/>.</param>
    /// <param name="ends">[micro-batches]: the row before which each ends, times the moments.</param>
    /// <param name="gradient">[ParameterCount], overwritten.</param>
    public void BackwardParameters(in RecurrentPass pass, ReadOnlySpan<int> ends, Span<float> gradient)
    {
        SavedForBackward kept = Regions(pass);
        MatrixView<float> x = new(pass.Input, pass.Rows * time, inputs), before = new(kept.Before, pass.Rows * time, units);
        MatrixProduct.MultiplyTree(x.Transposed, Deltas(pass, kept), ends, gradient[..(inputs * _gates)], pass.Workspace);
        MatrixProduct.MultiplyTree(before.Transposed, Deltas(pass, kept), ends, gradient[(inputs * _gates)..WeightCount], pass.Workspace);
        SegmentedSum.SumRows(kept.Gates, _gates, ends, gradient[WeightCount..]);
    }

    /// <summary>Adds the squared norm of every row's gradient by the parameters, without forming it.</summary>
    /// <param name="pass">After <see cref="Backward"/>.</param>
    /// <param name="squaredNorms">[rows], added to.</param>
    public void AddSquaredNorms(in RecurrentPass pass, Span<float> squaredNorms)
    {
        SavedForBackward kept = Regions(pass);
        PositionNorms.AddSquaredNorms(time, pass.Input, kept.Before, kept.Gates, squaredNorms[..pass.Rows]);
    }

    /// <summary>Multiplies what each row contributes to the gradient of the parameters.</summary>
    /// <param name="pass">After <see cref="Backward"/>.</param>
    /// <param name="factors">[rows].</param>
    public void ScaleRows(in RecurrentPass pass, ReadOnlySpan<float> factors)
    {
        SavedForBackward kept = Regions(pass);
        for (int row = 0; row < pass.Rows; row++)
            if (factors[row] != 1) Reductions.Scale(kept.Gates.Slice(row * time * _gates, time * _gates), factors[row]);
    }

    /// <summary>What each row carries on after the last moment.</summary>
    /// <param name="pass">After <see cref="Forward"/>.</param>
    /// <param name="row">Which row.</param>
    /// <param name="carried">[CarriedPerRow], overwritten.</param>
    public void CopyEnd(in RecurrentPass pass, int row, Span<float> carried)
    {
        pass.Output.Slice(((row * time) + time - 1) * units, units).CopyTo(carried);
        if (cell.HasCellState) Regions(pass).CellState.Slice(((row * _cells) + time) * units, units).CopyTo(carried[units..]);
    }

    /// <summary>The first h and c: those carried over, or zeros.</summary>
    private void Begin(in RecurrentPass pass, in SavedForBackward kept)
    {
        for (int row = 0; row < pass.Rows; row++)
        {
            Span<float> h = kept.Before.Slice(row * time * units, units), c = cell.HasCellState ? kept.CellState.Slice(row * _cells * units, units) : default;
            if (pass.Start.IsEmpty)
            {
                h.Clear();
                c.Clear();
                continue;
            }
            ReadOnlySpan<float> start = pass.Start.Slice(row * CarriedPerRow, CarriedPerRow);
            start[..units].CopyTo(h);
            if (cell.HasCellState) start[units..].CopyTo(c);
        }
    }

    private unsafe CellStep StepAt(int t, int rows, float* gates, float* cellState) => new()
    {
        Rows = rows,
        Units = units,
        Gates = gates + (t * _gates),
        GatesRow = time * _gates,
        CellBefore = cell.HasCellState ? cellState + (t * units) : null,
        CellState = cell.HasCellState ? cellState + ((t + 1) * units) : null,
        CellRow = _cells * units,
        OutputRow = time * units,
    };

    /// <summary>One moment of every row.</summary>
    private MatrixView<float> At(ReadOnlySpan<float> numbers, int rows, int t, int width) => new(numbers[(t * width)..], rows, width, time * width);

    private MatrixView<float> Deltas(in RecurrentPass pass, in SavedForBackward kept) => new(kept.Gates, pass.Rows * time, _gates);

    /// <summary>[rows, G·H] as [G·H, rows], the gates in the order of the operator.</summary>
    private float[] Turned(ReadOnlySpan<float> weights, int rows)
    {
        float[] turned = new float[weights.Length];
        for (int gate = 0; gate < cell.Gates; gate++)
            for (int unit = 0; unit < units; unit++)
                for (int row = 0; row < rows; row++)
                    turned[(((gate * units) + unit) * rows) + row] = weights[(row * _gates) + (cell.OnnxGates[gate] * units) + unit];
        return turned;
    }

    private MatrixView<float> InputWeights(in RecurrentPass pass) => new(pass.Parameters, inputs, _gates);

    private MatrixView<float> RecurrentWeights(in RecurrentPass pass) => new(pass.Parameters[(inputs * _gates)..], units, _gates);

    private SavedForBackward Regions(in RecurrentPass pass)
    {
        int gates = pass.Rows * time * _gates, before = gates + (pass.Rows * time * units), cellState = before + (pass.Rows * _cells * units);
        int product = cellState + (pass.Rows * _gates), returned = product + (pass.Rows * units), all = returned + (pass.Rows * units);
        return new SavedForBackward
        {
            Gates = pass.SavedForBackward[..gates],
            Before = pass.SavedForBackward[gates..before],
            CellState = pass.SavedForBackward[before..cellState],
            Product = pass.SavedForBackward[cellState..product],
            Returned = pass.SavedForBackward[product..returned],
            CellGradient = pass.SavedForBackward[returned..all],
        };
    }

    private readonly ref struct SavedForBackward
    {
        /// <summary>[rows, T, G·H]: z, then the gates, then the gradient by z.</summary>
        public required Span<float> Gates { get; init; }

        /// <summary>[rows, T, H]: h before each moment.</summary>
        public required Span<float> Before { get; init; }

        /// <summary>[rows, T + 1, H]: c before each moment and after the last.</summary>
        public required Span<float> CellState { get; init; }

        /// <summary>[rows, G·H]: h·U of one moment.</summary>
        public required Span<float> Product { get; init; }

        /// <summary>[rows, H]: the gradient by h that one moment gives back.</summary>
        public required Span<float> Returned { get; init; }

        /// <summary>[rows, H]: the gradient by c.</summary>
        public required Span<float> CellGradient { get; init; }
    }
}

/// <summary>The buffers of one recurrence while rows pass through it.</summary>
internal readonly ref struct RecurrentPass
{
    /// <summary>How many rows.</summary>
    public required int Rows { get; init; }

    /// <summary>[rows × T × inputs].</summary>
    public required ReadOnlySpan<float> Input { get; init; }

    /// <summary>[rows × T × units].</summary>
    public required Span<float> Output { get; init; }

    /// <summary>[ParameterCount].</summary>
    public required ReadOnlySpan<float> Parameters { get; init; }

    /// <summary>[rows × SavedPerRow].</summary>
    public required Span<float> SavedForBackward { get; init; }

    /// <summary>[rows × CarriedPerRow]: h₀ and c₀; empty for zeros.</summary>
    public ReadOnlySpan<float> Start { get; init; }

    /// <summary>[rows × T × units]: the gradient of the loss sum by the output.</summary>
    public ReadOnlySpan<float> OutputGradient { get; init; }

    /// <summary>[rows × T × inputs], or empty if it is not wanted.</summary>
    public Span<float> InputGradient { get; init; }

    /// <summary>Packing buffers.</summary>
    public required GemmWorkspace Workspace { get; init; }
}
