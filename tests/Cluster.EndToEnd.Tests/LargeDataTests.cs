using System.Buffers.Binary;
using System.Globalization;

namespace Cluster.EndToEnd.Tests;

/// <summary>Data that the process's memory could not hold is trained on all the same, with the model of a process that could.</summary>
public sealed class LargeDataTests : IDisposable
{
    private const int MemoryLimit = 64 << 20;      // what the runtime may allocate, all in all
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Images_larger_than_the_memory()
    {
        const int images = 240_000, side = 28;
        WriteIdx("large-images-idx3-ubyte", 3, [images, side, side], i => (byte)((i ^ (i >> 9)) & 255));
        WriteIdx("large-labels-idx1-ubyte", 1, [images], i => (byte)(i % 3));
        return ShouldNotNeedTheMemoryAsync((long)images * side * side, "{ source: large-images-idx3-ubyte, format: idx, scale: unit255 }");
    }

    [Fact]
    public Task A_table_larger_than_the_memory()
    {
        const int rows = 500_000, columns = 40;
        using (StreamWriter file = new(_folder["large.csv"]))
        {
            file.WriteLine(string.Join(',', Enumerable.Range(0, columns).Select(column => $"x{column}")) + ",target");
            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < columns; column++)
                {
                    file.Write((row + (column * column)) % 10);
                    file.Write(',');
                }
                file.WriteLine(row % 3 == 0 ? "yes" : "no");
            }
        }
        return ShouldNotNeedTheMemoryAsync((long)rows * columns * sizeof(float), "{ source: large.csv, target: target, scale: minmax }");
    }

    private async Task ShouldNotNeedTheMemoryAsync(long bytes, string data)
    {
        bytes.ShouldBeGreaterThan(MemoryLimit);
        await File.WriteAllTextAsync(_folder["job.yaml"], $$"""
            name: large
            data: {{data}}
            model: { kind: softmax }
            training: { epochs: 1, batch: 1024, optimizer: { sgd: { rate: 0.1 } } }
            """);

        ClusterProcess.Finished unlimited = await TrainAsync("unlimited", "2GiB", memoryLimit: null);
        ClusterProcess.Finished limited = await TrainAsync("limited", "0", MemoryLimit);

        limited.ModelSha256.ShouldBe(unlimited.ModelSha256);
    }

    private Task<ClusterProcess.Finished> TrainAsync(string run, string inMemory, int? memoryLimit) => ClusterProcess.RunAsync(
        ["train", _folder["job.yaml"], "--workers", "2", "--out", _folder[run], "--data-cache", _folder["cache"], "--data-memory", inMemory, "--json"],
        memoryLimit is { } limit ? new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = limit.ToString("X", CultureInfo.InvariantCulture) } : null);

    private void WriteIdx(string name, byte dimensions, int[] lengths, Func<int, byte> at)
    {
        using FileStream file = File.Create(_folder[name]);
        file.Write([0, 0, 8, dimensions]);
        byte[] length = new byte[sizeof(int)];
        foreach (int each in lengths)
        {
            BinaryPrimitives.WriteInt32BigEndian(length, each);
            file.Write(length);
        }
        byte[] row = new byte[lengths.Aggregate((product, each) => product * each) / lengths[0]];
        for (int i = 0, number = 0; i < lengths[0]; i++)
        {
            for (int j = 0; j < row.Length; j++) row[j] = at(number++);
            file.Write(row);
        }
    }
}
