using Cluster.Ml.Numerics;

namespace Cluster.Ml.SupportVectors;

/// <summary>Kernel values of some rows and some vectors, by one matrix product.</summary>
/// <remarks>Shapes  rows [n, d], vectors [m, d] → values [n, m]. Range  not safe for two threads at once</remarks>
internal sealed class KernelBlock(Kernel kernel, int features)
{
    private readonly GemmWorkspace _workspace = new();

    /// <summary>Writes the values.</summary>
    /// <param name="rows">[count, features].</param>
    /// <param name="count">n.</param>
    /// <param name="vectors">[norms.Length, features].</param>
    /// <param name="norms">‖zⱼ‖², [m].</param>
    /// <param name="gamma">γ.</param>
    /// <param name="values">[count × m], overwritten.</param>
    public void Fill(ReadOnlySpan<double> rows, int count, ReadOnlySpan<double> vectors, ReadOnlySpan<double> norms, double gamma, Span<double> values)
    {
        int width = norms.Length;
        MatrixProduct.Multiply(new MatrixView<double>(rows, count, features), new MatrixView<double>(vectors, width, features).Transposed, values, _workspace);
        for (int i = 0; i < count; i++)
            kernel.Apply(values.Slice(i * width, width), Kernel.SquaredNorm(rows.Slice(i * features, features)), norms, gamma);
    }
}
