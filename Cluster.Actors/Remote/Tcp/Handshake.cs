using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.Serialization;
using System.Security.Cryptography;
using Cluster.Actors.Serialization;

namespace Cluster.Actors;

// connecting ── hello: magic, version, whether it has a key, nonce ──▶ listening
// connecting ◀── hello: whether it has a key, nonce | refusal: its version ── listening
// connecting ── introduction: lane, who it is, whom it wants; proof ──▶ listening
// connecting ◀── verdict: taken or refused, its uid, the reason; proof ── listening
//
// A proof is HMAC-SHA256 under the shared key over the role and every byte of the conversation so far, nonces and both names
// included: it is worth nothing in another conversation, in the other direction, or for another node. The listening side names
// nothing of itself before it has seen the other's proof.

/// <summary>Which of a node's two connections to another: control messages never wait behind bulk.</summary>
internal enum Lane : byte
{
    Control = 1,
    Ordinary = 2,
}

/// <summary>Who introduces itself at the beginning of a connection, to whom, and for what.</summary>
internal sealed record Introduction(UniqueAddress From, Address To, Lane Lane);

/// <summary>The other side is there, and will not talk: another protocol, cluster or key.</summary>
internal sealed class RefusedException(string reason) : IOException(reason);

/// <summary>How two nodes that have just been connected come to trust each other. Each side has at most 1 KiB to say before.</summary>
internal sealed class Handshake(Stream stream, ReadOnlyMemory<byte> sharedKey)
{
    /// <summary>Changes whenever nodes of two builds could not understand each other.</summary>
    public const ushort ProtocolVersion = 1;

    private const int BlockBytesMax = 1024;
    private const int NonceBytes = 32;
    private const int ProofBytes = 32;
    private const int HelloBytes = 8 + sizeof(ushort) + 1 + NonceBytes;
    private readonly ArrayBufferWriter<byte> _transcript = new();

    private static ReadOnlySpan<byte> Magic => "CLUSTER\n"u8;

    private bool HasKey => !sharedKey.IsEmpty;

    /// <summary>The connecting side.</summary>
    /// <returns>Which life of the other node it is.</returns>
    /// <exception cref="RefusedException">The other side is not, or does not want, whom it should.</exception>
    /// <exception cref="IOException">The connection ended, or what came is no handshake.</exception>
    public async Task<int> ConnectAsync(Introduction introduction, CancellationToken cancelled)
    {
        await SendAsync(Hello(), cancelled).ConfigureAwait(false);
        ReadAnswer((await ReceiveAsync(cancelled).ConfigureAwait(false)).Span);

        ArrayBufferWriter<byte> body = new();
        EngineWriter writer = new(body, null);
        writer.Byte((byte)introduction.Lane);
        writer.Node(introduction.From, nameof(introduction.From));
        writer.Address(introduction.To, nameof(introduction.To));
        await SendAsync(WithProof(body, "connecting"), cancelled).ConfigureAwait(false);

        ReadOnlyMemory<byte> verdict = await ReceiveAsync(cancelled, ProofBytes).ConfigureAwait(false);
        bool proved = IsProof(verdict[^ProofBytes..].Span, "listening");
        EngineReader reader = new(verdict[..^ProofBytes], "verdict", null);
        (bool taken, int uid, string reason) = (reader.Boolean("taken"), reader.Int32("uid"), reader.Reason());
        if (!taken) throw new RefusedException($"{reason}{(proved ? "" : " (it has not proved who it is)")}");
        return proved ? uid : throw new RefusedException("the other side has not proved that it knows the shared key");
    }

    /// <summary>The listening side. Returns only when the other has proved itself and is wanted; else it has been told no.</summary>
    /// <param name="self">Who listens.</param>
    /// <param name="cancelled">When to give up.</param>
    /// <exception cref="RefusedException">The other side is not whom it should be.</exception>
    /// <exception cref="IOException">The connection ended, or what came is no handshake.</exception>
    public async Task<Introduction> AcceptAsync(UniqueAddress self, CancellationToken cancelled)
    {
        ReadOnlyMemory<byte> hello = await ReceiveAsync(cancelled).ConfigureAwait(false);
        if (FindFault(hello.Span) is { } fault)
        {
            await SendAsync(Refusal(fault), cancelled).ConfigureAwait(false);
            throw new RefusedException(fault);
        }

        await SendAsync(Answer(), cancelled).ConfigureAwait(false);
        ReadOnlyMemory<byte> block = await ReceiveAsync(cancelled, ProofBytes).ConfigureAwait(false);
        if (!IsProof(block[^ProofBytes..].Span, "connecting"))
        {
            const string Unproved = "wanted a proof of the shared key, got none that holds; give both nodes the same key";
            await SendAsync(Verdict(taken: false, 0, Unproved, prove: false), cancelled).ConfigureAwait(false);
            throw new RefusedException(Unproved);
        }

        Extend(block[^ProofBytes..].Span);
        Introduction introduction = Read(block[..^ProofBytes]);
        string? refusal = FindFault(introduction, self);
        await SendAsync(Verdict(refusal is null, self.Uid, refusal ?? "", prove: true), cancelled).ConfigureAwait(false);
        return refusal is null ? introduction : throw new RefusedException(refusal);
    }

