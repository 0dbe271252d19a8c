using Cluster.Messages.Wire;

namespace Cluster.Messages.Tests.Wire;

public class FuzzTests
{
    private const int Inputs = 100_000;

    // What reading may allocate: an exception with its text, and objects in proportion to the bytes that stand for them.
    private const long AllocatedBytesMin = 64 * 1024;
    private const long AllocatedPerByte = 64;

    [Fact]
    public void Rubbish_is_refused_with_one_exception_and_little_memory()
    {
        var actors = new FakeActors();
        var format = new WireFormat(MessageCodecs.ForMessages(), new NoActors(actors["akka://x/user/y"]));
        var writer = new WireFormat(MessageCodecs.ForMessages(), actors);
        int refused = 0, read = 0;
        object[] messages = Messages(actors);
        for (int input = 0; input < Inputs; input++)
        {
            object message = messages[input % messages.Length];
            byte[] bytes = Spoil(writer.Write(message), new Random((ulong)input));
            string manifest = writer.Manifest(message);

            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                format.Read(bytes, manifest);
                read++;
            }
            catch (MalformedMessageException)
            {
                refused++;
            }
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated > AllocatedBytesMin + (AllocatedPerByte * bytes.Length))
                Assert.Fail($"input {input}, {manifest}: {allocated} bytes allocated to read {bytes.Length}");
        }
        refused.ShouldBeGreaterThan(Inputs / 3);
        read.ShouldBeGreaterThan(Inputs / 100);
    }

    [Fact]
    public void What_can_be_read_would_have_been_written_so()
    {
        var actors = new FakeActors();
        var format = new WireFormat(MessageCodecs.ForMessages(), actors);
        int read = 0;
        object[] messages = Messages(actors);
        for (int input = 0; input < Inputs; input++)
        {
            object message = messages[input % messages.Length];
            byte[] bytes = Spoil(format.Write(message), new Random((ulong)input));
            object again;
            try
            {
                again = format.Read(bytes, format.Manifest(message));
            }
            catch (MalformedMessageException)
            {
                continue;
            }
            read++;
            if (!format.Write(again).AsSpan().SequenceEqual(bytes)) Assert.Fail($"input {input}, {message.GetType().Name}: read, but not what is written");
        }
        read.ShouldBeGreaterThan(Inputs / 100);
    }

    [Theory]
    [InlineData("")]
    [InlineData("XX9")]
    [InlineData("a manifest that is much longer than any manifest may be")]
    public void An_unknown_manifest_is_refused(string manifest)
    {
        var format = new WireFormat(MessageCodecs.ForMessages(), new FakeActors());

        Should.Throw<MalformedMessageException>(() => format.Read(new byte[8], manifest)).Field.ShouldBe("manifest");
    }

    [Fact]
    public void The_error_says_where_and_what()
    {
        var format = new WireFormat(MessageCodecs.ForMessages(), new FakeActors());
        byte[] bytes = format.Write(Some.PublishState([1, 2]));

        var cut = Should.Throw<MalformedMessageException>(() => format.Read(bytes.AsMemory(0, bytes.Length - 3), "PS4"));
        var longer = Should.Throw<MalformedMessageException>(() => format.Read(new byte[300 * 1024], "PS4"));

        cut.Message.ShouldStartWith("PublishState.State, byte 45: wanted 8 × 1 bytes, got 5 left");
        longer.Message.ShouldContain("wanted at most 49152 bytes, got 307200");
    }

    /// <summary>Fifty of each type.</summary>
    private static object[] Messages(FakeActors actors) => Enumerable.Range(0, 50)
        .SelectMany(seed => MessageTypes.All.Select(type => new MessageMaker(new Random((ulong)seed), actors).Make(type))).ToArray();

    private static byte[] Spoil(byte[] bytes, Random random)
    {
        switch (random.Below(6))
        {
            case 0:
                return bytes[..random.Below(bytes.Length + 1)];
            case 1:
                return random.Bytes(random.Below(200));
            case 2:
                return [.. bytes, .. random.Bytes(1 + random.Below(8))];
            case 3 when bytes.Length > 0:
                for (int i = 1 + random.Below(4); i > 0; i--) bytes[random.Below(bytes.Length)] = random.Pick<byte>(0, 1, 0x7F, 0x80, 0xFF);
                return bytes;
            case 4 when bytes.Length > 0:
                // The head holds the lengths and counts: that is where damage does most.
                bytes[random.Below(Math.Min(bytes.Length, 128))] ^= (byte)(1 << random.Below(8));
                return bytes;
            default:
                int from = random.Below(bytes.Length + 1);
                int to = from + random.Below(bytes.Length - from + 1);
                return [.. bytes[..from], .. bytes[to..]];
        }
    }

    /// <summary>Resolves without remembering, so that only the reader's own memory is counted.</summary>
    private sealed class NoActors(IActorRef nobody) : IActorPaths
    {
        public string PathOf(IActorRef actor) => throw new NotSupportedException();

        public IActorRef Resolve(string path) => nobody;
    }
}
