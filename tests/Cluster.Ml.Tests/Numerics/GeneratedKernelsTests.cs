using Cluster.KernelGenerator;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Numerics;

public sealed class GeneratedKernelsTests
{
    public static TheoryData<string> Paths => new(Generated.Files.Select(file => file.Key));

    [Theory]
    [MemberData(nameof(Paths))]
    public void What_is_checked_in_is_what_the_template_gives(string path) =>
        File.ReadAllText(RepositoryFiles.Path(path.Split('/')))
            .ShouldBe(Generated.Files.Single(file => file.Key == path).Value, "run `dotnet run --project tests/Cluster.KernelGenerator`");

    [Fact]
    public void Every_tile_and_every_vector_width_is_generated() => Generated.Files.Select(file => file.Key).ShouldBe(
    [
        .. new[] { 1, 4, 6, 8, 12 }.Select(rows => $"Cluster.Ml/Numerics/Gemm/MicroKernel{rows}.cs"),
        .. new[] { 128, 256, 512 }.Select(bits => $"Cluster.Ml/Numerics/Simd/Lanes{bits}.cs"),
    ]);
}
