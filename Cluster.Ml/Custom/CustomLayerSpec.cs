using System.Buffers;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Custom;

/// <summary>What a job says about a layer that a program added.</summary>
/// <param name="Kind">Its key.</param>
/// <param name="Value">Its number.</param>
/// <param name="Make">Makes it.</param>
internal sealed record CustomLayerSpec(string Kind, double Value, Func<int, double, CustomLayer> Make) : LayerSpec
{
    public override string Kind { get; } = Kind;

    internal override bool? SeesImages => null;

    /// <summary>The layer's key.</summary>
    public static NamedChoice Declare(string name, string meaning, NumberRange numbers, Func<int, double, CustomLayer> create) =>
        new(name, meaning, new KeySet<CustomLayerSpec>(new(name, numbers.Fits(1) ? 1 : numbers.Least, create))
            .Number(name, meaning, o => o.Value, (o, value) => o with { Value = value }, numbers).Required("1"));

    internal override Layer Create(TensorShape input) => new RowLayer(Kind, Make(input.Count, Value), input);

    /// <summary>The layer as the library sees it: all rows, and sums over micro-batches.</summary>
    /// <remarks>Differs  from other layers, which work on many rows at once; so each output costs a call</remarks>
    private sealed class RowLayer(string name, CustomLayer layer, TensorShape input)
        : Layer(Fitting(name, layer, input), layer.Outputs == input.Count ? input : TensorShape.Of(layer.Outputs))
    {
        public override string Name => name;

        public override int WeightCount => layer.Weights;

        public override int ParameterCount => layer.Weights;

        public override void Initialize(Span<float> parameters, ulong seed, int number)
        {
            RandomStream random = RandomStream.At(seed, RandomPurpose.Initialize, number);
            layer.Start(parameters, () => random.NextGaussian());
        }

        public override void Forward(in LayerPass pass)
        {
            for (int row = 0; row < pass.Rows; row++)
                layer.Forward(pass.Input.Slice(row * Inputs, Inputs), pass.Parameters, pass.Output.Slice(row * Outputs, Outputs));
        }

        public override void BackwardInput(in LayerPass pass)
        {
            if (pass.InputGradient.IsEmpty) return;
            for (int row = 0; row < pass.Rows; row++)
                layer.Backward(
                    pass.Input.Slice(row * Inputs, Inputs), pass.Output.Slice(row * Outputs, Outputs), pass.Parameters,
                    pass.OutputGradient.Slice(row * Outputs, Outputs), pass.InputGradient.Slice(row * Inputs, Inputs));
        }

        public override void BackwardParameters(in LayerPass pass, ReadOnlySpan<int> ends, Span<float> gradient)
        {
            if (ParameterCount > 0) Sum(pass, 0, ends, gradient);
        }

        /// <summary>The gradient over the rows of some micro-batches: each in row order, these added up as the fixed tree.</summary>
        private void Sum(in LayerPass pass, int first, ReadOnlySpan<int> ends, Span<float> gradient)
        {
            if (ends.Length == 1)
            {
                gradient.Clear();
                for (int row = first; row < ends[0]; row++)
                    layer.AddGradient(
                        pass.Input.Slice(row * Inputs, Inputs), pass.Output.Slice(row * Outputs, Outputs), pass.Parameters,
                        pass.OutputGradient.Slice(row * Outputs, Outputs), gradient);
                return;
            }
            int half = ends.Length / 2;
            float[] right = ArrayPool<float>.Shared.Rent(gradient.Length);
            Sum(pass, first, ends[..half], gradient);
            Sum(pass, ends[half - 1], ends[half..], right.AsSpan(0, gradient.Length));
            Reductions.Add(right.AsSpan(0, gradient.Length), gradient);
            ArrayPool<float>.Shared.Return(right);
        }

        private static TensorShape Fitting(string name, CustomLayer layer, TensorShape input) => layer.Inputs == input.Count && layer.Outputs > 0 && layer.Weights >= 0
            ? input
            : throw new ArgumentException($"{name}: wanted a layer of {input.Count} inputs and at least one output, got {layer.Inputs} and {layer.Outputs}.", nameof(layer));
    }
}