    private static Introduction Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            EngineReader reader = new(body, nameof(Introduction), null);
            byte lane = reader.Byte(nameof(Lane));
            if (lane is not ((byte)Lane.Control or (byte)Lane.Ordinary)) throw reader.Fault(nameof(Lane), "1 or 2", lane);
            Introduction introduction = new(reader.Node(nameof(Introduction.From)), reader.Address(nameof(Introduction.To)), (Lane)lane);
            reader.End();
            return introduction;
        }
        catch (SerializationException fault)
        {
            throw new MalformedFrameException(fault.Message);
        }
    }

    private static string? FindFault(Introduction introduction, UniqueAddress self)
    {
        if (introduction.From.Address.System != self.Address.System)
            return $"wanted a node of the cluster '{self.Address.System}', got one of '{introduction.From.Address.System}'; name the same cluster on both";
        return introduction.To == self.Address
            ? null
            : $"wanted a connection to {self.Address}, got one to {introduction.To}; name the node as it names itself";
    }

    private string? FindFault(ReadOnlySpan<byte> hello)
    {
        if (hello.Length < Magic.Length + sizeof(ushort) || !hello.StartsWith(Magic)) throw new MalformedFrameException("wanted a node's hello, got other bytes");
        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(hello[Magic.Length..]);
        if (version != ProtocolVersion) return $"wanted protocol version {ProtocolVersion}, got {version}; run the same build on all nodes";
        if (hello.Length != HelloBytes) throw new MalformedFrameException($"wanted a hello of {HelloBytes} bytes, got {hello.Length}");
        return hello[Magic.Length + sizeof(ushort)] == (HasKey ? 1 : 0) ? null : KeyFault(HasKey);
    }

    private static string KeyFault(bool here) =>
        here ? "wanted a node with the shared key, got one without; give it the key" : "wanted a node without a shared key, got one with; give both the same";

    private byte[] Hello()
    {
        byte[] hello = new byte[HelloBytes];
        Magic.CopyTo(hello);
        BinaryPrimitives.WriteUInt16LittleEndian(hello.AsSpan(Magic.Length), ProtocolVersion);
        hello[Magic.Length + sizeof(ushort)] = HasKey ? (byte)1 : (byte)0;
        RandomNumberGenerator.Fill(hello.AsSpan(HelloBytes - NonceBytes));
        Extend(hello);
        return hello;
    }

    private byte[] Answer()
    {
        byte[] answer = new byte[2 + NonceBytes];
        answer[0] = 1;
        answer[1] = HasKey ? (byte)1 : (byte)0;
        RandomNumberGenerator.Fill(answer.AsSpan(2));
        Extend(answer);
        return answer;
    }

    private static byte[] Refusal(string reason)
    {
        ArrayBufferWriter<byte> body = new();
        EngineWriter writer = new(body, null);
        writer.Byte(0);
        writer.Reason(reason);
        return body.WrittenSpan.ToArray();
    }

    private void ReadAnswer(ReadOnlySpan<byte> answer)
    {
        if (answer.Length > 0 && answer[0] == 0)
            throw new RefusedException(new EngineReader(answer[1..].ToArray(), "refusal", null).Reason());
        if (answer.Length != 2 + NonceBytes || answer[0] != 1) throw new MalformedFrameException("wanted a node's answer to a hello, got other bytes");
        if (answer[1] != (HasKey ? 1 : 0)) throw new RefusedException(KeyFault(HasKey));
    }

    private byte[] Verdict(bool taken, int uid, string reason, bool prove)
    {
        ArrayBufferWriter<byte> body = new();
        EngineWriter writer = new(body, null);
        writer.Boolean(taken);
        writer.Int32(uid);
        writer.Reason(reason);
        return prove ? WithProof(body, "listening") : [.. body.WrittenSpan, .. new byte[ProofBytes]];
    }

    private byte[] WithProof(ArrayBufferWriter<byte> body, string role)
    {
        Extend(body.WrittenSpan);
        byte[] proof = Proof(role);
        Extend(proof);
        body.Write(proof);
        return body.WrittenSpan.ToArray();
    }

    private bool IsProof(ReadOnlySpan<byte> proof, string role) => CryptographicOperations.FixedTimeEquals(proof, Proof(role));

    /// <summary>Zeros where there is no key.</summary>
    private byte[] Proof(string role)
    {
        if (!HasKey) return new byte[ProofBytes];
        using IncrementalHash hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, sharedKey.Span);
        hash.AppendData(System.Text.Encoding.ASCII.GetBytes(role));
        hash.AppendData(_transcript.WrittenSpan);
        return hash.GetHashAndReset();
    }

    private void Extend(ReadOnlySpan<byte> bytes) => _transcript.Write(bytes);

    private async Task SendAsync(byte[] block, CancellationToken cancelled)
    {
        byte[] framed = new byte[sizeof(ushort) + block.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(framed, (ushort)block.Length);
        block.CopyTo(framed, sizeof(ushort));
        await stream.WriteAsync(framed, cancelled).ConfigureAwait(false);
        await stream.FlushAsync(cancelled).ConfigureAwait(false);
    }

    /// <summary>Takes one block; what comes before its proof belongs to the transcript.</summary>
    private async Task<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken cancelled, int proofBytes = 0)
    {
        byte[] length = new byte[sizeof(ushort)];
        await stream.ReadExactlyAsync(length, cancelled).ConfigureAwait(false);
        int bytes = BinaryPrimitives.ReadUInt16LittleEndian(length);
        if (bytes > BlockBytesMax || bytes < proofBytes) throw new MalformedFrameException($"wanted {proofBytes} to {BlockBytesMax} bytes of handshake, got {bytes}");
        byte[] block = new byte[bytes];
        await stream.ReadExactlyAsync(block, cancelled).ConfigureAwait(false);
        Extend(block.AsSpan(0, bytes - proofBytes));
        return block;
    }
}
