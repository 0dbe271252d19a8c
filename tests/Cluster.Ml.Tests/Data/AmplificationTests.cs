using System.Buffers.Binary;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Jobs;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Data;

/// <summary>A small file takes no more memory than it is allowed, whatever it states of itself.</summary>
public sealed class AmplificationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private RowStorage Small(long memory) => new() { Folder = Path.Combine(_folder.Path, "cache"), MemoryBytesMax = memory };

    [Fact]
    public void A_packed_file_that_states_enormous_images_is_refused_before_they_get_names()
    {
        byte[] header = new byte[16];
        foreach ((int at, int number) in new[] { (0, 0x803), (4, 1), (8, 1 << 15), (12, 1 << 15) }) BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(at), number);
        _folder.Write(SomeIdx.Images + ".gz", TemporaryFolder.Gzip([.. header, .. new byte[1 << 16]]));
        _folder.Write(SomeIdx.Labels, [0, 0, 8, 1, 0, 0, 0, 1, 0]);
        long before = GC.GetAllocatedBytesForCurrentThread();

        BadInputException error = Should.Throw<BadInputException>(() => PreparedData.Load(SomeIdx.Job(_folder.Path, "softmax"), NumberKind.Float32));

        error.Message.ShouldContain("images of at most 1048576 pixels, got 32768 x 32768");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(32 << 20);
    }

    [Fact]
    public void A_packed_table_of_more_columns_than_a_row_may_have_is_refused_while_it_is_read()
    {
        string table = _folder.Write("wide.csv.gz", TemporaryFolder.Gzip([.. Enumerable.Repeat((byte)',', 3 << 20)]));

        Should.Throw<BadInputException>(() => PreparedData.Load(DataJobs.Of(table, "softmax"), NumberKind.Float32)).Wanted.ShouldBe("at most 1048576 columns");
    }

    [Fact]
    public void A_packed_file_that_holds_more_than_it_states_goes_through_the_row_cache()
    {
        string rows = string.Concat(Enumerable.Range(0, 40_000).Select(i => $"{i % 10},{(i % 3 == 0 ? 'x' : 'y')}\n"));
        string plain = _folder.Write("plain.csv", "a,target\n" + rows + "1,x\n");
        byte[] first = TemporaryFolder.Gzip([.. "a,target\n"u8, .. System.Text.Encoding.ASCII.GetBytes(rows)]);
        string packed = _folder.Write("packed.csv.gz", [.. first, .. TemporaryFolder.Gzip([.. "1,x\n"u8])]);     // the end states 4 bytes

        PreparedData wanted = PreparedData.Load(DataJobs.Of(plain, "softmax"), NumberKind.Float32);
        PreparedData got = PreparedData.Load(DataJobs.Of(packed, "softmax"), NumberKind.Float32, Small(10_000));

        got.Sha256.ShouldBe(wanted.Sha256);
        Directory.GetFiles(Path.Combine(_folder.Path, "cache"), "*.rows", SearchOption.AllDirectories).Length.ShouldBe(1);
    }

    [Fact]
    public void A_text_obeys_the_limit_of_memory()
    {
        string text = _folder.Write("words.txt", string.Concat(Enumerable.Repeat("to be or not ", 1000)));
        JobSpec job = JobFile.Parse(
            $"data: {{ source: '{text}', unit: word }}\nmodel: {{ kind: language-model, cell: lstm, embedding: 4, units: 4, window: 4 }}\ntraining: {{ batch: 2, micro-batches: 2 }}", "test.yaml", "/");

        Should.Throw<BadInputException>(() => PreparedData.Load(job, NumberKind.Float32, Small(12_999))).Message.ShouldContain("at most 12999 bytes of data in memory, got 13000 or more; raise data-memory");
        PreparedData.Load(job, NumberKind.Float32, Small(13_000)).Training.Count.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Images_of_CIFAR_obey_the_limit_of_memory()
    {
        for (int batch = 1; batch <= 2; batch++)
            _folder.Write($"data_batch_{batch}.bin", [.. Enumerable.Range(0, 40 * 3073).Select(i => i % 3073 == 0 ? (byte)(i / 3073 % 10) : unchecked((byte)(i * batch)))]);
        JobSpec job = JobFile.Parse($"data: {{ source: '{_folder.Path}', split: {{ train: 1 }} }}\nmodel: {{ kind: softmax }}", "test.yaml", "/");

        PreparedData memory = PreparedData.Load(job, NumberKind.Float32, Small(1 << 20)), mapped = PreparedData.Load(job, NumberKind.Float32, Small(100_000));

        mapped.Sha256.ShouldBe(memory.Sha256);
        Directory.GetFiles(Path.Combine(_folder.Path, "cache"), "*.rows", SearchOption.AllDirectories).Length.ShouldBe(1);
    }
}
