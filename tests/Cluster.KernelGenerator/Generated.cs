namespace Cluster.KernelGenerator;

/// <summary>Every source file that is generated, with its text.</summary>
public static class Generated
{
    /// <summary>Stands above each generated type.</summary>
    internal const string Notice = "// Generated: change the template in tests/Cluster.KernelGenerator, then `dotnet run --project tests/Cluster.KernelGenerator`.";

    /// <summary>Path below the repository, and text.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Files { get; } =
    [
        Kernel(1, "one", ", for what larger tiles leave over"),
        Kernel(4, "four", ", for what larger tiles leave over"),
        Kernel(6, "six", ": 12 sums, two columns and one row value fit 16 registers"),
        Kernel(8, "eight", ", for what twelve leave over"),
        Kernel(12, "twelve", ": 24 sums, two columns and one row value fit the 32 registers of AVX-512 and NEON"),
        Lanes(128, "SSE, NEON, WebAssembly; the runtime emulates what the processor lacks", ["Arm", "X86"],
            ("Sse2.IsSupported", "Sse2.Multiply(a.AsUInt32(), b.AsUInt32())"),
            ("AdvSimd.IsSupported", "AdvSimd.MultiplyWideningLower(AdvSimd.ExtractNarrowingLower(a.AsUInt64()), AdvSimd.ExtractNarrowingLower(b.AsUInt64()))")),
        Lanes(256, "AVX2", ["X86"], ("Avx2.IsSupported", "Avx2.Multiply(a.AsUInt32(), b.AsUInt32())")),
        Lanes(512, "AVX-512", ["X86"], ("Avx512F.IsSupported", "Avx512F.Multiply(a.AsUInt32(), b.AsUInt32())")),
    ];

    private static KeyValuePair<string, string> Kernel(int rows, string word, string purpose) =>
        new($"Cluster.Ml/Numerics/Gemm/MicroKernel{rows}.cs", MicroKernelText.Of(rows, word, purpose));

    private static KeyValuePair<string, string> Lanes(int bits, string processors, string[] families, params (string Condition, string Product)[] products) =>
        new($"Cluster.Ml/Numerics/Simd/Lanes{bits}.cs", LanesText.Of(bits, processors, families, products));
}
