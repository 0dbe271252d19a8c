using System.Text;
using Cluster.Ml.Export;

namespace Cluster.Messages.Node;

/// <summary>
/// The addresses of a node's fellow members, one a line, in a file that outlives the node: by them it finds its cluster again
/// when it is restarted, whichever seeds are there.
/// </summary>
/// <param name="path">The file.</param>
/// <remarks>A line that is no address is passed over: what is lost of the file are addresses to try, never the node.</remarks>
public sealed class MemberFile(string path)
{
    /// <summary>More members no cluster takes.</summary>
    private const int AddressesMax = 256;

    private const int LineCharactersMax = 300;

    /// <summary>Where it is.</summary>
    public string FullPath { get; } = Path.GetFullPath(path);

    /// <summary>The addresses that were kept last; none if there is no file yet. The folder is made, so that what is wrong with it is told at the start.</summary>
    /// <exception cref="IOException">The folder cannot be made, or the file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Neither is allowed.</exception>
    public ImmutableArray<NodeAddress> Read()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FullPath)!);
        if (!File.Exists(FullPath)) return [];
        ImmutableArray<NodeAddress>.Builder addresses = ImmutableArray.CreateBuilder<NodeAddress>();
        foreach (string line in File.ReadLines(FullPath).Take(AddressesMax))
            if (line.Length <= LineCharactersMax && NodeAddress.TryParse(line.Trim(), out NodeAddress address) && address.Port > 0) addresses.Add(address);
        return addresses.ToImmutable();
    }

    /// <summary>Keeps these addresses in the place of those before; a reader meanwhile sees the one or the other.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void Write(IEnumerable<NodeAddress> addresses)
    {
        byte[] lines = Encoding.UTF8.GetBytes(string.Concat(addresses.Take(AddressesMax).Select(address => $"{address}\n")));
        AtomicFile.Write(FullPath, file => file.Write(lines));
    }
}
