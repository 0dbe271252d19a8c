using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Aggregation.Robust;

/// <summary>Steps from the median towards each gradient, none longer than a radius.</summary>
/// <param name="Radius">τ.</param>
/// <param name="Iterations">How often.</param>
/// <remarks>
/// Equation  v ← v + (1/n) Σ (gᵢ − v)·min(1, τ/‖gᵢ − v‖), from the median of each number
/// Promise   a lie moves the result by at most τ/n an iteration; the paper's rate holds for at most a tenth of liars
/// Source    Karimireddy, He, Jaggi, "Learning from History for Byzantine Robust Optimization", ICML 2021, algorithm 2
/// Differs   from the paper in where it starts: the median of this step and not the result of the last, so that no step depends on it
/// </remarks>
public sealed record CentredClipping(double Radius, int Iterations) : AggregateSpec
{
    internal static readonly NamedChoice Declared = new(
        "centred-clipping", "steps from the median towards each gradient, none longer than a radius", new KeySet<CentredClipping>(new(1, 3))
            .Number("radius", "The longest step towards a gradient.", o => o.Radius, (o, value) => o with { Radius = value }, NumberRange.Positive)
            .Whole("iterations", "How often.", o => o.Iterations, (o, value) => o with { Iterations = value }, 1, 100));

    internal override NamedChoice Choice => Declared;

    internal override int Least => 1;

    internal override string Promise => "a small share of the micro-batches lies";

    internal override void Aggregate(ReadOnlySpan<float> gradients, int count, Span<float> result)
    {
        new Median().Aggregate(gradients, count, result);
        double[] change = new double[result.Length];
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            Array.Clear(change);
            for (int row = 0; row < count; row++)
            {
                ReadOnlySpan<float> gradient = gradients.Slice(row * result.Length, result.Length);
                double squares = 0;
                for (int i = 0; i < gradient.Length; i++)
                {
                    double difference = (double)gradient[i] - result[i];
                    squares += difference * difference;
                }
                double length = Math.Sqrt(squares), factor = (length > Radius ? Radius / length : 1) / count;
                for (int i = 0; i < gradient.Length; i++) change[i] += factor * ((double)gradient[i] - result[i]);
            }
            for (int i = 0; i < result.Length; i++) result[i] = (float)(result[i] + change[i]);
        }
    }
}
