using Cluster.Ml.Data.Caching;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Tests.Data.Caching;

public sealed class FileWindowTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Whatever_is_looked_at_in_whatever_order_is_what_the_file_has()
    {
        byte[] bytes = [.. Enumerable.Range(0, 3 * FileWindow.BytesMax).Select(i => (byte)(((i * 79) >> 3) & 0xFF))];
        using FileStream file = File.OpenRead(_folder.Write("file", bytes));
        FileWindow window = new(file.SafeFileHandle);
        RandomStream order = RandomStream.At(1, RandomPurpose.Split);

        for (int i = 0; i < 2000; i++)
        {
            int length = 1 + order.Next(i % 50 == 0 ? 2 * FileWindow.BytesMax : 500), offset = i % 3 == 0 ? order.Next(bytes.Length - length) : Math.Min(i * 300, bytes.Length - length);
            window.At(offset, length).SequenceEqual(bytes.AsSpan(offset, length)).ShouldBeTrue($"{length} bytes at {offset}");
        }
    }

    [Fact]
    public void A_file_that_ends_too_soon_is_an_error()
    {
        using FileStream file = File.OpenRead(_folder.Write("file", new byte[100]));
        FileWindow window = new(file.SafeFileHandle);

        Should.Throw<IOException>(() => { window.At(90, 20); });
    }
}
