using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Numerics;

public sealed class MathLibraryTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    // Of the Hilbert matrix of order 4, as numerical textbooks print them.
    private static readonly double[] s_hilbert = [1.500214280059243, 0.169141220221450, 0.006738273605761, 0.0000967023040226];

    [Fact]
    public void Eigenvalues_of_the_Hilbert_matrix_are_the_published_ones()
    {
        double[] hilbert = [.. Enumerable.Range(0, 16).Select(i => 1.0 / ((i / 4) + (i % 4) + 1))];

        double[] values = MathLibrary.SymmetricEigen(hilbert, 4).Values;

        for (int j = 0; j < 4; j++) values[j].ShouldBe(s_hilbert[j], 1e-15);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(60)]
    public void Eigenvectors_are_orthonormal_give_the_matrix_back_and_point_up(int order)
    {
        double[] matrix = Symmetric(order);

        (double[] values, double[] vectors) = MathLibrary.SymmetricEigen(matrix, order);

        values.ShouldBe(values.OrderDescending());
        for (int i = 0; i < order; i++)
        {
            ReadOnlySpan<double> vector = vectors.AsSpan(i * order, order);
            vector.ToArray().MaxBy(Math.Abs).ShouldBeGreaterThan(0);
            for (int j = 0; j < order; j++)
            {
                Dot(vector, vectors.AsSpan(j * order, order)).ShouldBe(i == j ? 1 : 0, 1e-13);
                double given = 0;
                for (int k = 0; k < order; k++) given += values[k] * vectors[(k * order) + i] * vectors[(k * order) + j];
                given.ShouldBe(matrix[(i * order) + j], 1e-12 * order);
            }
        }
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(9, 4)]
    [InlineData(4, 9)]
    public void Singular_vectors_are_orthonormal_and_give_the_matrix_back(int rows, int columns)
    {
        double[] matrix = Numbers(rows * columns);

        (double[] left, double[] values, double[] right) = MathLibrary.SingularValues(matrix, rows, columns);

        int rank = Math.Min(rows, columns);
        values.Length.ShouldBe(rank);
        values.ShouldBe(values.OrderDescending());
        for (int i = 0; i < rank; i++)
            for (int j = 0; j < rank; j++)
            {
                Dot(left.AsSpan(i * rows, rows), left.AsSpan(j * rows, rows)).ShouldBe(i == j ? 1 : 0, 1e-13);
                Dot(right.AsSpan(i * columns, columns), right.AsSpan(j * columns, columns)).ShouldBe(i == j ? 1 : 0, 1e-13);
            }
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
                Enumerable.Range(0, rank).Sum(k => values[k] * left[(k * rows) + i] * right[(k * columns) + j]).ShouldBe(matrix[(i * columns) + j], 1e-13);
    }

    [Fact]
    public void Singular_values_of_a_small_matrix_are_those_of_its_formula()
    {
        double[] values = MathLibrary.SingularValues([3, 0, 4, 5], 2, 2).Values;

        values[0].ShouldBe(Math.Sqrt(45), 1e-14);
        values[1].ShouldBe(Math.Sqrt(5), 1e-14);
    }

    // Abramowitz and Stegun, Handbook of Mathematical Functions (1964): tables 7.1, 4.2, 6.4, 26.5, 26.10 and 26.8, and their digits beyond.
    [Fact]
    public void Functions_have_the_values_of_published_tables()
    {
        MathLibrary.Erfc(0.5).ShouldBe(0.4795001221869535, 1e-16);
        MathLibrary.Erfc(1).ShouldBe(0.1572992070502851, 1e-16);
        MathLibrary.Erfc(4).ShouldBe(1.541725790028002e-8, 1e-22);
        MathLibrary.LogOnePlus(1e-10).ShouldBe(9.9999999995e-11, 1e-25);
        MathLibrary.LogOnePlus(1).ShouldBe(0.6931471805599453, 2e-16);
        MathLibrary.LogGamma(0.5).ShouldBe(0.5723649429247001, 1e-14);
        MathLibrary.LogGamma(100).ShouldBe(359.1342053695754, 1e-12);
        MathLibrary.NormalQuantile(0.975).ShouldBe(1.959963984540054, 1e-12);
        MathLibrary.StudentTail(-2.228138851964939, 10).ShouldBe(0.05, 1e-11);
        MathLibrary.ChiSquareTail(18.307038053275146, 10).ShouldBe(0.05, 1e-12);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Numbers_that_are_not_finite_are_refused(double number)
    {
        Should.Throw<ArgumentException>(() => MathLibrary.SymmetricEigen([1, number, number, 1], 2)).Message.ShouldContain("finite");
        Should.Throw<ArgumentException>(() => MathLibrary.SingularValues([1, number], 1, 2)).Message.ShouldContain("finite");
    }

    [Fact]
    public void Its_bits_are_pinned()
    {
        const int order = 40;
        (double[] values, double[] vectors) = MathLibrary.SymmetricEigen(Symmetric(order), order);
        (double[] left, double[] singular, double[] right) = MathLibrary.SingularValues(Numbers(12 * 30), 12, 30);

        HashOf([.. values, .. vectors]).ShouldBe("1c535100bb475d12863c1cff594abc7f24a45a24c601e7ccbd205c65b18d539f");
        HashOf([.. left, .. singular, .. right]).ShouldBe("cdfee38cc261dcd86ce29aba19d2468aa7d48240cf221c8680e70f358fb15303");
    }

    // The pinned bits again, in a process whose runtime has fewer of the processor's instructions.
    [SkippableTheory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public async Task Its_bits_do_not_depend_on_the_processor(string instructions)
    {
        string host = Environment.ProcessPath!;
        Skip.IfNot(Path.GetFileNameWithoutExtension(host) == "dotnet", "The tests run without the host that would start them again.");
        ProcessStartInfo start = new(host, [typeof(MathLibraryTests).Assembly.Location, $"{typeof(MathLibraryTests).FullName}.{nameof(Its_bits_are_pinned)}"])
        {
            RedirectStandardOutput = true,
            Environment = { [instructions] = "0" },
        };
        using Process child = Process.Start(start)!;
        try
        {
            (await child.StandardOutput.ReadToEndAsync().WaitAsync(Deadline)).ShouldContain("1 passed, 0 failed");
        }
        finally
        {
            child.Kill();
        }
    }

    [Fact]
    public void No_other_file_names_the_library()
    {
        string root = Path.GetDirectoryName(RepositoryFiles.Path("Cluster.sln"))!;
        Directory.EnumerateFiles(Path.Combine(root, "Cluster.Ml"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && File.ReadAllText(file).Contains("using MathNet", StringComparison.Ordinal))
            .Select(Path.GetFileName).ShouldBe(["MathLibrary.cs"]);
    }

    private static string HashOf(double[] numbers) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(numbers.AsSpan())));

    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++) sum += x[i] * y[i];
        return sum;
    }

    private static double[] Symmetric(int order)
    {
        double[] numbers = Numbers(order * order);
        for (int i = 0; i < order; i++)
            for (int j = 0; j < i; j++) numbers[(i * order) + j] = numbers[(j * order) + i];
        return numbers;
    }

    /// <summary>Numbers in [−½, ½) by Marsaglia's xorshift generator, which depends on nothing else.</summary>
    private static double[] Numbers(int count)
    {
        ulong state = 88172645463325252;
        var numbers = new double[count];
        foreach (ref double number in numbers.AsSpan())
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            number = ((state >> 11) * (1.0 / (1UL << 53))) - 0.5;
        }
        return numbers;
    }
}
