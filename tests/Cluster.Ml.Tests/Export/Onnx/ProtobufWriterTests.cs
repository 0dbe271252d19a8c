using Cluster.Ml.Export.Onnx;

namespace Cluster.Ml.Tests.Export.Onnx;

public sealed class ProtobufWriterTests
{
    // The three examples of "Encoding" in the documentation of Protocol Buffers, and a negative number, which takes ten bytes.
    [Fact]
    public void Fields_have_the_bytes_of_the_documentation()
    {
        ProtobufWriter whole = new(), text = new(), outer = new(), negative = new(), single = new();
        whole.Whole(1, 150);
        text.Text(2, "testing");
        outer.Message(3, whole);
        negative.Whole(1, -2);
        single.Float(2, 1);

        Hex(whole).ShouldBe("089601");
        Hex(text).ShouldBe("120774657374696e67");
        Hex(outer).ShouldBe("1a03089601");
        Hex(negative).ShouldBe("08feffffffffffffffff01");
        Hex(single).ShouldBe("150000803f");
    }

    [Fact]
    public void A_field_above_15_has_a_key_of_two_bytes()
    {
        ProtobufWriter writer = new();
        writer.Whole(20, 6);

        Hex(writer).ShouldBe("a00106");
    }

    private static string Hex(ProtobufWriter writer) => Convert.ToHexStringLower(writer.Written.Span);
}
