using System.Buffers;
using System.IO.Pipelines;

namespace Cluster.Actors;

/// <summary>What another node says on one of its connections: frames, taken in order until it ends.</summary>
internal sealed class InboundConnection(TcpNode node, TrustedConnection connection)
{
    private const int BufferBytes = 64 * 1024;
    private readonly CancellationTokenSource _ended = CancellationTokenSource.CreateLinkedTokenSource(node.Stopping);
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FrameHeaders _headers = new(node.Endpoint, connection.Introduction.From.Address);

    public Introduction Introduction => connection.Introduction;

    /// <summary>Completes when nothing more is delivered.</summary>
    public Task Completion => _completed.Task;

    public void End()
    {
        try
        {
            _ended.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    /// <summary>Takes frames until the connection ends; it ends where something else than a frame comes.</summary>
    public async Task RunAsync()
    {
        using CancellationTokenRegistration closing = _ended.Token.UnsafeRegister(static stream => ((Stream)stream!).Dispose(), connection.Stream);
        PipeReader reader = PipeReader.Create(connection.Stream, new StreamPipeReaderOptions(bufferSize: BufferBytes, minimumReadSize: BufferBytes / 4, leaveOpen: true, useZeroByteReads: true));
        try
        {
            while (await TakeFrame(reader).ConfigureAwait(false))
            {
            }
        }
        catch (MalformedFrameException fault)
        {
            if (node.Counters.CountMalformed()) node.Log.Warning("{0}: {1}; its connection is closed ({2} so far)", Introduction.From, fault.Message, node.Counters.Malformed);
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The other side closed it, or this node ends; the other side connects again when it has something to say.
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
            connection.Dispose();
            _ended.Dispose();
            _completed.TrySetResult();
        }
    }

    /// <summary>Takes one frame, or as many as are there; false at the end.</summary>
    private async ValueTask<bool> TakeFrame(PipeReader reader)
    {
        ReadResult read = await reader.ReadAsync(_ended.Token).ConfigureAwait(false);
        ReadOnlySequence<byte> buffer = read.Buffer;
        while (TryReadHeader(ref buffer, out FrameHeader header, out int messageBytes))
        {
            byte[] message = BufferFor(messageBytes);
            int there = (int)Math.Min(buffer.Length, messageBytes);
            buffer.Slice(0, there).CopyTo(message);
            buffer = buffer.Slice(there);
            if (there < messageBytes)
            {
                // The rest of a long message goes straight to where it will stay.
                reader.AdvanceTo(buffer.End);
                await connection.Stream.ReadExactlyAsync(message.AsMemory(there, messageBytes - there), _ended.Token).ConfigureAwait(false);
                Deliver(header, message, messageBytes);
                return true;
            }

            Deliver(header, message, messageBytes);
        }

        bool more = !read.IsCompleted;
        reader.AdvanceTo(buffer.Start, buffer.End);
        return more;
    }

    /// <summary>Reads what comes before a message; the message's own bytes follow in the buffer, or are on their way.</summary>
    private bool TryReadHeader(ref ReadOnlySequence<byte> buffer, out FrameHeader header, out int messageBytes)
    {
        (header, messageBytes) = (default, 0);
        if (buffer.Length < FrameFormat.PrefixBytes) return false;
        Span<byte> prefix = stackalloc byte[FrameFormat.PrefixBytes];
        buffer.Slice(0, FrameFormat.PrefixBytes).CopyTo(prefix);
        (messageBytes, int headerBytes) = FrameFormat.ReadPrefix(prefix);
        if (buffer.Length < FrameFormat.PrefixBytes + headerBytes) return false;
        Span<byte> bytes = stackalloc byte[headerBytes];
        buffer.Slice(FrameFormat.PrefixBytes, headerBytes).CopyTo(bytes);
        header = _headers.Read(bytes);
        buffer = buffer.Slice(FrameFormat.PrefixBytes + headerBytes);
        return true;
    }

    // The bytes belong to the message, whose blocks an actor may keep for as long as it likes; those of long messages can be given back.
    private static byte[] BufferFor(int bytes) => bytes == 0 ? [] : LongBuffers.Fits(bytes) ? LongBuffers.Rent() : GC.AllocateUninitializedArray<byte>(bytes);

    private void Deliver(FrameHeader header, byte[] buffer, int length)
    {
        object message;
        try
        {
            ReadOnlyMemory<byte> bytes = LongBuffers.Fits(length) ? new ReceivedBytes(buffer, length).Memory : buffer;
            message = node.Endpoint.Serialization.Read(bytes, header.Serializer, header.Manifest, depth: 0);
        }
#pragma warning disable CA1031 // Whatever a serializer makes of bad bytes costs that one message, never the node.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            if (node.Counters.CountMalformed()) node.Log.Warning("{0} sent a message that cannot be read: {1} ({2} so far)", Introduction.From, fault.Message, node.Counters.Malformed);
            return;
        }

        node.Counters.CountReceived();
        Address from = Introduction.From.Address;
        node.Endpoint.Receive(new NodeEnvelope(from, Introduction.From.Uid, node.Endpoint.Address, header.Recipient, header.Sender, message));
    }
}
