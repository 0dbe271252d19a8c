using System.Text;
using Cluster.Actors.Serialization;

namespace Cluster.Actors;

/// <summary>What a frame says before its message.</summary>
internal readonly record struct FrameHeader(int Serializer, string Manifest, ActorPath Recipient, IActorRef? Sender);

/// <summary>Reads the headers of one connection's frames; remembers the texts that come again, since most do.</summary>
/// <param name="node">Who receives.</param>
/// <param name="from">The node at the other end.</param>
internal sealed class FrameHeaders(INodeEndpoint node, Address from)
{
    private readonly TextCache<string> _manifests = new(text => text);
    private readonly TextCache<ActorPath> _recipients = new(text => Parse(text, node.Address));
    private readonly TextCache<IActorRef> _senders = new(text => node.Serialization.System.Provider.ResolveActorRef(Parse(text, from)));

    /// <exception cref="MalformedFrameException">The bytes are no header.</exception>
    public FrameHeader Read(ReadOnlySpan<byte> header)
    {
        int serializer = ReadCount(ref header, int.MaxValue);
        string manifest = _manifests.Get(ReadText(ref header, EngineLimits.NameBytesMax));
        ActorPath recipient = _recipients.Get(ReadText(ref header, EngineLimits.PathBytesMax));
        ReadOnlySpan<byte> sender = ReadText(ref header, EngineLimits.PathBytesMax);
        if (header.Length > 0) throw new MalformedFrameException($"wanted the end of the header, got {header.Length} bytes more");
        return new FrameHeader(serializer, manifest, recipient, sender.Length == 0 ? null : _senders.Get(sender));
    }

    private static ActorPath Parse(string text, Address home) =>
        ActorPath.TryParse(text.StartsWith('/') ? home + text : text, out ActorPath? path)
            ? path
            : throw new MalformedFrameException("wanted an actor's path, got other text");

    private static int ReadCount(ref ReadOnlySpan<byte> bytes, int countMax)
    {
        ulong count = 0;
        for (int i = 0; i < bytes.Length && i < 5; i++)
        {
            count |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] >= 0x80) continue;
            bytes = bytes[(i + 1)..];
            return count <= (ulong)countMax ? (int)count : throw new MalformedFrameException($"wanted a number of at most {countMax}, got {count}");
        }

        throw new MalformedFrameException("wanted a number, got none");
    }

    private static ReadOnlySpan<byte> ReadText(ref ReadOnlySpan<byte> bytes, int bytesMax)
    {
        int length = ReadCount(ref bytes, bytesMax);
        if (length > bytes.Length) throw new MalformedFrameException($"wanted a text of {length} bytes, got {bytes.Length}");
        ReadOnlySpan<byte> text = bytes[..length];
        bytes = bytes[length..];
        return text;
    }

    /// <summary>What texts stand for. Bounded: when it is full it begins anew.</summary>
    private sealed class TextCache<T>(Func<string, T> make)
    {
        private const int EntriesMax = 1024;
        private readonly Dictionary<string, T> _known = new(StringComparer.Ordinal);

        public T Get(ReadOnlySpan<byte> utf8)
        {
            Span<char> text = stackalloc char[EngineLimits.PathBytesMax];
            text = text[..Encoding.UTF8.GetChars(utf8, text)];
            if (_known.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out T? value)) return value;
            if (_known.Count >= EntriesMax) _known.Clear();
            string key = text.ToString();
            value = make(key);
            // The path of a question's answer is used once.
            if (!key.StartsWith("/temp/", StringComparison.Ordinal)) _known[key] = value;
            return value;
        }
    }
}
